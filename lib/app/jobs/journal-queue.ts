import { setImmediate as nextIteration } from 'node:timers/promises'
import type { Fence } from './job.ts'
import type { Journal, JournalWrite } from './journal.ts'

type Sends = ReadonlyMap<string, number>

export type JournalQueue = {
  /** Queues an entry. Resolves when it and all before it are stored: how often their steps were started. */
  add(entry: JournalWrite): Promise<Sends>
  /** Waits for everything queued so far; throws the first failure. */
  settled(): Promise<void>
  /** Throws the first failure, if there is one: what comes after it is not stored any more. */
  throwIfFailed(): void
}

/**
 * Writes a job's journal in the background, in order: what is queued in one iteration of the event
 * loop, or while a statement is under way, goes into the next statement together.
 */
export function journalQueue(journal: Journal, job: Fence): JournalQueue {
  let failure: { error: unknown } | undefined
  let last: Promise<Sends> = Promise.resolve(new Map())
  let open: JournalWrite[] | undefined

  function begin(): JournalWrite[] {
    const batch: JournalWrite[] = []
    // Behind a failure nothing is stored: a journal has no gaps.
    last = last.then(async () => {
      await nextIteration()
      if (open === batch) open = undefined
      return journal.write(job, batch)
    })
    // Callers that await `last` see the failure; later ones get it from `throwIfFailed`.
    last.catch((error: unknown) => {
      failure ??= { error }
    })
    return batch
  }

  return {
    add(entry) {
      // One statement cannot write a row twice.
      const isTaken = open?.some(({ step }) => step === entry.step) === true
      if (open === undefined || isTaken) open = begin()
      open.push(entry)
      return last
    },

    async settled() {
      await last
    },

    throwIfFailed() {
      if (failure !== undefined) throw failure.error
    },
  }
}
