import type { JournalEntry } from './journal.ts'
import type { JournalQueue } from './journal-queue.ts'

/** What the journal has of a job's steps: the entries of earlier runs, and those of this run. */
export type StoredSteps = {
  find(step: string): JournalEntry | undefined
  /** Remembers an entry that is stored already. */
  note(entry: JournalEntry): void
  /** Remembers a step's result, and stores it in the background. */
  keep(step: string, value: unknown, sends?: number): void
}

export function storedSteps(
  entries: readonly JournalEntry[],
  queue: Pick<JournalQueue, 'add'>,
): StoredSteps {
  const entryOfStep = new Map(entries.map((entry) => [entry.step, entry]))
  return {
    find: (step) => entryOfStep.get(step),
    note(entry) {
      entryOfStep.set(entry.step, entry)
    },
    keep(step, value, sends = 0) {
      entryOfStep.set(step, { step, state: 'done', sends, value })
      // Not awaited: if it fails, the next step, the next send and `settled` throw.
      void queue.add({ step, state: 'done', value })
    },
  }
}
