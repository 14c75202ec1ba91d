import { soundSame, wordsOf } from './words.ts'

/** A number written in digits is at most this many words when spoken: "1968" is five, "25 480" seven in two. */
const WORDS_PER_NUMBER = 6

/**
 * How many words were added, left out or replaced between what was asked for and what was spoken; all of
 * them, where one is so much longer that it can only be something else.
 *
 * Only words count: capitals, punctuation and where one word ends do not. A number in digits, on
 * either side, stands for any one to six words of the other, because it is spoken in words and its
 * transcript may be written either way; whether it is the right number is not checked.
 */
export function changedWords(asked: string, spoken: string): number {
  if (soundSame(asked, spoken)) return 0
  const [shorter, longer] = [wordsOf(asked), wordsOf(spoken)].sort((a, b) => a.length - b.length)
  if (shorter === undefined || longer === undefined) return 0
  // The table below grows with the product of both, and a model may go on talking.
  if (longer.length > WORDS_PER_NUMBER * (shorter.length + 1)) return longer.length
  return distance(shorter, longer)
}

/** Levenshtein's distance over words, in which a number may pair with a run of words for nothing. */
function distance(one: string[], other: string[]): number {
  // rows[i][j]: the cost of turning the first i words of one into the first j of the other.
  const rows: number[][] = []
  const cost = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 0; i <= one.length; i += 1) {
    const row: number[] = []
    rows.push(row)
    for (let j = 0; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      const choices = [cost(i - 1, j) + 1, cost(i, j - 1) + 1, cost(i - 1, j - 1) + same]
      for (let run = 1; run <= WORDS_PER_NUMBER; run += 1) {
        if (isNumber(one[i - 1])) choices.push(cost(i - 1, j - run))
        if (isNumber(other[j - 1])) choices.push(cost(i - run, j - 1))
      }
      row.push(i === 0 && j === 0 ? 0 : Math.min(...choices))
    }
  }
  return cost(one.length, other.length)
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /\p{N}/u.test(word)
}
