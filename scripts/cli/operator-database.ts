import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { OWN_SCHEMA } from '../../db/migrate.ts'
import { type Database, openDatabase } from '../../db/open.ts'
import { isDatabaseUnavailable } from '../../lib/adapters/postgres/database-error.ts'
import { AppError } from '../../lib/app/error.ts'
import { type DatabaseConfig, parseDatabaseConfig } from '../../lib/config.ts'
import { failed, type Outcome, type Terminal } from './command-line.ts'

/** Which connection string a command uses; the migrations' is not a pooler's where there is a choice. */
export type Connection = 'for-migrations' | 'as-the-server'

/**
 * Opens the database, does the work and closes it again. `where` names the database without its password.
 *
 * Opening PGlite makes its folder: a command that only reads or takes away gives `ifNone`, which answers
 * for a folder without a database.
 *
 * Errors that an operator can cause become a sentence: a folder that another process holds, a server that
 * does not answer or refuses us, missing tables. Throws ConfigError, and any other error.
 */
export async function withDatabase(
  { env }: Terminal,
  connection: Connection,
  work: (database: Database, where: string) => Promise<Outcome>,
  ifNone?: (where: string) => Outcome,
): Promise<Outcome> {
  const config = parseDatabaseConfig(env)
  const url = connection === 'for-migrations' ? config.unpooledUrl : config.url
  const place = placeOf(url, config)
  if (ifNone !== undefined && url === undefined && !hasDatabase(config.pgliteDir)) {
    return ifNone(place)
  }
  // A server is reached at the first statement only: an error here is the folder's.
  const database = await openDatabase({ url, pgliteDir: config.pgliteDir }).catch(plainMessage)
  if (typeof database === 'string') return failed(database)
  try {
    return await work(database, place)
  } catch (error) {
    // The command's edge: the operator reads a sentence.
    const because = sentenceFor(error, place)
    if (because === undefined) throw error
    return failed(because)
  } finally {
    await database.close()
  }
}

/** PostgreSQL's own mark of a folder with a database in it. */
function hasDatabase(pgliteDir: string): boolean {
  return existsSync(join(pgliteDir, 'PG_VERSION'))
}

function placeOf(url: string | undefined, { pgliteDir }: DatabaseConfig): string {
  if (url === undefined) return `PGlite in ${pgliteDir}`
  const { host, pathname, searchParams } = new URL(url)
  return `PostgreSQL at ${searchParams.get('host') ?? host}${pathname}`
}

function plainMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What keeps the server's database from working, as a sentence with what to do; undefined for any other error. */
export function databaseProblem(error: unknown, config: DatabaseConfig): string | undefined {
  const isOurs = error instanceof AppError && error.code === 'database-unavailable'
  return sentenceFor(isOurs ? error.cause : error, placeOf(config.url, config))
}

/** SQLSTATE: a wrong role or password, no such database. */
const REFUSED = /^(28...|3D000)$/
const NOT_ALLOWED = '42501'
const UNDEFINED_TABLE = '42P01'
const DUPLICATE_TABLE = '42P07'

function sentenceFor(error: unknown, place: string): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = plainMessage(error)
  const check = 'Check the connection string: DATABASE_URL, POSTGRES_URL, DATABASE_URL_UNPOOLED.'
  if (REFUSED.test(code)) return `${place} refuses: ${message}. ${check}`
  if (code === NOT_ALLOWED) {
    return `${place} does not allow it: ${message}. Grant this role its rights: create on the schema to migrate, all on all tables to run.`
  }
  if (isDatabaseUnavailable(error)) {
    // Only an answer of PostgreSQL's has a severity; an error of the connection has none.
    const isAnswer = error instanceof Error && 'severity' in error
    if (isAnswer) return `${place} cannot do it now: ${message} (${code}). Try again later.`
    return `${place} does not answer (${code || message}). ${check}`
  }
  if (/\b(SSL|TLS)\b|certificate/i.test(message)) {
    return `${place} and we do not agree on encryption: ${message}. See sslmode in the connection string.`
  }
  if (code === UNDEFINED_TABLE) {
    return `${place} has not all our tables (${message}). Run npm run migrate -- up first.`
  }
  // Migrating says these itself, with what to do.
  if (/^It(s search_path|s schema| is encoded) /.test(message)) return `${place}: ${message}`
  if (code === DUPLICATE_TABLE) {
    return `${place} has a table of another application where ours is to be (${message}). ${OWN_SCHEMA}`
  }
  if (/^corrupted migrations/.test(message)) {
    return `${place} was migrated by another version of this code: ${message}. Deploy that version, or a later one.`
  }
  return undefined
}
