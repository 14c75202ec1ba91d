import type { Log } from '../ports.ts'
import type { Inbox, Wake } from './inbox.ts'

/** Lanes taken up by a sweep behind a webhook call, which has to stay short. */
export const LANES_BESIDE = 20
/** And by one of a scheduler's: what an outage has left is then drained as fast as jobs can run. */
export const LANES_PER_SWEEP = 500
/** Rows that one clean-up deletes at most. */
const ROWS_PER_PRUNE = 1_000

/** Wakes the lanes whose lease has lapsed or whose retry is due, so many at most; how many. */
export async function sweep(
  { inbox, wake, log }: { inbox: Inbox; wake: Wake; log: Log },
  limit: number,
): Promise<number> {
  const lanes = await inbox.dueLanes(limit)
  for (const { lane, slots } of lanes) wake(lane, slots)
  if (lanes.length > 0) log.info('swept', { lanes: lanes.length })
  return lanes.length
}

/** Deletes jobs, and entries of the cache, that have outlived their use; how many. */
export async function prune(deps: {
  inbox: Inbox
  pruneCache(limit: number): Promise<number>
}): Promise<number> {
  const jobs = await deps.inbox.prune(ROWS_PER_PRUNE)
  return jobs + (await deps.pruneCache(ROWS_PER_PRUNE))
}
