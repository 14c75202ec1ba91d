import { Agent, request } from 'undici'
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
      stopping: AbortSignal,
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
          signal: AbortSignal.any([stopping, timeout]),
          dispatcher,
        })
        const body = new Uint8Array(await response.body.arrayBuffer())
        const { statusCode: status, statusText, headers } = response
        if (status >= 200 && status <= 299) {
          const contentType = String(headers['content-type'] ?? '')
          return { ok: true, status, reply: body.length > 0 ? { contentType, body } : null }
        }
        const after = String(headers['retry-after'] ?? '')
        return {
          ok: false,
          status,
          error: `Wrong response from the webhook: ${status} ${statusText}`,
          retryAfterSeconds: /^\d+$/.test(after) ? Number(after) : 0,
        }
      } catch (error) {
        // To Telegram, any error on the way is an undelivered update.
        return {
          ok: false,
          status: null,
          error: timeout.aborted ? 'Read timeout expired' : connectionError(error),
          retryAfterSeconds: 0,
        }
      }
    },

    close: (): Promise<void> => dispatcher.destroy(),
  }
}

function connectionError(error: unknown): string {
  const isRefused = isObject(error) && error.code === 'ECONNREFUSED'
  return isRefused ? 'Connection refused' : 'Webhook connection closed'
}
