import { AppError } from '../error.ts'
import type { Log, Now } from '../ports.ts'
import type { Inbox } from './inbox.ts'
import type { Job } from './job.ts'
import type { Timings } from './timings.ts'

export type LeaseDeps = {
  inbox: Pick<Inbox, 'renew'>
  log: Log
  now: Now
  timings: Pick<Timings, 'leaseMs' | 'renewEveryMs'>
}

export type Lease = {
  /** Aborts when the lease is lost, and when the run is over. */
  endSignal: AbortSignal
  /** Throws 'lease-lost' in a process that has slept through its lease and lost the job meanwhile. */
  confirm(): Promise<void>
  stop(): void
}

/** Renews a job's lease until it is stopped. */
export function keepLease({ inbox, log, now, timings }: LeaseDeps, job: Job): Lease {
  const end = new AbortController()
  let heldUntil = now().getTime() + timings.leaseMs

  async function renew(): Promise<void> {
    const requestedAt = now().getTime()
    if (await inbox.renew(job)) heldUntil = requestedAt + timings.leaseMs
    else end.abort(new AppError('lease-lost', `Another run took job ${job.id} over.`))
  }

  const timer = setInterval(() => {
    renew().catch((error: unknown) => {
      // The next renewal may get through; if none does, every write is fenced.
      log.warn('lease_not_renewed', { job_id: job.id, error })
    })
  }, timings.renewEveryMs)

  return {
    endSignal: end.signal,
    async confirm() {
      if (now().getTime() >= heldUntil) await renew()
      end.signal.throwIfAborted()
    },
    stop() {
      clearInterval(timer)
      // What a failed run has left under way must not go on paying.
      end.abort(new AppError('lease-lost', `The run of job ${job.id} is over.`))
    },
  }
}
