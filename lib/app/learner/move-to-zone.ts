import { changeZone } from '../../domain/learner/calendar.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { Learners } from './learners.ts'

/** What became of a change of the time zone: a learner can make one on each of their days. */
export type Move = { kind: 'moved' | 'moved-today'; learner: Learner }

/** Moves a learner to another time zone from an instant on; undefined where there is no such learner. */
export async function moveToZone(
  { learners }: { learners: Learners },
  telegramId: number,
  zone: string,
  at: Date,
): Promise<Move | undefined> {
  const learner = await learners.changeCalendar(telegramId, (calendar) =>
    changeZone(calendar, zone, at),
  )
  if (learner === undefined) return undefined
  return { kind: learner.timeZone === zone ? 'moved' : 'moved-today', learner }
}
