import type { Stage } from '../../../lib/app/usage.ts'

/** One call of the webhook for an update. `status` is null where no answer came. */
export type DeliveryEvent = {
  kind: 'delivery'
  updateId: number
  /** Counts from 1. */
  attempt: number
  tookMs: number
  status: number | null
  /** In Telegram's words. */
  error: string | null
  /** What Telegram does with the update then; a number is in how many seconds it sends it again. */
  next: 'acknowledged' | 'dropped' | number
}

/** One request to the stand-in of the provider. */
export type ProviderEvent = {
  kind: 'provider'
  stage: Stage
  path: string
  tookMs: number
  /** From the request to the first content of its answer. */
  firstContentMs: number | null
  audioSeconds: number | null
  /** What went wrong with it on purpose. */
  fault: string | null
}

/** A line of the functions' log. */
export type LogEvent = {
  kind: 'log'
  level: string
  event: string
  fields: Readonly<Record<string, unknown>>
}

/** A fault that a person has arranged. */
export type FaultEvent = { kind: 'fault'; name: string }

/**
 * What has happened in the studio, in the order of `order`. `at` is when it began, in milliseconds since the epoch of
 * the machine's clock; of a line of the log, when it was written.
 */
export type StudioEvent = { order: number; at: number } & (
  | DeliveryEvent
  | ProviderEvent
  | LogEvent
  | FaultEvent
)
