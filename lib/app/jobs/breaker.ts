import type { ErrorCode } from '../error.ts'
import type { Stage } from '../usage.ts'

/**
 * Whether a stage's provider can be asked, or an operator has to put something right first: its quota, its key, its
 * model's name. Opened by a run that found it out, closed by one that did not.
 */
export type Breaker = {
  /** Opens it for a stage; whether it was closed, and when one job is to ask again. */
  open(stage: Stage, reason: ErrorCode): Promise<{ isNew: boolean; probeInMs: number }>
  /** Whether a stage may be asked: `probe`, by this caller, to find out; counted, so that the next may find out later. */
  probe(stage: Stage): Promise<'closed' | 'probe' | 'blocked'>
  /** Closes it for stages and sets the parked jobs free; the lanes to wake now, sweeps find the others. */
  close(stages: readonly Stage[]): Promise<string[]>
}
