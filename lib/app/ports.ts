/** What any part may be given: a log, the time, chance. The ports of a subject lie in its folder. */

export type Fields = Record<string, unknown>

export type Log = {
  debug(event: string, fields?: Fields): void
  info(event: string, fields?: Fields): void
  warn(event: string, fields?: Fields): void
  error(event: string, fields?: Fields): void
}

/** The fields that all lines of a piece of work have besides their own, written by any part of the app. */
export type LogScope = {
  /** Does work whose lines carry what is added within, and of the work that began it the `request_id` alone. */
  within<T>(work: () => T): T
  /** Adds fields to the later lines of the present work; without effect outside of any. */
  add(fields: Fields): void
  /** What the lines of the present work carry. */
  fields(): Fields
}

export type Now = () => Date

/** Waits, unless the signal aborts first: then it rejects with the signal's reason. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** 0 <= x < 1, for jitter. */
export type Random = () => number
