import { AppError } from '../app/error.ts'

/** Classes and codes of SQLSTATE that say "not now": connection, shutdown, too many connections. */
const SQLSTATES = /^(08...|57P0[1-3]|53300)$/
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])
const MESSAGES =
  /query read timeout|connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|PGlite is closed/i

/**
 * Wraps a store so that a database that cannot be reached is an AppError 'database-unavailable';
 * every other error is a bug and passes as it is.
 */
export function withDatabaseErrors<Store extends object>(store: Store): Store {
  const wrapped = Object.entries(store).map(([name, member]) => [
    name,
    typeof member === 'function' ? guarded(member) : member,
  ])
  return Object.fromEntries(wrapped)
}

/** Tells whether an error means that the database cannot be reached. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (isSocketEvent(error)) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (SQLSTATES.test(code) || SOCKET_CODES.has(code) || MESSAGES.test(error.message)) return true
  return error instanceof AggregateError && error.errors.some(isDatabaseUnavailable)
}

function guarded(call: (...args: unknown[]) => unknown) {
  return async (...args: unknown[]) => {
    try {
      return await call(...args)
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error
      const cause = isSocketEvent(error) ? error.error : error
      throw new AppError('database-unavailable', 'The database does not answer.', { cause })
    }
  }
}

// What Neon's driver throws where its WebSocket cannot be opened.
function isSocketEvent(error: unknown): error is { type: 'error'; error: unknown } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'type' in error &&
    error.type === 'error' &&
    'error' in error
  )
}
