import { sql } from 'kysely'

/** The number of a place in the row's day that becomes one without a lesson. */
export const nextUnheardPlace = sql`1 + coalesce((
  select max(place) from quota_use other
  where other.learner_id = quota_use.learner_id and other.day = quota_use.day
    and other.kind = 'unheard'), 0)`

const UNIQUE_VIOLATION = '23505'
/** Lanes in which one learner's jobs can end at the same moment. */
const MAX_TRIES = 5

/** Runs a statement that numbers such a place, again where two jobs of one learner have picked the same number at once. */
export async function numberingPlaces<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run()
    } catch (error) {
      // The next number is free.
      const isTaken = error instanceof Error && Reflect.get(error, 'code') === UNIQUE_VIOLATION
      if (!isTaken || tries === MAX_TRIES) throw error
    }
  }
}
