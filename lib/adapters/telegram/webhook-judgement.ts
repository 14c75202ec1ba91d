import { z } from 'zod'

/** Telegram's record of the webhook, as far as it is judged; dates are in seconds. */
export const WebhookInfo = z.object({
  url: z.string(),
  pending_update_count: z.number(),
  last_error_date: z.number().optional(),
  last_error_message: z.string().default(''),
})
export type WebhookInfo = z.infer<typeof WebhookInfo>

/** Telegram tries again after two minutes at most: what it could not deliver longer ago, it has delivered since. */
const RECENT_SECONDS = 600
/** More than wait for a moment where all goes well. */
const BACKLOG = 100
const RESET = 'run npm run webhook -- set'

/** `ok...`, or what is wrong with the webhook and what to do. */
export function webhookJudgement(
  info: WebhookInfo,
  { webhookUrl, now }: { webhookUrl: string | undefined; now: Date },
): string {
  const pending = info.pending_update_count
  if (info.url === '') return `no webhook is set: ${RESET}`
  if (webhookUrl !== undefined && info.url !== `${webhookUrl}/webhook`) {
    return `the webhook leads to ${hostOf(info.url)}, and not to WEBHOOK_URL: ${RESET}`
  }
  const errorAge =
    info.last_error_date === undefined ? undefined : now.getTime() / 1000 - info.last_error_date
  const error =
    errorAge === undefined
      ? ''
      : `, last error ${ageInWords(errorAge)} ago: ${info.last_error_message}`
  if (errorAge !== undefined && errorAge < RECENT_SECONDS && pending > 0) {
    return /\b40[13]\b/.test(info.last_error_message)
      ? `our answer is 401, so TELEGRAM_WEBHOOK_SECRET is not what the webhook was set with: ${RESET} (${pending} pending${error})`
      : `failing: ${pending} pending${error}`
  }
  return pending > BACKLOG ? `behind: ${pending} pending${error}` : `ok: ${pending} pending${error}`
}

/** Without the path, which may hold a token. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'no URL'
}

/** An age as a person says it. */
export function ageInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 2) return `${Math.max(0, Math.round(seconds))} s`
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
