import { request } from 'undici'
import type { PostAlert } from '../app/alert/delivery.ts'
import { AppError } from '../app/error.ts'

const DEADLINE_MS = 10_000

/**
 * Posts alerts to an operator's own URL, as JSON. Throws AppError 'alert-undelivered', without the URL, whose path may be a
 * secret.
 */
export function alertWebhook(url: string): PostAlert {
  return async (alert, signal) => {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alert),
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    }).catch((error: unknown) => {
      throw new AppError('alert-undelivered', `ALERT_WEBHOOK_URL: ${reasonOf(error)}`)
    })
    // Nothing in the answer matters, and it may be endless.
    body.on('error', () => {}).destroy()
    if (statusCode < 200 || statusCode > 299) {
      throw new AppError('alert-undelivered', `ALERT_WEBHOOK_URL answered ${statusCode}`)
    }
  }
}

/** A code or a name; the message may have the URL in it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
