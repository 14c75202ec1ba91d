import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { telegramApi } from '../../../lib/adapters/telegram/api.ts'
import { AppError } from '../../../lib/app/error.ts'
import {
  json,
  rememberingLog,
  type Script,
  scriptedProvider,
} from '../../support/scripted-provider.ts'

const TOKEN = '12345:token-of-a-test'
const MAX_BYTES = 1_000
const NEVER = new AbortController().signal

function file(fields: object): Script {
  return json({ ok: true, result: { file_id: 'f', file_unique_id: 'u', ...fields } })
}

const VOICE = file({ file_path: 'voice/file_1.oga', file_size: 10 })
const bytes: Script = (response) => response.writeHead(200).end('OggS voice')
const NOT_FOUND = json({ ok: false, error_code: 404, description: 'Not Found' }, 404)
const EXPIRED_PATH: Script = (response) => response.writeHead(400).end()
const breakOff: Script = (response) =>
  response.writeHead(200, { 'content-length': 99 }).write('OggS', () => response.destroy())

function refusedFile(because: string): Script {
  return json({ ok: false, error_code: 400, description: `Bad Request: ${because}` }, 400)
}

function* zeros() {
  for (;;) yield Buffer.alloc(600)
}

/** Downloads from a server that answers as scripted: what came of it, and the paths asked for. */
async function download(scripts: Script[], signal = NEVER) {
  await using server = await scriptedProvider(...scripts)
  const apiRoot = new URL(server.endpoint.baseUrl).origin
  const log = rememberingLog()
  const telegram = telegramApi({ apiRoot, token: TOKEN }, { log, sleep: async () => {} })
  const result = await telegram.download('f', MAX_BYTES, signal).then(
    (download) => download,
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('token-of-a-test')
      return error
    },
  )
  return { result, paths: server.received.map(({ path }) => path.replace(`bot${TOKEN}`, 'bot')) }
}

test('a voice note is fetched from below the bot’s own files', async () => {
  const { result, paths } = await download([VOICE, bytes])
  expect(result).toEqual({ kind: 'downloaded', bytes: new TextEncoder().encode('OggS voice') })
  expect(paths).toEqual(['/bot/getFile', '/file/bot/voice/file_1.oga'])
})

describe('a voice note that is too big', () => {
  test('a voice note whose declared size is too big is not fetched', async () => {
    const { result, paths } = await download([
      file({ file_path: 'voice/file_1.oga', file_size: MAX_BYTES + 1 }),
      bytes,
    ])
    expect(result).toEqual({ kind: 'voice-too-big' })
    expect(paths).toEqual(['/bot/getFile'])
  })

  test('a voice note that Telegram calls too big is too big', async () => {
    const { result } = await download([
      json({ ok: false, error_code: 400, description: 'Bad Request: file is too big' }, 400),
    ])
    expect(result).toEqual({ kind: 'voice-too-big' })
  })

  test('a voice note longer than declared is broken off at the limit', async () => {
    const closeStart = Promise.withResolvers<void>()
    const endless: Script = (response) => {
      response.writeHead(200).on('close', closeStart.resolve)
      Readable.from(zeros()).pipe(response)
    }
    const { result, paths } = await download([VOICE, endless])
    expect(result).toEqual({ kind: 'voice-too-big' })
    await closeStart.promise
    expect(paths).toHaveLength(2)
  })

  test('a voice note one byte over the limit is too big', async () => {
    const unknownSize = file({ file_path: 'voice/file_1.oga' })
    const ofLength =
      (length: number): Script =>
      (response) =>
        response.writeHead(200).end(Buffer.alloc(length))
    expect((await download([unknownSize, ofLength(MAX_BYTES)])).result).toMatchObject({
      kind: 'downloaded',
    })
    expect((await download([unknownSize, ofLength(MAX_BYTES + 1)])).result).toEqual({
      kind: 'voice-too-big',
    })
  })
})

describe('a voice note that Telegram no longer has', () => {
  test.each<[string, Script[]]>([
    [
      'by its id',
      [
        json(
          {
            ok: false,
            error_code: 400,
            description: 'Bad Request: wrong file_id or the file is temporarily unavailable',
          },
          400,
        ),
      ],
    ],
    [
      'by its id of another bot',
      [json({ ok: false, error_code: 400, description: 'Bad Request: invalid file_id' }, 400)],
    ],
    ['by a reference that has expired', [refusedFile('FILE_REFERENCE_EXPIRED')]],
    ['by a reference to nothing', [refusedFile('FILE_REFERENCE_INVALID')]],
    ['at its data centre', [refusedFile('LOCATION_INVALID')]],
    ['by any path', [file({}), file({})]],
    ['at its path, nor at a new one', [VOICE, NOT_FOUND, VOICE, NOT_FOUND]],
    ['since it lasted an hour', [VOICE, EXPIRED_PATH, VOICE, EXPIRED_PATH]],
  ])('a voice note that Telegram no longer has, %s, has expired', async (_, scripts) => {
    const { result } = await download(scripts)
    expect(result).toEqual({ kind: 'voice-expired' })
  })
})

describe('a download that fails', () => {
  test.each<[string, Script]>([
    ['with 500', (response) => response.writeHead(500).end('no')],
    ['with 502', (response) => response.writeHead(502).end('<html>')],
    ['halfway', breakOff],
    ['at once', (response) => response.destroy()],
    ['unnoticed, cut short', (response) => response.writeHead(200).end('OggS')],
    ['with more than the file', (response) => response.writeHead(200).end('OggS voice and more')],
    ['with nothing', (response) => response.writeHead(200).end()],
    ['with a page', (response) => response.writeHead(200).end('<html>Wi')],
    [
      'with a page of the same length',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype>'),
    ],
    [
      'with words',
      (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('try again!'),
    ],
  ])('a download that fails %s is begun again', async (_, failure) => {
    const { result, paths } = await download([VOICE, failure, failure, bytes])
    expect(result).toMatchObject({ kind: 'downloaded' })
    expect(paths).toHaveLength(4)
  })

  test('a download that is always cut short is no damaged recording', async () => {
    const cutFile: Script = (response) => response.writeHead(200).end('OggS')
    const { result } = await download([VOICE, cutFile, cutFile, cutFile, bytes])
    expect(result).toMatchObject({ code: 'telegram-failed', message: 'download: 4 bytes of 10' })
  })

  test('a path that has expired is asked for again, once', async () => {
    const newPath = file({ file_path: 'voice/file_2.oga', file_size: 10 })
    const { result, paths } = await download([VOICE, NOT_FOUND, newPath, bytes])
    expect(result).toMatchObject({ kind: 'downloaded' })
    expect(paths).toEqual([
      '/bot/getFile',
      '/file/bot/voice/file_1.oga',
      '/bot/getFile',
      '/file/bot/voice/file_2.oga',
    ])
  })

  test('a download that fails three times is given up', async () => {
    const { result, paths } = await download([VOICE, breakOff, breakOff, breakOff, bytes])
    expect(result).toMatchObject({ code: 'telegram-failed' })
    expect(paths).toHaveLength(4)
  })

  test('a download that ends with its run is not begun again', async () => {
    const run = new AbortController()
    const dyingScript: Script = () =>
      run.abort(new AppError('lease-lost', 'Another run took the job.'))
    const { result, paths } = await download([VOICE, dyingScript, bytes], run.signal)
    expect(result).toBeInstanceOf(AppError)
    expect(paths).toHaveLength(2)
  })

  test('the error of a download that fails at getFile names the method', async () => {
    const { result } = await download([(response) => response.destroy()])
    expect(result).toMatchObject({ code: 'telegram-failed' })
    expect(result).toHaveProperty('message', expect.stringContaining('getFile'))
  })
})

describe('a Bot API server that runs with --local', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bot-api-'))
  const path = join(folder, TOKEN, 'voice', 'file_7.oga')
  const local = file({ file_path: path, file_size: 10 })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('the file of a Bot API server that runs with --local is read where this machine has it', async () => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'OggS voice')
    const { result, paths } = await download([local])
    expect(result).toEqual({ kind: 'downloaded', bytes: new TextEncoder().encode('OggS voice') })
    expect(paths).toEqual(['/bot/getFile'])
    writeFileSync(path, Buffer.alloc(MAX_BYTES + 1))
    expect((await download([file({ file_path: path })])).result).toEqual({ kind: 'voice-too-big' })
    rmSync(path)
  })

  test('the file of a Bot API server that runs with --local is fetched where something beside it serves its folder', async () => {
    const { result, paths } = await download([local, bytes])
    expect(result).toMatchObject({ kind: 'downloaded' })
    expect(paths).toEqual(['/bot/getFile', '/file/bot/voice/file_7.oga'])
  })

  test('a file of a Bot API server with --local that is out of reach is the operator’s fault, and the log can say which', async () => {
    const { result } = await download([local, NOT_FOUND])
    expect(result).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(
        'runs with --local, and its voice/file_7.oga can be neither',
      ),
    })
  })
})
