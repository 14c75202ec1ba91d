import { soundSame } from './sound.ts'
import { wordsOf } from './words.ts'

/** A number written in digits is at most this many words when spoken: "1968" is five, "25 480" seven in two. */
const WORDS_PER_NUMBER = 6

/**
 * How many words were added, left out or replaced between a text and the transcript of its speech; all of
 * them, where one is so much longer that it can only be something else.
 *
 * Only words count: capitals, punctuation and where one word ends do not. A number in digits, on
 * either side, stands for any one to six words of the other, because it is spoken in words and its
 * transcript may be written either way; whether it is the right number is not checked.
 */
export function changedWords(text: string, transcript: string): number {
  if (soundSame(text, transcript)) return 0
  const [shorter, longer] = [wordsOf(text), wordsOf(transcript)].sort((a, b) => a.length - b.length)
  if (shorter === undefined || longer === undefined) return 0
  // The table below grows with the product of both, and a model may go on talking.
  if (longer.length > WORDS_PER_NUMBER * (shorter.length + 1)) return longer.length
  return distance(shorter, longer)
}

/** Levenshtein's distance over words, in which a number may pair with several words for nothing. */
function distance(a: string[], b: string[]): number {
  // rows[i][j]: the cost of turning the first i words of a into the first j of b.
  const rows: number[][] = []
  const cost = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 0; i <= a.length; i += 1) {
    const row: number[] = []
    rows.push(row)
    for (let j = 0; j <= b.length; j += 1) {
      const substitution = a[i - 1] === b[j - 1] ? 0 : 1
      const choices = [cost(i - 1, j) + 1, cost(i, j - 1) + 1, cost(i - 1, j - 1) + substitution]
      for (let count = 1; count <= WORDS_PER_NUMBER; count += 1) {
        if (isNumber(a[i - 1])) choices.push(cost(i - 1, j - count))
        if (isNumber(b[j - 1])) choices.push(cost(i - count, j - 1))
      }
      row.push(i === 0 && j === 0 ? 0 : Math.min(...choices))
    }
  }
  return cost(a.length, b.length)
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /\p{N}/u.test(word)
}
