import { AppError } from '../../app/error.ts'
import { REASON_WORDS } from './reason-words.ts'

/** What a server said with its no to a request. */
export type Refusal = {
  status: number
  /** The server's words. They may repeat the request: never logged but through `loggableReason`. */
  words: string
  /** The parts of the request that it names as wrong, such as `stream_options`. */
  fields: string[]
}

/** Beside the errors and not on them, because errors are logged whole. */
const refusals = new WeakMap<AppError, Refusal>()

/** Ties what a server said to the error that it became. */
export function keepRefusal(error: AppError, refusal: Refusal): AppError {
  refusals.set(error, refusal)
  return error
}

/** What the server said whose refusal this error is; undefined for any other error. */
export function refusalOf(error: unknown): Refusal | undefined {
  return error instanceof AppError ? refusals.get(error) : undefined
}

/** Errors that a vendor has sent itself, by a status, in a stream or over a socket. */
const reports = new WeakSet<AppError>()

/** Notes that the vendor itself has said that the call failed. */
export function keepReported(error: AppError): AppError {
  reports.add(error)
  return error
}

/** Tells whether the vendor itself has said that the call failed: then it was not cut off on its way. */
export function isReported(error: unknown): boolean {
  return error instanceof AppError && reports.has(error)
}

const MAX_REASON_LENGTH = 200
/** The reason comes first; what follows may be a page. */
const MAX_READ_LENGTH = 2_000
/** What stands for words that are left out. */
const GAP = '…'

/**
 * A server's words as a log may have them: those that are in no learner's mouth.
 *
 * Servers repeat what they were sent, whole or escaped, and keys and addresses with it.
 */
export function loggableReason(words: string): string {
  const parts = words
    .slice(0, MAX_READ_LENGTH)
    .split(/\s+/)
    .map((part) => (isLoggable(part) ? part : GAP))
  return parts
    .filter((part, index) => part !== GAP || parts[index - 1] !== GAP)
    .join(' ')
    .slice(0, MAX_REASON_LENGTH)
    .trim()
}

/** Tells whether a part between spaces is made of known words and short numbers, as `response_format=[wav]` is. */
function isLoggable(part: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(part) || part.includes('\\') || part.includes('://')) return false
  const words = part.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').match(/[A-Za-z0-9]+/g) ?? []
  return words.every((word) => /^\d{1,4}$/.test(word) || REASON_WORDS.has(word.toLowerCase()))
}
