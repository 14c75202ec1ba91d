import pRetry from 'p-retry'
import { request } from 'undici'
import { z } from 'zod'
import { AppError, hasCode, recover } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { Download } from '../../app/telegram.ts'
import {
  type CallTelegram,
  parseAnswer,
  refusal,
  resultOf,
  type TelegramEndpoint,
  telegramAgent,
  textOf,
  withConnectionErrors,
} from './call.ts'
import { pathBelowBot, readLocalFile } from './local-file.ts'

const File = z.object({ file_path: z.string().optional(), file_size: z.number().optional() })
type File = z.infer<typeof File>

/** A path below the bot's own files: nothing that could lead a request elsewhere. */
const SAFE_PATH = /^(?!.*(\.\.|\/\/))[\w][\w./-]*$/

/** What a gateway answers instead of a file, with status 200. */
const PAGE_TYPE = /^(text\/|application\/(json|xhtml))/i

/**
 * Fetches a file in at most 10 s: twice more where the connection failed or brought something else than the file,
 * and once more by a new path where its path has expired.
 *
 * The size is checked as declared and again while the bytes arrive. Throws AppError 'telegram-*', and
 * 'misconfigured' where the Bot API server keeps its files to itself.
 */
export async function downloadFile(
  endpoint: TelegramEndpoint,
  call: CallTelegram,
  fileId: string,
  maxBytes: number,
  outer: AbortSignal,
): Promise<Download> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(STAGE_DEADLINES_MS.download)])
  const getFile = async () => resultOf(File, 'getFile', await call('getFile', { file_id: fileId }))

  for (let tries = 1; ; tries += 1) {
    const file = await recover(getFile(), ['telegram-rejected'], outcomeOfRefusal)
    if ('kind' in file) return file
    if ((file.file_size ?? 0) > maxBytes) return { kind: 'voice-too-big' }
    const download = await fetchFile(endpoint, file, maxBytes, signal)
    // Its server keeps a file for an hour or so, and getFile fetches it anew.
    if (download.kind !== 'voice-expired' || tries === 2) return download
  }
}

async function fetchFile(
  { apiRoot, token }: TelegramEndpoint,
  { file_path: path, file_size: size }: File,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Download> {
  const localPath = path === undefined ? undefined : pathBelowBot(path)
  if (path !== undefined && localPath !== undefined) {
    const download = await readLocalFile(path, maxBytes)
    if (download !== undefined) return download
  }
  const urlPath = localPath ?? path
  if (urlPath === undefined || !SAFE_PATH.test(urlPath)) return { kind: 'voice-expired' }

  const url = `${apiRoot}/file/bot${token}/${urlPath}`
  const download = await pRetry(() => fetchBytes(url, { size, maxBytes }, signal), {
    retries: 2,
    minTimeout: 0,
    shouldRetry: ({ error }) =>
      !signal.aborted && hasCode(error, 'telegram-failed', 'telegram-unreachable'),
  })
  if (localPath !== undefined && download.kind === 'voice-expired') throw unreadable(localPath)
  return download
}

/** Its learner can do nothing about it: the log says what the operator can. */
function unreadable(localPath: string): AppError {
  return new AppError(
    'misconfigured',
    `download: the Bot API server runs with --local, and its ${localPath} can be neither read here nor fetched: mount its folder at the same path, or serve it below /file/bot<token>/`,
  )
}

async function fetchBytes(
  url: string,
  { size, maxBytes }: { size: number | undefined; maxBytes: number },
  signal: AbortSignal,
): Promise<Download> {
  return withConnectionErrors('download', async () => {
    const { statusCode, headers, body } = await request(url, { dispatcher: telegramAgent, signal })
    if (statusCode === 404 || statusCode === 400) {
      await body.dump()
      return { kind: 'voice-expired' }
    }
    // With the time to wait; the file is fetched again with the whole job.
    if (statusCode === 429) throw refusal('download', parseAnswer(statusCode, await textOf(body)))
    if (statusCode !== 200) {
      await body.dump()
      throw new AppError('telegram-failed', `download: ${statusCode}`)
    }
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      length += chunk.length
      // Leaving the loop ends the connection.
      if (length > maxBytes) return { kind: 'voice-too-big' }
      chunks.push(chunk)
    }
    const bytes = new Uint8Array(Buffer.concat(chunks))
    requireFile(bytes, size, String(headers['content-type'] ?? ''))
    return { kind: 'downloaded', bytes }
  })
}

/** Throws where a gateway has cut the file short, or has put a page of its own in its place. */
function requireFile(bytes: Uint8Array, size: number | undefined, contentType: string): void {
  const isPage = PAGE_TYPE.test(contentType) || bytes[0] === '<'.charCodeAt(0)
  if (isPage) throw new AppError('telegram-failed', 'download: a page instead of the file')
  if (size !== undefined && bytes.length !== size) {
    throw new AppError('telegram-failed', `download: ${bytes.length} bytes of ${size}`)
  }
}

function outcomeOfRefusal(error: AppError): Download {
  if (/file is too big/i.test(error.message)) return { kind: 'voice-too-big' }
  if (NO_MORE.test(error.message)) return { kind: 'voice-expired' }
  throw error
}

/** What Telegram says of a file that it no longer has, or never had for this bot. */
const NO_MORE =
  /wrong (file|remote)|temporarily unavailable|invalid (file|remote)|file not found|FILE_(REFERENCE|ID|PART)_|LOCATION_INVALID/i
