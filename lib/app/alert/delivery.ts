import type { Alert } from '../../domain/alert/alert.ts'

/** Where alerts go. Each target has jobs and a lane of its own, so that one that is away does not hold up the other. */
export const ALERT_TARGETS = ['chat', 'webhook'] as const
export type AlertTarget = (typeof ALERT_TARGETS)[number]

/** Delivers an alert to the operator's URL. Throws AppError 'alert-undelivered'. */
export type PostAlert = (alert: Alert, signal: AbortSignal) => Promise<void>

/** The addresses that an operator has named; undefined where one is not. */
export type AlertAddresses = { chatId: number | undefined; webhookUrl: string | undefined }

/** The targets that have an address. */
export function targetsOf({ chatId, webhookUrl }: AlertAddresses): AlertTarget[] {
  return ALERT_TARGETS.filter((target) => (target === 'chat' ? chatId : webhookUrl) !== undefined)
}
