import { Agent, type Dispatcher, request } from 'undici'
import { isObject, type Update } from './objects.ts'

/** Where updates go. `allowedUpdates` empty means the default list. */
export type Webhook = {
  url: string
  secret: string | null
  maxConnections: number
  allowedUpdates: readonly string[]
}

/** The body of a 2xx answer, which may call a method. */
export type WebhookReply = { contentType: string; body: Uint8Array<ArrayBuffer> }

/** How a webhook answered an update. `status` is null without an answer; `error` is in Telegram's words. */
export type WebhookOutcome =
  | { ok: true; status: number; reply: WebhookReply | null }
  | { ok: false; status: number | null; error: string; retryAfterSeconds: number }

/** More than Telegram opens to one webhook: the limit is the delivery's. */
const CONNECTIONS_MAX = 100

/** Makes the client that posts updates, on connections it keeps alive as Telegram does. */
export function createWebhookClient(responseTimeoutMs: number) {
  const dispatcher = new Agent({ connections: CONNECTIONS_MAX, headersTimeout: 0, bodyTimeout: 0 })

  return {
    /** Posts one update and waits for the whole answer. Never throws. */
    async post(
      url: string,
      secret: string | null,
      update: Update,
      stopSignal: AbortSignal,
    ): Promise<WebhookOutcome> {
      const timeout = AbortSignal.timeout(responseTimeoutMs)
      try {
        const response = await request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(secret !== null && { 'x-telegram-bot-api-secret-token': secret }),
          },
          body: JSON.stringify(update),
          signal: AbortSignal.any([stopSignal, timeout]),
          dispatcher,
        })
        return outcomeOf(response, new Uint8Array(await response.body.arrayBuffer()))
      } catch (error) {
        // To Telegram, any error on the way is an undelivered update.
        return failure(null, timeout.aborted ? 'Read timeout expired' : connectionError(error))
      }
    },

    close: (): Promise<void> => dispatcher.destroy(),
  }
}

function outcomeOf(
  { statusCode: status, statusText, headers }: Dispatcher.ResponseData,
  body: Uint8Array<ArrayBuffer>,
): WebhookOutcome {
  if (status >= 200 && status <= 299) {
    const contentType = String(headers['content-type'] ?? '')
    return { ok: true, status, reply: body.length > 0 ? { contentType, body } : null }
  }
  const retryAfter = String(headers['retry-after'] ?? '')
  const retryAfterSeconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : 0
  return failure(
    status,
    `Wrong response from the webhook: ${status} ${statusText}`,
    retryAfterSeconds,
  )
}

function failure(status: number | null, error: string, retryAfterSeconds = 0): WebhookOutcome {
  return { ok: false, status, error, retryAfterSeconds }
}

function connectionError(error: unknown): string {
  const isRefused = isObject(error) && error.code === 'ECONNREFUSED'
  return isRefused ? 'Connection refused' : 'Webhook connection closed'
}
