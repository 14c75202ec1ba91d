import { AppError } from '../../app/error.ts'

/**
 * SQLSTATEs that say "not now", to any statement: no connection comes about (08, 28, 3D), no place, memory
 * or room is left (53), the session or the statement was ended from outside (57, 25P03), the machine fails (58),
 * the server is a standby or read-only (25006), another session has the lock (55P03).
 */
const NOT_NOW = /^(08...|25006|25P03|28...|3D000|53...|55P03|57...|58...)$/
/** Rolled back whole because of others, and nothing else: a serialization failure, a deadlock. */
const ROLLED_BACK = /^40(001|P01)$/
/** A table or a column is not there: the code is newer than the schema. */
const UNMIGRATED = /^(42P01|42703)$/
/** What an operator has to fix, by SQLSTATE. */
const REFUSALS: readonly [RegExp, string][] = [
  [/^28...$/, 'refuses the name or the password: check DATABASE_URL'],
  [/^3D000$/, 'there is no database of that name: check DATABASE_URL'],
]
/** How often a store's call is tried that is rolled back so. */
const TRIES = 3
/** Codes of a network that fails, where a driver hands on no more than them, and of TLS that is refused. */
const CONNECTION =
  /^(E(CONN|HOST|NET|AI_)\w*|ENOTFOUND|EPIPE|ETIMEDOUT|ERR_(TLS|SSL)_.*|(.*_)?CERT(_.*)?|UNABLE_TO_.*)$/
const MESSAGES =
  /query read timeout|connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|PGlite is closed/i

/**
 * Wraps a store so that a database that cannot work now is an AppError 'database-unavailable'; every other
 * error is a bug and passes as it is. What is rolled back because of others is done again in its place.
 */
export function withDatabaseErrors<Store extends object>(store: Store): Store {
  const members = Object.entries(store).map(([name, member]) => [
    name,
    typeof member === 'function' ? guard(member) : member,
  ])
  return Object.fromEntries(members)
}

/** Tells whether an error means that the database cannot be reached, or not be used for now. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (NOT_NOW.test(code) || ROLLED_BACK.test(code)) return true
  // Looking a host up, connecting, reading and writing, however they fail: drivers do nothing else with the system.
  if ('syscall' in error || CONNECTION.test(code) || MESSAGES.test(error.message)) return true
  return error instanceof AggregateError && error.errors.some(isDatabaseUnavailable)
}

/** What to do where the code is newer than the schema. */
const UNMIGRATED_WORDS = 'tables are missing: run npm run migrate -- up'

/** Tells whether the tables are not there, or not all of them, or not as this version has them. */
export function isUnmigrated(error: unknown): boolean {
  return UNMIGRATED.test(codeOf(error))
}

/** Why the database refuses us, in words for an operator; undefined where it does not. */
export function refusalOf(error: unknown): string | undefined {
  return REFUSALS.find(([code]) => code.test(codeOf(error)))?.[1]
}

function guard(call: (...args: unknown[]) => unknown) {
  return async (...args: unknown[]) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call(...args)
      } catch (error) {
        // One statement or transaction, or several of which each finds what is done already.
        if (ROLLED_BACK.test(codeOf(error)) && tries < TRIES) continue
        if (!isDatabaseUnavailable(error) && !isUnmigrated(error)) throw error
        const words = isUnmigrated(error) ? UNMIGRATED_WORDS : refusalOf(error)
        const message = ['The database cannot be used now', codeOf(error), words]
          .filter(Boolean)
          .join(': ')
        throw new AppError('database-unavailable', message, { cause: error })
      }
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
