import { randomUUID } from 'node:crypto'
import type { Log } from '../ports.ts'
import type { Charge, ChargedStep, PaidStep, Usage } from '../usage.ts'
import type { JobRun } from './job.ts'
import type { JournalQueue } from './journal-queue.ts'
import type { StepTimer } from './step-timer.ts'
import type { StoredSteps } from './stored-steps.ts'

type PaidStepsDeps = {
  steps: StoredSteps
  queue: Pick<JournalQueue, 'charge' | 'throwIfFailed'>
  timer: StepTimer
  log: Log
  confirmLease(): Promise<void>
  price?: ((usage: Usage) => Usage) | undefined
}

export type PaidSteps = Pick<JobRun, 'once' | 'charge' | 'whileUnderWay'> & {
  /** Waits until no step and no call is under way, whether they succeed or fail. */
  ended(): Promise<void>
}

/** Runs the paid steps of a run, each of them once, and charges their calls. */
export function paidSteps(deps: PaidStepsDeps): PaidSteps {
  const { steps, queue, timer, log, confirmLease, price = (usage) => usage } = deps
  const workUnderWay = new Set<Promise<unknown>>()

  const charge =
    (step: ChargedStep): Charge =>
    (usage) => {
      const pricedUsage = price(usage)
      log.debug('call_charged', { step, ...pricedUsage })
      queue.charge({ ...pricedUsage, step, callId: randomUUID() })
    }

  async function whileUnderWay<T>(result: Promise<T>): Promise<T> {
    workUnderWay.add(result)
    try {
      return await result
    } finally {
      workUnderWay.delete(result)
    }
  }

  return {
    charge,
    whileUnderWay,
    async once<T>(step: PaidStep, call: (charge: Charge) => Promise<T>): Promise<T> {
      queue.throwIfFailed()
      const entry = steps.find(step)
      if (entry?.state === 'done') {
        log.debug('step_remembered', { step })
        // The step's name stands for its type: only this step writes an entry of that name.
        return entry.value as T
      }
      // The process may have slept through its lease: then the next process has paid for the step.
      await confirmLease()
      const value = await whileUnderWay(timer.time(step, () => call(charge(step))))
      steps.keep(step, value)
      // If the journal has failed, the value is not stored, and nothing may be built on it.
      queue.throwIfFailed()
      return value
    },
    async ended() {
      await Promise.allSettled(workUnderWay)
    },
  }
}
