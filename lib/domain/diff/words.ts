import { spellingOf } from './spelling.ts'

/** One word, or one character of punctuation: `text` stands at `from` up to before `to`. */
export type Token = {
  readonly text: string
  /** Offset into the text, in UTF-16 units. */
  readonly from: number
  readonly to: number
}

/**
 * Splits a text into words and single characters of punctuation; only white space and invisible format
 * characters lie between them.
 *
 * The text is its tokens with the gap before each and after the last: the offsets tell where, so it
 * can be put together again exactly. Words are runs of letters, combining marks and digits, as in the
 * Czech learner corpus GECCC, except for its dates and times, which are one token there.
 */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }))
}

/** A format character (a soft hyphen, a direction mark) inside a word belongs to it, elsewhere to the gap. */
const TOKEN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:\p{Cf}+[\p{L}\p{M}\p{N}]+)*|[^\s\p{Cf}]/gu

/** The text from one token to before another: [start, end), empty where there are none. */
export function textOf(
  text: string,
  tokens: readonly Token[],
  [start, end]: readonly [start: number, end: number],
): string {
  return start === end ? '' : text.slice(tokens[start]?.from, tokens[end - 1]?.to)
}

/** Tells whether a token is a word, and not punctuation or a symbol. */
export function isWord(token: string): boolean {
  return WORD.test(token)
}

const WORD = /^[\p{L}\p{N}]/u

/** The words of a text as they are spelled: no punctuation, no capitals, no white space. */
export function wordsOf(text: string): string[] {
  return tokensOf(text)
    .filter((token) => isWord(token.text))
    .map((token) => spellingOf(token.text))
}
