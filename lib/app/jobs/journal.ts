import type { LedgerEntry } from '../usage.ts'
import type { Fence } from './job.ts'

/** The name of what is stored for a client that asks again: it outlives its job's other steps. */
export const ANSWER = 'answer'

/** The name of what a later job is to send in this one's place: it, too, outlives the other steps. */
export const HELD = 'held'

export type JournalEntry = {
  step: string
  state: 'started' | 'done'
  sends: number
  value: unknown
}

/** A step's result, or that a send begins. */
export type JournalWrite =
  | { step: string; state: 'done'; value: unknown }
  | { step: string; state: 'started' }

export type Journal = {
  /** Everything stored of a job. */
  read(jobId: number): Promise<JournalEntry[]>
  /** One stored result of a job; no run has to own the job. */
  find(jobId: number, step: string): Promise<unknown>
  /**
   * Stores results and beginnings of sends, all or none, at most one of each step; with them what was charged meanwhile,
   * which is stored also where another run owns the job now. Returns how often each of their steps has been started by now,
   * these times counted.
   */
  write(
    fence: Fence,
    entries: readonly JournalWrite[],
    charges: readonly LedgerEntry[],
  ): Promise<ReadonlyMap<string, number>>
  /** The send that was started has certainly not happened. */
  unstart(fence: Fence, step: string): Promise<void>
}
