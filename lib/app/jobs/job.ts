import type { Measures } from '../measures.ts'
import type { Charge, ChargedStep, PaidStep } from '../usage.ts'

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
  /** Runs that count against the limit, the present one among them. */
  attempts: number
  /** Earlier runs that failed and counted no attempt. */
  postponements: number
  /** The job came when its lane was full: its run tells the sender so, and does nothing else. */
  isSurplus: boolean
  /** An earlier run has begun the job: its journal may hold results. */
  isResumed: boolean
  /** When the job arrived; of a job for later, when it was to be run. */
  receivedAt: Date
  leaseToken: string
}

/** What names a job before it has an id. */
export type JobKey = Pick<Job, 'source' | 'key'>

/** The job behind which a drain stops; `onBegin` is called when it begins there. */
export type LastJob = JobKey & { onBegin?(): void }

/** Proof that this process still owns a job: every write of a run is conditional on it. */
export type Fence = Pick<Job, 'id' | 'leaseToken'>

/** What a use-case sees of the job that it runs in. */
export type JobRun = {
  job: Job
  /** Aborts at the job's hard deadline and when the lease is lost. */
  signal: AbortSignal
  /**
   * Runs a paid step once and stores its result: a retry of the job gets it without paying.
   * Returns it as soon as it is there; it is stored meanwhile, and in any case before the next send and
   * before the job ends. The result must survive JSON; only a `Uint8Array` at its top level is allowed besides. `charge` takes
   * what each of its calls has used, also where the step fails.
   */
  once<T>(step: PaidStep, run: (charge: Charge) => Promise<T>): Promise<T>
  /** Where calls are charged that are made for a step whose name is not known yet. */
  charge(step: ChargedStep): Charge
  /**
   * Keeps the run from ending before a call has ended and is charged: speech that is stopped has no step that would be waited
   * for.
   */
  whileUnderWay<T>(call: Promise<T>): Promise<T>
  /** Stores, as `once` does, what is not a step's whole result. */
  store(name: string, value: unknown): void
  /** What is stored under a name or of a step; undefined where nothing is. */
  stored<T>(name: string): T | undefined
  /**
   * Sends once, as far as that can be known: `started`, and every result there is by then, is committed
   * before the call, the message id after. Found `started` on a retry, its outcome is unknown: it is sent again, once
   * `reach`, a harmless call to the same chat, has succeeded, and counted in `duplicates_possible`.
   * Returns what came of it, which must survive JSON: a message id, or more. Throws 'send-given-up' where the outcome
   * of four is unknown.
   */
  send<T>(step: string, run: () => Promise<T>, reach: () => Promise<unknown>): Promise<T>
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
  /** Takes what is counted and timed in this run. */
  measures: Measures
  /** How long each step took in this run, for the log. */
  stagesMs(): Record<string, number>
}
