import type { JobRun } from './job.ts'

/** How the jobs of one source are run, and what their sender hears when that fails. */
export type JobHandler = {
  run(run: JobRun): Promise<void>
  /** Tells the sender, once, that the job waits for the provider to have quota again. */
  onParked(run: JobRun): Promise<void>
  /** Tells the sender after the first failure that the job is retried, so that it is not sent twice. */
  onDelayed(run: JobRun): Promise<void>
  /** Apologises, once, for a job that is given up. */
  onDead(run: JobRun): Promise<void>
  /** Tells the sender that too many of theirs wait already, in place of running a job that came then. */
  onSurplus(run: JobRun): Promise<void>
}
