import { setImmediate as nextIteration } from 'node:timers/promises'
import { hasCode, recover } from '../error.ts'
import type { LedgerEntry } from '../usage.ts'
import type { Fence } from './job.ts'
import type { Journal, JournalWrite } from './journal.ts'
import type { UnstoredCharges } from './unstored-charges.ts'

type Sends = ReadonlyMap<string, number>

export type JournalQueue = {
  /** Queues an entry. Resolves when it and all before it are stored: how often their steps were started. */
  add(entry: JournalWrite): Promise<Sends>
  /** Has a charge stored with the next entry, or when `settled` is called: it never costs a statement of its own before. */
  charge(entry: LedgerEntry): void
  /** Waits for everything queued so far; throws the first failure. */
  settled(): Promise<void>
  /** Throws the first failure, if there is one: what comes after it is not stored any more. */
  throwIfFailed(): void
}

type JournalQueueDeps = {
  journal: Pick<Journal, 'write'>
  unstoredCharges: Pick<UnstoredCharges, 'keep'>
}

/** How long a charge waits for the run's next entry. */
const LATE_CHARGE_MS = 5_000

/**
 * Writes a job's journal in the background, in order: what is queued in one iteration of the event
 * loop, or while a statement is under way, goes into the next statement together. `signal` says that the run is over.
 */
export function journalQueue(
  { journal, unstoredCharges }: JournalQueueDeps,
  job: Fence,
  signal: AbortSignal,
): JournalQueue {
  let failure: { error: unknown } | undefined
  let lastWrite: Promise<Sends> = Promise.resolve(new Map())
  /** The batch that still takes entries: its statement has not begun. */
  let openBatch: JournalWrite[] | undefined
  const waitingCharges: LedgerEntry[] = []

  function beginBatch(): JournalWrite[] {
    const batch: JournalWrite[] = []
    lastWrite = lastWrite.then(
      async () => {
        await nextIteration()
        if (openBatch === batch) openBatch = undefined
        return write(batch)
      },
      async (error: unknown) => {
        if (openBatch === batch) openBatch = undefined
        // Behind a failure no entry is stored, since a journal has no gaps; what was paid is paid all the same.
        if (waitingCharges.length > 0) await recover(write([]), ['lease-lost'], () => {})
        throw error
      },
    )
    // Callers that await `lastWrite` see the failure; later ones get it from `throwIfFailed`.
    lastWrite.catch((error: unknown) => {
      failure ??= { error }
    })
    return batch
  }

  function write(entries: readonly JournalWrite[]): Promise<Sends> {
    const charges = waitingCharges.splice(0)
    return journal.write(job, entries, charges).then(undefined, (error: unknown) => {
      // The run ends here; what it has paid outlasts it. Of one that has lost its job the charges are stored.
      if (!hasCode(error, 'lease-lost')) unstoredCharges.keep(job, charges)
      throw error
    })
  }

  function flush(): void {
    if (waitingCharges.length > 0 && openBatch === undefined) openBatch = beginBatch()
  }

  return {
    add(entry) {
      // One statement cannot write a row twice.
      const isTaken = openBatch?.some(({ step }) => step === entry.step) === true
      if (openBatch === undefined || isTaken) openBatch = beginBatch()
      openBatch.push(entry)
      return lastWrite
    },

    charge(entry) {
      waitingCharges.push(entry)
      // Of a run that is over no other entry comes, and its process may be frozen at any moment.
      if (signal.aborted) flush()
      else if (waitingCharges.length === 1) setTimeout(flush, LATE_CHARGE_MS).unref()
    },

    async settled() {
      flush()
      await lastWrite
    },

    throwIfFailed() {
      if (failure !== undefined) throw failure.error
    },
  }
}
