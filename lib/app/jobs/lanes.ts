import { every } from '../every.ts'
import type { Log } from '../ports.ts'
import type { Inbox, Wake } from './inbox.ts'
import { quietSweeps } from './quiet-sweeps.ts'
import type { SlotClass } from './sources.ts'
import { LANES_BESIDE, LANES_PER_SWEEP, prune, sweep } from './sweep.ts'

const SWEEP_INTERVAL_MS = 10_000
const PRUNE_INTERVAL_MS = 3_600_000
/** So often a process asks for the turn to watch, which all instances together have once a minute. */
const WATCH_INTERVAL_MS = 20_000

export type LanesDeps = {
  inbox: Inbox
  /** Deletes entries of the cache that are over, so many at most; how many. */
  pruneCache(limit: number): Promise<number>
  log: Log
  drain(lane: string, slots: SlotClass): Promise<void>
  /** Resolves when work that can wait may begin. */
  calm(): Promise<void>
  /** Adds the jobs that are to be run once a period. */
  addPeriodicJobs(wake: Wake): Promise<void>
  /** Starts work beside a request; a failure is logged as `<name>_failed`. */
  beside(name: string, work: () => Promise<void>): void
  /** Looks whether an operator has to be told of something; undefined where none wants to be. */
  watch?: (() => Promise<void>) | undefined
  /** Milliseconds that never run backwards, as `performance.now()`. */
  monotonicMs(): number
}

/** When the lanes of this process are drained. */
export type Lanes = {
  /** Drains a lane in the background, behind the acknowledgements that are under way. */
  wake: Wake
  /** Wakes the lanes that are due; how many. */
  sweep(): Promise<number>
  /** Deletes jobs, and entries of the cache, that have outlived their use; how many. */
  prune(): Promise<number>
  /** Sweeps in the background, at most every 10 s, and prunes at most every hour. */
  sweepSoon(): void
}

/** Wakes and sweeps the lanes of one process. */
export function lanes(deps: LanesDeps): Lanes {
  const { inbox, pruneCache, log, drain, calm, beside, watch, monotonicMs, addPeriodicJobs } = deps
  const sweptLanes = new Set<string>()
  const isSweepDue = every(SWEEP_INTERVAL_MS, monotonicMs)
  const isPruneDue = every(PRUNE_INTERVAL_MS, monotonicMs)
  const isWatchDue = every(WATCH_INTERVAL_MS, monotonicMs)

  // While a lane still waits for its slot since an earlier sweep, another drain would find nothing more.
  function wakeOnce(lane: string, slots: SlotClass): void {
    if (sweptLanes.has(lane)) return
    sweptLanes.add(lane)
    beside('drain', () => drain(lane, slots).finally(() => sweptLanes.delete(lane)))
  }

  function watchBeside(): void {
    if (watch !== undefined && isWatchDue()) beside('watch', watch)
  }

  /** Wakes so many lanes that are due, at most; with them comes all that is due once in a while. */
  async function wakeDue(limit: number): Promise<number> {
    const lanes = await sweep({ inbox, wake: wakeOnce, log }, limit)
    await addPeriodicJobs(wakeOnce)
    watchBeside()
    return lanes
  }

  const sweepBeside = quietSweeps({ log, monotonicMs }, async () => {
    await wakeDue(LANES_BESIDE)
    if (isPruneDue()) await prune({ inbox, pruneCache })
  })

  return {
    wake(lane, slots) {
      beside('drain', async () => {
        await calm()
        await drain(lane, slots)
      })
    },
    sweep: () => wakeDue(LANES_PER_SWEEP),
    prune: () => prune({ inbox, pruneCache }),
    sweepSoon() {
      if (!isSweepDue()) return
      beside('sweep', sweepBeside)
    },
  }
}
