import { setImmediate as nextIteration } from 'node:timers/promises'
import { recover } from '../error.ts'
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
  let last: Promise<Sends> = Promise.resolve(new Map())
  let open: JournalWrite[] | undefined
  const charges: LedgerEntry[] = []

  function begin(): JournalWrite[] {
    const batch: JournalWrite[] = []
    last = last.then(
      async () => {
        await nextIteration()
        if (open === batch) open = undefined
        return write(batch)
      },
      async (error: unknown) => {
        if (open === batch) open = undefined
        // Behind a failure no entry is stored, since a journal has no gaps; what was paid is paid all the same.
        if (charges.length > 0) await recover(write([]), ['lease-lost'], () => {})
        throw error
      },
    )
    // Callers that await `last` see the failure; later ones get it from `throwIfFailed`.
    last.catch((error: unknown) => {
      failure ??= { error }
    })
    return batch
  }

  function write(entries: readonly JournalWrite[]): Promise<Sends> {
    const batch = charges.splice(0)
    return recover(journal.write(job, entries, batch), ['database-unavailable'], (error) => {
      // The run ends here; what it has paid outlasts it.
      unstoredCharges.keep(job, batch)
      throw error
    })
  }

  function flush(): void {
    if (charges.length > 0 && open === undefined) open = begin()
  }

  return {
    add(entry) {
      // One statement cannot write a row twice.
      const isTaken = open?.some(({ step }) => step === entry.step) === true
      if (open === undefined || isTaken) open = begin()
      open.push(entry)
      return last
    },

    charge(entry) {
      charges.push(entry)
      // Of a run that is over no other entry comes, and its process may be frozen at any moment.
      if (signal.aborted) flush()
      else if (charges.length === 1) setTimeout(flush, LATE_CHARGE_MS).unref()
    },

    async settled() {
      flush()
      await last
    },

    throwIfFailed() {
      if (failure !== undefined) throw failure.error
    },
  }
}
