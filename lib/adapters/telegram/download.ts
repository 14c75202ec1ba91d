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

const File = z.object({ file_path: z.string().optional(), file_size: z.number().optional() })

/** A path below the bot's own files: nothing that could lead a request elsewhere. */
const SAFE_PATH = /^(?!.*(\.\.|\/\/))[\w][\w./-]*$/

/**
 * Fetches a file in at most 10 s, twice more where the connection failed.
 *
 * The size is checked as declared and again while the bytes arrive. Throws AppError 'telegram-*'.
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
  const file = await recover(getFile(), ['telegram-rejected'], outcomeOfRefusal)
  if ('kind' in file) return file

  const { file_path: path, file_size: size = 0 } = file
  if (size > maxBytes) return { kind: 'voice-too-big' }
  if (path === undefined || !SAFE_PATH.test(path)) return { kind: 'voice-expired' }

  const url = `${endpoint.apiRoot}/file/bot${endpoint.token}/${path}`
  return pRetry(() => fetchBytes(url, maxBytes, signal), {
    retries: 2,
    minTimeout: 0,
    shouldRetry: ({ error }) =>
      !signal.aborted && hasCode(error, 'telegram-failed', 'telegram-unreachable'),
  })
}

async function fetchBytes(url: string, maxBytes: number, signal: AbortSignal): Promise<Download> {
  return withConnectionErrors('download', async () => {
    const { statusCode, body } = await request(url, { dispatcher: telegramAgent, signal })
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
    return { kind: 'downloaded', bytes: new Uint8Array(Buffer.concat(chunks)) }
  })
}

function outcomeOfRefusal(error: AppError): Download {
  if (/file is too big/i.test(error.message)) return { kind: 'voice-too-big' }
  if (/wrong file_id|temporarily unavailable|invalid file/i.test(error.message)) {
    return { kind: 'voice-expired' }
  }
  throw error
}
