import pRetry from 'p-retry'
import { Agent, FormData, request } from 'undici'
import { z } from 'zod'
import { AppError, hasCode } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { Log, Sleep } from '../../app/ports.ts'
import { parseJson } from '../../domain/json.ts'

export type TelegramEndpoint = {
  /** `https://api.telegram.org`, or a stand-in. */
  apiRoot: string
  token: string
}

export type CallTelegram = (method: string, payload: Payload) => Promise<unknown>
export type Payload = Record<string, unknown> | FormData

/** One pool for all calls: a connection kept alive saves a learner two round trips a message. */
export const telegramAgent = new Agent({
  keepAliveTimeout: 60_000,
  connect: { timeout: 5_000 },
})

/** A message with all there can be in it has some kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024

const Answer = z.object({
  ok: z.boolean(),
  // A refusal has none, and zod asks for every key that is not said to be optional.
  result: z.unknown().optional(),
  // Each for itself: a server beside Telegram's may send one of them in another shape, and the others still tell.
  error_code: z.coerce.number().int().positive().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  parameters: z
    .object({
      retry_after: z.coerce.number().positive().optional().catch(undefined),
      migrate_to_chat_id: z.int().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
type Answer = z.infer<typeof Answer> & { isPage?: boolean }

/**
 * Calls Bot API methods, each under one deadline.
 *
 * What was certainly not carried out is tried again where the wait fits the deadline: a refused
 * connection, and a 429 after its `retry_after`. A group that has become a supergroup is written to under its new
 * number. Throws AppError 'telegram-*'; the token is in no error.
 */
export function telegramCalls(
  { apiRoot, token }: TelegramEndpoint,
  { log, sleep }: { log: Log; sleep: Sleep },
): CallTelegram {
  return async function call(method, payload) {
    const deadlineMs = STAGE_DEADLINES_MS.telegramCall
    const endsAt = performance.now() + deadlineMs
    const signal = AbortSignal.timeout(deadlineMs)
    const url = `${apiRoot}/bot${token}/${method}`
    return pRetry(
      () =>
        observed(log, method, async () => {
          const answer = await callOnce(url, method, payload, signal)
          const movedTo = answer.parameters?.migrate_to_chat_id
          if (answer.ok || movedTo === undefined) return resultOrThrow(method, answer)
          // ALERT_CHAT_ID may still have the old number: the log has the new one.
          log.warn('chat_moved', { method, chat_id: movedTo })
          return resultOrThrow(
            method,
            await callOnce(url, method, inChat(payload, movedTo), signal),
          )
        }),
      {
        retries: 2,
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          if (!hasCode(error, 'telegram-unreachable', 'telegram-rate-limited')) return false
          const delayMs = error.retryAfterMs ?? 200 * attemptNumber
          if (delayMs >= endsAt - performance.now()) return false
          log.warn('telegram_retry', { method, attempt: attemptNumber, delay_ms: delayMs })
          // Where the deadline aborts the wait, `call` throws the refusal.
          return sleep(delayMs, signal).then(
            () => true,
            () => false,
          )
        },
      },
    )
  }
}

/** Writes down a call that has ended, and how. */
async function observed<T>(log: Log, method: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const line = (outcome: string, fields = {}) =>
    log.debug('telegram_called', {
      method,
      outcome,
      ...fields,
      ms: Math.round(performance.now() - startedAt),
    })
  try {
    const result = await work()
    line('ok')
    return result
  } catch (error) {
    // Each call has its line in the log, a failed one, too.
    if (error instanceof AppError) line(error.code, { reason: error.message })
    else line('failed')
    throw error
  }
}

/** Reads a result. Throws 'telegram-failed' where it has another shape: whether the call was carried out is then unknown. */
export function resultOf<Schema extends z.ZodType>(
  schema: Schema,
  method: string,
  result: unknown,
): z.output<Schema> {
  const read = schema.safeParse(result)
  if (!read.success) throw new AppError('telegram-failed', `${method}: an odd result`)
  return read.data
}

async function callOnce(
  url: string,
  method: string,
  payload: Payload,
  signal: AbortSignal,
): Promise<Answer> {
  const isForm = payload instanceof FormData
  return withConnectionErrors(method, async () => {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher: telegramAgent,
      signal,
      ...(isForm
        ? { body: payload }
        : { body: JSON.stringify(payload), headers: { 'content-type': 'application/json' } }),
    })
    return parseAnswer(statusCode, await textOf(body))
  })
}

function resultOrThrow(method: string, answer: Answer): unknown {
  if (answer.ok) return answer.result
  throw refusal(method, answer)
}

function inChat(payload: Payload, chatId: number): Payload {
  if (!(payload instanceof FormData)) return { ...payload, chat_id: chatId }
  payload.set('chat_id', String(chatId))
  return payload
}

/** Reads the text of an answer; throws where it does not end. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    // Leaving the loop ends the connection.
    if (length > MAX_ANSWER_BYTES) throw new RangeError('The answer does not end.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Reads an answer; what is none of Telegram's is told by its status alone. */
export function parseAnswer(statusCode: number, body: string): Answer {
  const json = parseJson(body)
  // None where a gateway sent its HTML page, say.
  const { data } = Answer.safeParse(json)
  return {
    ...data,
    isPage: json === undefined,
    ok: data?.ok ?? false,
    error_code: data?.error_code ?? statusCode,
    description: data?.description ?? 'no reason given',
  }
}

/**
 * What Telegram says where a chat cannot be written to, by any method: it is gone, it never was, or the bot
 * may not. Its own words (tdlib/telegram-bot-api, Client.cpp; tdlib/td) and its servers' names in capitals.
 */
const CLOSED_CHAT = new RegExp(
  [
    '(chat|user|message thread|topic) not found',
    'rights to send|need administrator rights|CHAT_ADMIN_REQUIRED',
    'group chat was (upgraded|deactivated|deleted)|bot was (kicked|blocked)|bot is not a member',
    'user is (deactivated|deleted)|(USER|INPUT_USER)_(DEACTIVATED|DELETED)|USER_IS_BLOCKED|YOU_BLOCKED_USER',
    "can't (initiate conversation|send messages to)|bots can't send",
    'TOPIC_(CLOSED|DELETED|ID_INVALID)|(CHANNEL|PEER_ID|CHAT_ID|USER_ID)_(PRIVATE|INVALID)|PEER_ID_INVALID',
    'CHAT_(RESTRICTED|FORBIDDEN|WRITE_FORBIDDEN|GUEST_SEND_FORBIDDEN|SEND_[A-Z]{1,20}_FORBIDDEN)',
    'USER_(BANNED_IN_CHANNEL|NOT_PARTICIPANT|RESTRICTED)|BOT_GROUPS_BLOCKED',
    '(PAYMENT|PREMIUM)_REQUIRED',
  ].join('|'),
  'i',
)

/** What Telegram says in a 400 and what it means to us. */
const REJECTIONS = [
  [/can't parse entities/i, 'telegram-bad-entities'],
  // Its servers' word, and that of its Bot API server, which looks before it asks them.
  [/VOICE_MESSAGES_FORBIDDEN|restricted receiving of voice/i, 'telegram-voice-forbidden'],
  // The bot was moved to an own Bot API server by logOut: as with a wrong token, the operator can put it right.
  [/logged out/i, 'telegram-unauthorized'],
  [CLOSED_CHAT, 'telegram-blocked'],
] as const

/** The statuses by which Telegram refuses what was asked of it. */
const REFUSALS = new Set([400, 401, 403, 404, 413])
/** Of these, what a gateway says by a page of its own means the same. */
const REFUSALS_BY_PAGE = new Set([401, 404, 413])

const TOKEN = /\d{1,20}:[\w-]{8,}/g
/** Telegram's own are a line; a gateway's may be a page. */
const MAX_DESCRIPTION = 500

/** The error that a refusal stands for; 'telegram-blocked' where the chat cannot be written to. */
export function refusal(
  method: string,
  { error_code = 0, description = '', parameters, isPage = false }: Answer,
): AppError {
  // A server that repeats its address repeats the token in it.
  const message = `${method}: ${error_code} ${description.slice(0, MAX_DESCRIPTION).replace(TOKEN, '[redacted]')}`
  if (error_code === 429) {
    const words = /retry after (\d{1,6})/i.exec(description)?.[1]
    const seconds = parameters?.retry_after ?? (Number(words) || 1)
    return new AppError('telegram-rate-limited', message, { retryAfterMs: seconds * 1000 })
  }
  // Other refusals, such as a firewall's 403 or a gateway's own 409, say nothing about the chat or the message.
  if (!(isPage ? REFUSALS_BY_PAGE : REFUSALS).has(error_code)) {
    return new AppError('telegram-failed', message)
  }
  const rejection = REJECTIONS.find(([pattern]) => pattern.test(description))
  if (rejection !== undefined) return new AppError(rejection[1], message)
  if (error_code === 403) return new AppError('telegram-blocked', message)
  // An operator can correct a wrong token, and then everything works again.
  if (error_code === 401 || error_code === 404)
    return new AppError('telegram-unauthorized', message)
  return new AppError('telegram-rejected', message)
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Does work on a connection to Telegram; what breaks the connection is thrown as an AppError 'telegram-*'. */
export async function withConnectionErrors<T>(method: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // Above the adapters only our own codes are known.
    throw error instanceof AppError ? error : connectionError(method, error)
  }
}

/** The message names the method only: undici's own may hold the URL, and so the token. */
function connectionError(method: string, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const name = error instanceof Error ? error.name : 'Error'
  const isUnconnected = NEVER_CONNECTED.has(code)
  return new AppError(
    isUnconnected ? 'telegram-unreachable' : 'telegram-failed',
    `${method}: ${isUnconnected ? 'could not connect' : 'the connection failed'} (${name}, ${code})`,
  )
}
