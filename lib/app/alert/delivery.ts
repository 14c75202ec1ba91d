import type { Alert } from '../../domain/alert/alert.ts'

/** Where alerts go: each has jobs and a lane of its own, so that one that is away holds up the other one not. */
export const ALERT_TARGETS = ['chat', 'webhook'] as const
export type AlertTarget = (typeof ALERT_TARGETS)[number]

/** Delivers an alert to the operator's URL. Throws AppError 'alert-undelivered'. */
export type PostAlert = (alert: Alert, signal: AbortSignal) => Promise<void>

/** Where an operator wants to be told; undefined where not there. */
export type AlertAddresses = { chatId: number | undefined; webhookUrl: string | undefined }

/** The targets that have an address. */
export function targetsOf({ chatId, webhookUrl }: AlertAddresses): AlertTarget[] {
  return ALERT_TARGETS.filter((target) => (target === 'chat' ? chatId : webhookUrl) !== undefined)
}
