import pLimit from 'p-limit'
import type { SlotClass } from './sources.ts'

/** Runs work when one of its slots is free, in the order of the calls. */
export type InSlot = <T>(slots: SlotClass, work: () => Promise<T>) => Promise<T>

/**
 * Jobs that one process runs at once, by class.
 *
 * - lesson: unless LESSON_SLOTS says otherwise. Of 600 notes at once (`npm run load -- lessons --chats 200 --notes 3`,
 *   two cores) the last was answered after 72 s with 24 slots, 51 with 48, 52 with 80 and 58 with 128, where
 *   acknowledgements took twice as long. With 200 the process no longer got round to its statements in time.
 * - quick: an answer takes a few statements and one call of Telegram's, some 100 ms; so these answer 80 people a
 *   second, and hold fewer connections than the database's pool has.
 * - background: what may be late.
 */
export const SLOTS: Readonly<Record<SlotClass, number>> = { quick: 8, lesson: 48, background: 2 }

/** Slots by class, so that lessons at a provider that hangs hold up lessons and nothing else. */
export function slotsOf(counts: Readonly<Record<SlotClass, number>>): InSlot {
  const inQuickSlot = pLimit(counts.quick)
  const inLessonSlot = pLimit(counts.lesson)
  const inBackgroundSlot = pLimit(counts.background)
  return (slots, work) => {
    switch (slots) {
      case 'quick':
        return inQuickSlot(work)
      case 'lesson':
        return inLessonSlot(work)
      case 'background':
        // A lesson's slot besides: behind all lessons that wait.
        return inBackgroundSlot(() => inLessonSlot(work))
    }
  }
}
