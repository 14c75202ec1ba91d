/** What running jobs needs of the world: inbox, journal, and what a use-case sees of its job. */

/** A job that this process has claimed. */
export type Job = {
  id: number
  /** `tg:<bot id>` or `api:<key id>`. */
  source: string
  key: string
  lane: string
  /** The update or the request as it came. */
  payload: Uint8Array
  /** The audio of an API request; Telegram's stays with Telegram until it is needed. */
  attachment: Uint8Array | null
  /** This one counted. */
  attempts: number
  /** An earlier run has begun it: its journal may hold results. */
  resumed: boolean
  receivedAt: Date
  leaseToken: string
}

/** What names a job before it has an id. */
export type JobKey = Pick<Job, 'source' | 'key'>

/** Proof that this process still owns a job: every write of a run is conditional on it. */
export type Fence = Pick<Job, 'id' | 'leaseToken'>

/** What a use-case sees of the job that it runs in. */
export type JobRun = {
  job: Job
  /** Aborts at the job's hard deadline and when the lease is lost. */
  signal: AbortSignal
  /**
   * Runs a paid step once and remembers its result: a retry of the job gets it without paying.
   * Returns it as soon as it is there; it is stored meanwhile, and in any case before the next send and
   * before the job ends. The result must survive JSON, but for `Uint8Array` at its top level.
   */
  once<T>(step: string, run: () => Promise<T>): Promise<T>
  /** Remembers, as `once` does, what is not a step's whole result. */
  remember(name: string, value: unknown): void
  /** What is remembered under a name or of a step; undefined where nothing is. */
  remembered<T>(name: string): T | undefined
  /**
   * Sends once, as far as that can be known: `started`, and every result there is by then, is committed
   * before the call, the message id after. Found `started` on a retry, it sends once more and counts it in `duplicates_possible`.
   * Returns the message id; throws 'send-given-up' where nobody knows what became of both.
   */
  send(step: string, run: () => Promise<number>): Promise<number>
  /**
   * Throws 'lease-lost' in a process that has slept through its lease and lost the job meanwhile: for paid
   * work that begins before its step can be named.
   */
  confirm(): Promise<void>
  /**
   * Waits until everything that the run has paid for and sent so far is stored; throws what kept it from
   * being stored. From then on every step and every send of the run fails.
   */
  settled(): Promise<void>
  /** How long each step took in this run, for the log. */
  stagesMs(): Record<string, number>
}

export type NewJob = {
  source: string
  key: string
  lane: string
  payload: Uint8Array
  attachment?: Uint8Array
  /** SHA-256 of what was asked for, where the source may ask again under the same key. */
  requestHash?: Uint8Array
  /** A new Telegram message: the same one under another update id is no new job. */
  message?: { chatId: number; messageId: number }
  /** Authentic but unreadable: kept for a person to look at, never run. */
  poison?: boolean
}

/** What claiming a lane's first unfinished job found. */
export type Claim =
  | { kind: 'claimed'; job: Job }
  /** It is not due yet. */
  | { kind: 'wait'; ms: number }
  /** Another run holds it. */
  | { kind: 'held' }
  | { kind: 'empty' }

/** Why a job is to be tried again, and when. */
export type Retry = {
  afterMs: number
  error: string
  /** False where a provider asked us to wait: that wait is no attempt. */
  countsAttempt: boolean
  /** Parked until the provider has quota again: a probe that succeeds sets it free early. */
  parked?: boolean
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
  /** Stores a job and commits; `duplicate` where its key or its message is already there. */
  add(job: NewJob): Promise<'stored' | 'duplicate'>
  /** Finds a job by its key. */
  find(source: string, key: string): Promise<StoredJob | undefined>
  /** Claims the lane's first unfinished job, counting the attempt. */
  claim(lane: string): Promise<Claim>
  /** Prolongs the lease; false where another run has taken the job. */
  renew(fence: Fence): Promise<boolean>
  finish(fence: Fence): Promise<void>
  retryLater(fence: Fence, retry: Retry): Promise<void>
  /** Ends a job that will not be tried again, and gives back a quota reserved for a lesson never recorded. */
  bury(fence: Fence, error: string): Promise<void>
  /**
   * Ends a job whose sender has left: it runs again when it is asked for again. Its place in the plan is kept
   * where something has been paid for, and what it said is forgotten.
   */
  abandon(fence: Fence, error: string): Promise<void>
  /**
   * Makes a job that has ended run again, from its journal but for its answer. False where it is not as
   * it was seen any more: somebody else has reopened it.
   */
  reopen(job: NewJob, seen: StoredJob): Promise<boolean>
  /** Lanes with an expired lease or a due retry, oldest first. */
  dueLanes(limit: number): Promise<string[]>
  /** Deletes what has outlived its use, a bounded number of rows a call. */
  prune(limit: number): Promise<number>
}

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
  /** Everything remembered of a job. */
  read(jobId: number): Promise<JournalEntry[]>
  /** One remembered result, whoever owns the job now. */
  find(jobId: number, step: string): Promise<unknown>
  /**
   * Stores results and beginnings of sends, all or none, at most one of each step. Returns how often each
   * of their steps has been started by now, these times counted.
   */
  write(fence: Fence, entries: readonly JournalWrite[]): Promise<ReadonlyMap<string, number>>
  /** The send that was started has certainly not happened. */
  unstart(fence: Fence, step: string): Promise<void>
}

/** Starts work on a lane without waiting for it. */
export type Wake = (lane: string) => void
