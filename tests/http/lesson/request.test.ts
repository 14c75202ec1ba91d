import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { LessonFields } from '../../../lib/http/lesson/fields.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import {
  bearer,
  bufferRequest,
  type Fields,
  formRequest,
  rawRequest,
  silentWav,
  textRequest,
} from '../../support/lesson-requests.ts'
import { type Product, recording, startProduct } from '../../support/product.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

let product: Product
let apiKey: string
beforeAll(async () => {
  product = await startProduct()
  apiKey = await product.newApiKey()
})
afterAll(() => product.close())

type Problem = { status: number; code: string; errors?: { field: string; message: string }[] }

function ask(request: Request, change: Partial<Deps> = {}): Promise<Response> {
  const deps = { ...product.deps, ...change }
  return answering(async () => deps, { POST: processLesson })(request)
}

async function problem(request: Request): Promise<Problem> {
  const response = await ask(request)
  const body = (await response.json()) as Problem
  expect(response.status).toBe(body.status)
  return body
}

/** The names of the fields that are reported wrong, in order. */
async function wrongFields(request: Request): Promise<string[]> {
  const answer = await problem(request)
  expect(answer).toMatchObject({ code: 'invalid_request', status: 400 })
  return (answer.errors ?? []).map(({ field }) => field).sort()
}

const GOOD = { user_id: 'a', text: 'Jdu domů.' }

describe('authentication', () => {
  test.each([
    ['no key', {}],
    ['an empty key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic bWx1djptZQ==' }],
    ['what is no key', bearer('hello')],
    ['a key of the right form', bearer(`mluv_00000000_${'A'.repeat(43)}`)],
    ['the admin token', bearer('an-admin-token-of-tests')],
  ])('%s is 401, before the body is read', async (_case, headers) => {
    const request = new Request('https://bot.example/', { method: 'POST', headers, body: 'x' })
    const response = await ask(request)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ code: 'unauthorized' })
    expect(request.bodyUsed).toBe(false)
  })

  test('an API key with its last character changed is 401', async () => {
    const wrongKey = apiKey.slice(0, -1) + (apiKey.endsWith('A') ? 'E' : 'A')
    expect(await problem(textRequest(wrongKey, GOOD))).toMatchObject({ status: 401 })
  })

  test('a revoked API key is 401', async () => {
    const revokedKey = await product.newApiKey()
    expect(await problem(textRequest(revokedKey, {}))).toMatchObject({ status: 400 })
    const prefix = revokedKey.split('_')[1] ?? ''
    await product.db
      .updateTable('api_key')
      .set({ revoked_at: new Date() })
      .where('prefix', '=', prefix)
      .execute()
    expect(await problem(textRequest(revokedKey, {}))).toMatchObject({ code: 'unauthorized' })
  })

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])(
    '%s is 405, with what is allowed',
    async (method) => {
      const request = new Request('https://bot.example/', { method, headers: bearer(apiKey) })
      const response = await ask(request)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('POST')
    },
  )

  test('two API keys in one header are 401', async () => {
    const headers = { authorization: `Bearer ${apiKey}, Bearer ${apiKey}` }
    expect(await problem(textRequest('', GOOD, headers))).toMatchObject({ status: 401 })
  })
})

describe('wrong requests', () => {
  test('all wrong fields of a request are reported at once', async () => {
    const fields = {
      user_id: '',
      text: 'x',
      include_audio: 'maybe',
      native_language: 'klingon',
      level: 'expert',
    }
    const wrongNames = ['include_audio', 'level', 'native_language', 'text', 'user_id']
    expect(await wrongFields(textRequest(apiKey, fields))).toEqual(wrongNames)
    expect(await wrongFields(formRequest(apiKey, fields))).toEqual(wrongNames)
    const request = textRequest(apiKey, fields, { 'idempotency-key': 'a b' })
    expect(await wrongFields(request)).toEqual(['Idempotency-Key', ...wrongNames])
  })

  const wrongRequests: [string, Fields, string[]][] = [
    ['nothing', {}, ['audio', 'user_id']],
    ['neither audio nor text', { user_id: 'a' }, ['audio']],
    ['a number for a user id', { ...GOOD, user_id: 42 }, ['user_id']],
    ['a user id of 201 characters', { ...GOOD, user_id: 'a'.repeat(201) }, ['user_id']],
    ['a NUL in the user id', { ...GOOD, user_id: 'a\u0000b' }, ['user_id']],
    ['half a surrogate pair in the user id', { ...GOOD, user_id: 'a\ud800' }, ['user_id']],
    ['a text of one character', { ...GOOD, text: 'á' }, ['text']],
    ['a text of blanks', { ...GOOD, text: '     ' }, ['text']],
    ['a text of 2,001 characters', { ...GOOD, text: 'á'.repeat(2_001) }, ['text']],
    ['null for a text', { ...GOOD, text: null }, ['text']],
    ['a list for a text', { ...GOOD, text: ['Jdu domů.'] }, ['text']],
    ['audio in JSON', { user_id: 'a', audio: 'T2dnUw==' }, ['audio']],
    [
      'audio in JSON beside a wrong level',
      { user_id: 'a', audio: '', level: 1 },
      ['audio', 'level'],
    ],
    ['null for a level', { ...GOOD, level: null }, ['level']],
  ]
  test.each(wrongRequests)('%s is 400', async (_case, fields, wrongNames) => {
    expect(await wrongFields(textRequest(apiKey, fields))).toEqual(wrongNames)
  })

  test.each(['levle', 'nativeLanguage', 'TEXT', ' text', 'lesson.text', '__proto__', ''])(
    'a field named %j is named as wrong',
    async (name) => {
      const fields = JSON.parse(JSON.stringify({ ...GOOD, [name]: 'x' }))
      Object.defineProperty(fields, name, { value: 'x', enumerable: true })
      expect(await wrongFields(textRequest(apiKey, fields))).toEqual([name])
      expect(await wrongFields(formRequest(apiKey, fields))).toEqual([name])
    },
  )

  test('a file that is no field of a lesson is named as wrong', async () => {
    const request = formRequest(apiKey, { ...GOOD, recording: recording('1-shop') })
    expect(await wrongFields(request)).toEqual(['recording'])
  })

  test('of a thousand unknown fields with long names the first ones are named, shortly', async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `${at}${'x'.repeat(1_000)}`)
    const form = formRequest(apiKey, {
      ...GOOD,
      ...Object.fromEntries(names.map((name) => [name, ''])),
    })
    const { errors = [] } = await problem(form)
    expect(errors).toHaveLength(20)
    expect(JSON.stringify(errors).length).toBeLessThan(10_000)
  })

  test('a request with both audio and text is 400', async () => {
    const request = formRequest(apiKey, { ...GOOD, audio: recording('1-shop') })
    expect(await wrongFields(request)).toEqual(['audio'])
  })

  test('audio as a string is 400, with the other wrong fields', async () => {
    const request = formRequest(apiKey, { user_id: 'a', audio: 'OggS', level: 'expert' })
    expect(await wrongFields(request)).toEqual(['audio', 'level'])
  })

  test('a text that is a file is 400', async () => {
    const request = formRequest(apiKey, { user_id: 'a', text: recording('1-shop') })
    expect(await wrongFields(request)).toEqual(['text'])
  })

  test.each([
    ['half a JSON', '{"user_id":"a"', 'application/json'],
    ['a JSON list', '[]', 'application/json'],
    ['a JSON null', 'null', 'application/json'],
    ['an empty body', '', 'application/json'],
    ['JSON called a form', JSON.stringify(GOOD), 'multipart/form-data; boundary=x'],
    ['a form without a boundary', 'x', 'multipart/form-data'],
    ['plain text', 'Jdu domů.', 'text/plain'],
    ['bare audio', 'OggS', 'audio/ogg'],
    ['no type', '{}', ''],
    ['JSON called text/json', JSON.stringify(GOOD), 'text/json'],
    ['a form of another boundary', '--a\r\n\r\n--a--\r\n', 'multipart/form-data; boundary=b'],
    ['two content types', JSON.stringify(GOOD), 'application/json, application/json'],
  ])('%s is 400', async (_case, body, contentType) => {
    expect(await wrongFields(rawRequest(apiKey, body, contentType))).toEqual(['body'])
  })

  test('a form without a part has its missing fields named', async () => {
    const emptyRequest = rawRequest(apiKey, '--b--\r\n', 'multipart/form-data; boundary=b')
    expect(await wrongFields(emptyRequest)).toEqual(['audio', 'user_id'])
  })

  test('two recordings in one form are 400, and so is a field that is there twice', async () => {
    const part = (name: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"; filename="a.ogg"\r\n\r\nOggS\r\n`
    const form = (...names: string[]) =>
      rawRequest(apiKey, `${names.map(part).join('')}--b--\r\n`, 'multipart/form-data; boundary=b')
    expect(await wrongFields(form('audio', 'audio'))).toEqual(['body'])
    expect(await wrongFields(form('user_id', 'user_id'))).toEqual(['body'])
  })

  test('text that is not UTF-8 is 400 in every content type', async () => {
    const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const json = latin1('{"user_id":"a","text":"J\xe1 jdu dom\xf9."}')
    expect(await wrongFields(rawRequest(apiKey, json, 'application/json'))).toEqual(['body'])
    const form = latin1(`${part('user_id', 'a\xff')}${part('text', 'J\xe1 jdu')}--b--\r\n`)
    expect(await wrongFields(rawRequest(apiKey, form, 'multipart/form-data; boundary=b'))).toEqual([
      'text',
      'user_id',
    ])
    const urlencodedBody = 'user_id=a%FF&text=J%E1+jdu'
    expect(
      await wrongFields(rawRequest(apiKey, urlencodedBody, 'application/x-www-form-urlencoded')),
    ).toEqual(['text', 'user_id'])
  })

  test.each(['gzip', 'br', 'identity, gzip'])(
    'a body with Content-Encoding: %s is 400',
    async (encoding) => {
      const request = textRequest(apiKey, GOOD, { 'content-encoding': encoding })
      expect(await wrongFields(request)).toEqual(['Content-Encoding'])
    },
  )

  test('a field of four megabytes is 400, in little time', async () => {
    const longText = 'á'.repeat(2 * 1024 * 1024)
    for (const name of ['user_id', 'text', 'level', 'native_language', 'include_audio']) {
      const request = await bufferRequest(formRequest(apiKey, { ...GOOD, [name]: longText }))
      const { errors = [] } = await problem(request)
      expect(errors.map(({ field }) => field)).toEqual([name])
      expect(JSON.stringify(errors).length).toBeLessThan(1_000)
    }
  })

  test('two Idempotency-Keys are 400', async () => {
    const request = textRequest(apiKey, GOOD)
    request.headers.append('idempotency-key', 'first')
    request.headers.append('idempotency-key', 'second')
    expect(await wrongFields(request)).toEqual(['Idempotency-Key'])
  })

  test.each(['', ' ', 'a b', 'ключ', 'x'.repeat(256)])('%j is no Idempotency-Key', async (key) => {
    const bytes = Buffer.from(key).toString('latin1')
    const request = textRequest(apiKey, GOOD, { 'idempotency-key': bytes })
    expect(await wrongFields(request)).toEqual(['Idempotency-Key'])
  })
})

describe('wrong audio', () => {
  const withAudio = (audio: Uint8Array<ArrayBuffer>) => formRequest(apiKey, { user_id: 'a', audio })

  test('a text file called voice.ogg is 415', async () => {
    const audio = new TextEncoder().encode('Jdu domů, ale nikdo mě neslyší.')
    expect(await problem(withAudio(audio))).toMatchObject({
      code: 'unsupported_audio',
      status: 415,
    })
  })

  test('a recording in a format that is not played is 415, with the name of its format', async () => {
    const audio = new TextEncoder().encode('#!AMR\nclick')
    expect(await problem(withAudio(audio))).toMatchObject({
      code: 'unsupported_audio',
      detail: expect.stringMatching(/^This is AMR\. Send Ogg/),
    })
  })

  test('an empty audio file is 415', async () => {
    expect(await problem(withAudio(new Uint8Array()))).toMatchObject({ status: 415 })
  })

  test('a recording of which only the beginning has arrived is 415', async () => {
    const audio = recording('1-shop')
    const audioBeginning = audio.slice(0, 100)
    expect(await problem(withAudio(audioBeginning))).toMatchObject({ status: 415 })
  })

  test.each([4 * 1024 * 1024 + 1, 5 * 1024 * 1024, 9 * 1024 * 1024])(
    'a request of %i bytes is 413',
    async (length) => {
      const audio = new Uint8Array(length)
      audio.set(recording('1-shop'))
      expect(await problem(await bufferRequest(withAudio(audio)))).toMatchObject({
        code: 'audio_too_large',
        status: 413,
      })
    },
  )

  test('audio of more than 60 seconds is 400', async () => {
    expect(await wrongFields(withAudio(silentWav(62)))).toEqual(['audio'])
  })

  test('a wrong level is reported with audio that is too long', async () => {
    const request = formRequest(apiKey, { user_id: 'a', level: 'x', audio: silentWav(62) })
    expect(await wrongFields(request)).toEqual(['audio', 'level'])
  })
})

// Jobs do not run and waits take no time: a valid request is in_progress.
const store = (request: Request) => ask(request, { drain: async () => {}, sleep: async () => {} })

describe('requests in other clothes', () => {
  test.each([
    ['JSON with a charset', JSON.stringify(GOOD), 'application/json; charset=utf-8'],
    ['JSON in capitals', JSON.stringify(GOOD), 'APPLICATION/JSON'],
    ['JSON behind a byte order mark', `\ufeff${JSON.stringify(GOOD)}`, 'application/json'],
    [
      'a form as curl -d sends it',
      'user_id=a&text=Jdu+dom%C5%AF.',
      'application/x-www-form-urlencoded',
    ],
  ])('%s is a lesson', async (_case, body, contentType) => {
    expect((await store(rawRequest(apiKey, body, contentType))).status).toBe(409)
  })

  test('a text beside a file input that was left empty is a lesson', async () => {
    const part = (head: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
    const body = `${part('name="user_id"', 'a')}${part('name="text"', 'Jdu domů.')}${part('name="audio"; filename=""', '')}--b--\r\n`
    const request = rawRequest(apiKey, body, 'multipart/form-data; boundary=b')
    expect((await store(request)).status).toBe(409)
  })

  test.each(['text/html', 'application/xml;q=1', '', ';;q=,', 'text/event-stream;q=0'])(
    'a lesson asked for with Accept: %j is answered as JSON',
    async (accept) => {
      const response = await store(textRequest(apiKey, GOOD, { accept }))
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    },
  )
})

test('a request whose client leaves while it sends is a line of the log, and no error of ours', async () => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"user_id":')),
    pull: (controller) => controller.error(new Error('aborted')),
  })
  const headers = { ...bearer(apiKey), 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body, duplex: 'half' } as const
  const log = rememberingLog()
  const response = await ask(new Request('https://bot.example/', init), { log })
  expect(response.status).toBe(409)
  const requestId = response.headers.get('x-request-id')
  expect(log.lines).toEqual([{ event: 'client_left', fields: { request_id: requestId } }])
})

describe('laws of the request', () => {
  async function isAnswered(request: Request): Promise<void> {
    const response = await store(request)
    const { code } = (await response.json()) as Problem
    expect([400, 409, 413, 415]).toContain(response.status)
    expect(code).not.toBe('internal_error')
  }

  test('any bytes of any content type are a problem of the caller’s', async () => {
    const types = fc.constantFrom(
      'application/json',
      'multipart/form-data; boundary=b',
      'application/x-www-form-urlencoded',
      'text/plain',
    )
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array))
    await fc.assert(
      fc.asyncProperty(bytes, types, (body, type) => isAnswered(rawRequest(apiKey, body, type))),
      { numRuns: 60 },
    )
  })

  test('any JSON object is a request or a problem of the caller’s', async () => {
    const string = fc.string({ unit: 'binary', maxLength: 20 })
    const value = fc.oneof(string, fc.jsonValue({ maxDepth: 2 }))
    const fields = fc.record(
      { user_id: value, text: value, include_audio: value, native_language: value, level: value },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(fields, (body) => isAnswered(textRequest(apiKey, body))),
      { numRuns: 60 },
    )
  })

  test('any accepted user id and text can be stored', async () => {
    const unit = fc.constantFrom(
      'a',
      'ř',
      '😀',
      ' ',
      "'",
      '\\',
      '\u0000',
      '\u0007',
      '\ud800',
      '\udc00',
    )
    const userId = fc.string({ unit, minLength: 1, maxLength: 5 })
    const text = fc.string({ unit, minLength: 2, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(userId, text, async (user_id, lessonText) => {
        const body = { user_id, text: lessonText }
        const isValid = LessonFields.safeParse(body).success
        expect((await store(textRequest(apiKey, body))).status).toBe(isValid ? 409 : 400)
      }),
      { numRuns: 40 },
    )
  })
})
