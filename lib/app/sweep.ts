import type { Inbox, Wake } from './job-ports.ts'
import type { Log } from './ports.ts'

/** Lanes taken up by one sweep: bounded, so that a sweep behind a webhook call stays short. */
const LANES_PER_SWEEP = 20
/** Rows that one clean-up deletes at most. */
const ROWS_PER_PRUNE = 1_000

/** Wakes the lanes whose lease has lapsed or whose retry is due; how many. */
export async function sweep(
  { inbox, wake, log }: { inbox: Inbox; wake: Wake; log: Log },
  limit = LANES_PER_SWEEP,
): Promise<number> {
  const lanes = await inbox.dueLanes(limit)
  for (const lane of lanes) wake(lane)
  if (lanes.length > 0) log.info('swept', { lanes: lanes.length })
  return lanes.length
}

/** Deletes jobs that have outlived their use; how many. */
export function prune({ inbox }: { inbox: Inbox }): Promise<number> {
  return inbox.prune(ROWS_PER_PRUNE)
}
