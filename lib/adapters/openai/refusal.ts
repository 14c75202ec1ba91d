import { AppError } from '../../app/error.ts'

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

const MAX_REASON_LENGTH = 200
/** What stands for words that are left out. */
const GAP = '…'

/**
 * A server's words as a log may have them: no word that is in `privateTexts`, nothing that looks like a key or an
 * address, nothing in other letters than English has.
 *
 * Servers repeat what they were sent, whole or escaped.
 */
export function loggableReason(words: string, privateTexts: readonly string[]): string {
  const privateWords = new Set(privateTexts.flatMap(wordsOf).filter((word) => word.length > 1))
  const parts = words
    .split(/\s+/)
    .map((part) =>
      isLoggable(part) && !wordsOf(part).some((word) => privateWords.has(word)) ? part : GAP,
    )
  return parts
    .filter((part, index) => part !== GAP || parts[index - 1] !== GAP)
    .join(' ')
    .slice(0, MAX_REASON_LENGTH)
    .trim()
}

/** Tells whether a part between spaces is a word, a number or the name of a field. */
function isLoggable(part: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(part) || /\\|%[0-9a-f]{2}|:\/\/|\d:[\w-]{8}/i.test(part)) return false
  const runs = part.match(/[\w-]+/g) ?? []
  return runs.every(
    (run) => run.length <= 32 && !/^(sk|gsk|pk|key|bearer)[-_]/i.test(run) && !looksRandom(run),
  )
}

/** Keys mix digits and letters at length; names of fields and models hardly do. */
function looksRandom(run: string): boolean {
  return run.length >= 16 && (run.match(/\d/g)?.length ?? 0) >= 4
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}
