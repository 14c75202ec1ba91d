import type { RunMeasures } from '../measures.ts'
import type { Log } from '../ports.ts'

/** How long the steps of a run took. */
export type StepTimer = {
  /** Does a step's work and measures it, as `stage` where that is given. A step that fails is not measured. */
  time<T>(step: string, work: () => Promise<T>, stage?: 'send'): Promise<T>
  /** Milliseconds by the names of steps, up to their colon. */
  stagesMs(): Record<string, number>
}

export function stepTimer({ measures, log }: { measures: RunMeasures; log: Log }): StepTimer {
  const stagesMs: Record<string, number> = {}
  return {
    async time(step, work, stage) {
      const startedAt = performance.now()
      const value = await work()
      const ms = Math.round(performance.now() - startedAt)
      const name = step.split(':', 1).join()
      stagesMs[name] = ms
      measures.time('stage_seconds', { stage: stage ?? name }, ms)
      log.debug('step_ended', { step, ms })
      return value
    },
    stagesMs: () => ({ ...stagesMs }),
  }
}
