import { type Finding, fail, ok } from './finding.ts'

/** What a server says of itself, and how long it took to say it. */
export type ServerState = {
  versionNumber: number
  version: string
  isReadOnly: boolean
  encoding: string
  /** This role may write our tables, or there are none yet. */
  mayWrite: boolean
  driver: string
  roundTripMs: number
}

const MIN_VERSION = 15
/** The only encoding that holds every text of ours, as db/migrate.ts insists. */
const ENCODING = 'UTF8'

/** What an operator does about a database that cannot be used. */
export const CHECK_URL =
  'check DATABASE_URL (or POSTGRES_URL), and that the server is up; on Vercel: Project > Storage'

/** Tells whether lessons can be stored on a server. */
export function judgeServer(state: ServerState): Finding {
  const { versionNumber, version, isReadOnly, encoding, mayWrite, driver, roundTripMs } = state
  if (versionNumber < MIN_VERSION * 10_000) {
    return fail(
      `PostgreSQL ${version}, and ${MIN_VERSION} is needed`,
      'move to a newer server: pg_dump, then psql',
    )
  }
  if (encoding !== ENCODING) {
    return fail(
      `encoded in ${encoding}, and lessons need ${ENCODING}`,
      `create database NAME encoding '${ENCODING}' template template0`,
    )
  }
  if (isReadOnly) return fail('read-only: a standby?', CHECK_URL)
  if (!mayWrite) return fail('this role may not write', 'grant all on all tables to the role')
  return ok(`PostgreSQL ${version} by ${driver}, writable, ${roundTripMs} ms`)
}

/** Tells whether the tables are those of this version, by the migrations that have not run and those of later versions that have. */
export function judgeMigrations(
  pendingNames: readonly string[],
  laterNames: readonly string[],
): Finding {
  const words = laterNames.length === 0 ? '' : `; a later version has run ${laterNames.join(', ')}`
  return pendingNames.length === 0
    ? ok(`up to date${words}`)
    : fail(
        `${pendingNames.length} pending: ${pendingNames.join(', ')}${words}`,
        'npm run migrate -- up',
      )
}
