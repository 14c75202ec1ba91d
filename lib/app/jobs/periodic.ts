import type { Now } from '../ports.ts'
import type { Inbox, NewJob, Wake } from './inbox.ts'
import type { JobSource } from './sources.ts'

/** A job that is run once a period, added by the first process that sweeps in it. */
export type PeriodicJob = JobSource & {
  lane: string
  /** Periods begin at its multiples since 1970, in UTC; the beginning of one is its job's key. */
  everyMs: number
  /** How long after the beginning of a period its job is added. */
  afterMs: number
  /** Whether the job would find something to do. */
  isDue(): Promise<boolean>
}

/** Makes what adds the jobs of the present period, at most once a process: of many processes, the first one's is stored. */
export function periodicJobs(
  { inbox, now }: { inbox: Pick<Inbox, 'add'>; now: Now },
  jobs: readonly PeriodicJob[],
): (wake: Wake) => Promise<void> {
  const lastPeriods = new Map<PeriodicJob, number>()
  return async (wake) => {
    for (const job of jobs) {
      const { everyMs, afterMs, isDue, ...jobFields } = job
      const period = Math.floor((now().getTime() - afterMs) / everyMs) * everyMs
      if (lastPeriods.get(job) === period) continue
      if (await isDue()) {
        const key = new Date(period).toISOString()
        const newJob: NewJob = { ...jobFields, key, payload: new Uint8Array() }
        if ((await inbox.add(newJob)) === 'stored') wake(job.lane, job.slots)
      }
      lastPeriods.set(job, period)
    }
  }
}
