/** The seconds of a job's life, one table. Milliseconds unless named otherwise. */
export const TIMINGS = {
  /** A drain takes no new job after this. */
  softDeadlineMs: 60_000,
  /** All that a drain has begun ends by this: the platform kills the function at 120 s. */
  hardDeadlineMs: 110_000,
  leaseMs: 20_000,
  renewEveryMs: 5_000,
  /** Runs of a job before it is dead, those in an outage not counted; one that kills its process counts, too. */
  maxAttempts: 6,
  /** A job is not retried when this has passed since it arrived. */
  giveUpAfterMs: 24 * 3_600_000,
  /**
   * When one job asks a provider again whose trouble an operator has to fix: so soon at first, for a mistake that is
   * mended at once; the wait doubles up to the other.
   */
  probeFirstMs: 30_000,
  probeMaxMs: 5 * 60_000,
  /** Bounds of a wait in an outage; one that was asked for is at least this share of the job's age. */
  outageWaitMinMs: 1_000,
  outageWaitMaxMs: 15 * 60_000,
  askedWaitAgeShare: 0.1,
  /** An outage lasts that has put a job off so often. */
  lastingPostponements: 3,
  /**
   * How often a job is tried to be given back that the database has interrupted, as long as its drain may last; the wait
   * before a try doubles up to the other.
   */
  giveBackTries: 15,
  giveBackFirstMs: 1_000,
  giveBackMaxMs: 8_000,
  /** A job of a source that only a later version knows waits so long for it at a time, and as long as a deployment lasts. */
  unknownSourceWaitMs: 60_000,
  deploymentMs: 3_600_000,
  /**
   * A message that may have been sent is not sent again before this; a third and a fourth time after 1 and 15 min: most of
   * its sends outlast a server that answers other calls.
   */
  sendAgainAfterMs: 2_000,
  sendAgainFactor: 30,
  /** Waits between runs that failed: full jitter below 4, 16, 64, 256 s and then 15 min. */
  backoffFirstMs: 4_000,
  backoffFactor: 4,
} as const

export type Timings = { readonly [name in keyof typeof TIMINGS]: number }

/** The timings under a lease of so many seconds: it is renewed four times before it lapses. */
export function timingsUnder({ leaseSeconds }: { leaseSeconds: number }): Timings {
  return { ...TIMINGS, leaseMs: leaseSeconds * 1_000, renewEveryMs: leaseSeconds * 250 }
}

/**
 * One deadline a stage: all its attempts together. Of speech for each sentence, and for all from when the reply is
 * complete. Each Telegram call has its own.
 */
export const STAGE_DEADLINES_MS = {
  download: 10_000,
  transcribe: 20_000,
  reply: 25_000,
  speak: 20_000,
  telegramCall: 10_000,
} as const
