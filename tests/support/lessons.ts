import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import { pgLearners } from '../../lib/adapters/postgres/learners.ts'
import type { LessonDraft } from '../../lib/app/lesson/stores.ts'
import type { Learner } from '../../lib/domain/learner/learner.ts'
import type { Mistake } from '../../lib/domain/lesson/lesson.ts'

/** The mistake in `Jdu do škola.`, explained in Ukrainian. */
export const SCHOOL_MISTAKE: Mistake = {
  original: 'škola',
  corrected: 'školy',
  category: 'case',
  explanationCs: 'Po „do“ je druhý pád.',
  explanationNative: 'Після «do» родовий відмінок.',
}

let learnerCount = 0

/** A learner on Telegram whom no other test uses. */
export function newLearner(db: Kysely<Tables>, nativeLanguage = 'uk'): Promise<Learner> {
  learnerCount += 1
  return pgLearners(db).chooseNativeLanguage(1_000_000 + learnerCount, nativeLanguage)
}

export function newDraft(
  learner: { id: number },
  overrides: Partial<LessonDraft> = {},
): LessonDraft {
  return {
    learnerId: learner.id,
    day: '2026-11-23',
    kind: 'voice',
    said: 'Jdu do škola.',
    reply: 'A co se učíš?',
    correctedText: 'Jdu do školy.',
    mistakes: [SCHOOL_MISTAKE],
    suggestion: 'Zkus říct, kam jdeš.',
    newWords: [{ czech: 'škola', translation: 'школа' }],
    replyTranslation: '',
    readyAnswers: [],
    doubtfulWords: [],
    graded: true,
    score: 67,
    wordsTotal: 3,
    wordsCorrect: 2,
    durationSeconds: 2.5,
    ...overrides,
  }
}

export function learnerRow(db: Kysely<Tables>, { id }: { id: number }) {
  return db.selectFrom('learner').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export function lessonsOf(db: Kysely<Tables>, { id }: { id: number }) {
  return db.selectFrom('lesson').selectAll().where('learner_id', '=', id).execute()
}

/** The places that a learner's days hold, in the order they were taken. */
export function placesOf(db: Kysely<Tables>, { id }: { id: number }) {
  return db
    .selectFrom('quota_use')
    .select(['day', 'kind', 'place'])
    .where('learner_id', '=', id)
    .orderBy('job_id')
    .execute()
}

/** The kinds of those places. */
export async function placeKindsOf(db: Kysely<Tables>, learner: { id: number }): Promise<string[]> {
  return (await placesOf(db, learner)).map(({ kind }) => kind)
}

/** Lets a day begin in which nothing has been spent, or is held back. */
export async function forgetSpending(db: Kysely<Tables>): Promise<void> {
  await sql`update quota_use set reserved_micro_usd = 0 where reserved_micro_usd > 0`.execute(db)
  await sql`delete from usage`.execute(db)
  await sql`delete from budget_day`.execute(db)
}

/** What all lessons of today have cost so far; undefined where none was charged. */
export async function spentToday(db: Kysely<Tables>): Promise<number | undefined> {
  const row = await db
    .selectFrom('budget_day')
    .select('spent_micro_usd')
    .where('day', '=', sql<string>`(now() at time zone 'UTC')::date`)
    .executeTakeFirst()
  return row?.spent_micro_usd
}
