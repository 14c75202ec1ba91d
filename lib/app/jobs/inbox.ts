import type { Sample } from '../measures.ts'
import type { Fence, Job } from './job.ts'
import type { JobSource, SlotClass } from './sources.ts'

export type NewJob = JobSource & {
  key: string
  lane: string
  payload: Uint8Array
  attachment?: Uint8Array
  /** SHA-256 of what the job is, where something else may come under the same key. */
  requestHash?: Uint8Array
  /** A new Telegram message: the same one under another update id is no new job. */
  message?: { chatId: number; messageId: number }
  /** Authentic but unreadable: kept for a person to look at, never run. */
  poison?: boolean
  /** When it is to be run; at once, unless given. Its age counts from then. */
  dueAt?: Date
  /** The learner whose job it is, where that is known; none is stored for a learner who has been deleted. */
  learnerId?: number
}

/** What became of a new job: `lane-full` where too many wait before it, so that it is not run. */
export type Addition = 'stored' | 'duplicate' | 'lane-full'

/** Jobs that may wait in one lane. A learner speaks to one tutor: no conversation has as many. */
export const LANE_DEPTH = 30

/** The lane in which a sender is told that theirs is full. */
export function fullLaneOf(lane: string): string {
  return `full:${lane}`
}

/** What claiming a lane's first unfinished job found. */
export type Claim =
  | { kind: 'claimed'; job: Job }
  /** The first job takes other slots than these. */
  | { kind: 'other-slots'; slots: SlotClass }
  /** The first job is not due yet. */
  | { kind: 'wait'; ms: number }
  /** The first job waits for an operator; sweeps and the probe that succeeds find it. */
  | { kind: 'parked' }
  /** Another run holds the first job. */
  | { kind: 'held' }
  | { kind: 'empty' }

/** Why a job is to be tried again, and when. */
export type Retry = {
  afterMs: number
  error: string
  /** False where a provider asked us to wait: that wait is no attempt. */
  countsAttempt: boolean
  /** Parked until the provider has quota again: a probe that succeeds sets it free early. */
  isParked?: boolean
  /** What the failed run has measured. */
  samples?: readonly Sample[]
}

export type StoredJob = {
  id: number
  state: 'waiting' | 'done' | 'dead' | 'poison'
  requestHash: Uint8Array | null
  /** `<code>: <message>` of the newest failure. */
  lastError: string | null
  /** When it ended, to the database's own precision; null while it has not. */
  finishedAt: string | null
  /** Milliseconds until it is due; 0 where it is. */
  dueInMs: number
}

export type Inbox = {
  /**
   * Stores a job and commits; `duplicate` where its key or its message is already there. Where its lane is full,
   * one such job an hour is stored in a lane beside it, as surplus, and the others are dropped.
   */
  add(job: NewJob): Promise<Addition>
  /** Finds a job by its key. */
  find(source: string, key: string): Promise<StoredJob | undefined>
  /**
   * Claims the lane's first unfinished job, if it takes these slots, counting the attempt. One of `ownJobs`, which this
   * process runs, is held even where its lease has lapsed.
   */
  claim(lane: string, slots: SlotClass, ownJobs?: ReadonlySet<number>): Promise<Claim>
  /** Prolongs the lease; false where another run has taken the job. */
  renew(fence: Fence): Promise<boolean>
  /** Ends a job that has succeeded; the run's `samples` are stored with it, as with each other end. */
  finish(fence: Fence, samples?: readonly Sample[]): Promise<void>
  retryLater(fence: Fence, retry: Retry): Promise<void>
  /** Ends a job that will not be tried again, and gives back a quota reserved for a lesson never recorded. */
  bury(fence: Fence, error: string, samples?: readonly Sample[]): Promise<void>
  /** Ends a job whose sender can be told nothing any more: it is done, and the rest of its work is of no use. */
  leave(fence: Fence, error: string, samples?: readonly Sample[]): Promise<void>
  /**
   * Ends a job whose sender has left: it runs again when it is asked for again. Its place in the plan is kept
   * where something has been paid for, and what it said is forgotten.
   */
  abandon(fence: Fence, error: string, samples?: readonly Sample[]): Promise<void>
  /**
   * Makes a job that has ended run again, from its journal, without the answer that is stored there. False where it has
   * changed since `storedJob` was read: another request has reopened it.
   */
  reopen(job: NewJob, storedJob: StoredJob): Promise<boolean>
  /** Ends a job that no source of ours has made: kept for a person to look at. */
  poison(fence: Fence, error: string): Promise<void>
  /** Lanes with an expired lease or a due retry, oldest first, and the slots that their first job takes. */
  dueLanes(limit: number): Promise<DueLane[]>
  /** Deletes what has outlived its use, a bounded number of rows a call. */
  prune(limit: number): Promise<number>
}

export type DueLane = { lane: string; slots: SlotClass }

/** Starts work on a lane without waiting for it; `slots` are those of the job that is likely its first. */
export type Wake = (lane: string, slots: SlotClass) => void
