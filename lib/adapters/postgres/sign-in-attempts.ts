import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import {
  ATTEMPT_WINDOW_SECONDS,
  MAX_ATTEMPTS,
  type SignInAttempts,
} from '../../app/dashboard/sign-in-attempts.ts'

const WINDOW = sql`make_interval(secs => ${ATTEMPT_WINDOW_SECONDS})`
const RECENT = sql`array(select at from unnest(attempts) as at where at > now() - ${WINDOW} order by at)`

/** The attempts in one row, whose lock makes requests that come at once wait for each other. */
export function pgSignInAttempts(db: Kysely<Tables>): SignInAttempts {
  return {
    async begin() {
      const { rows } = await sql`
        update sign_in set attempts = ${RECENT} || now()
        where cardinality(${RECENT}) < ${MAX_ATTEMPTS} returning 1`.execute(db)
      if (rows.length === 1) return { kind: 'allowed' }
      const { rows: waits } = await sql<{ seconds: number }>`
        select extract(epoch from (${RECENT})[1] + ${WINDOW} - now())::float8 as seconds
        from sign_in`.execute(db)
      return { kind: 'refused', retryAfterSeconds: Math.max(1, waits[0]?.seconds ?? 1) }
    },
    async clear() {
      await sql`update sign_in set attempts = '{}'`.execute(db)
    },
  }
}
