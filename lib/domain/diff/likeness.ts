import { spellingOf } from './spelling.ts'
import { type WordClass, wordClass } from './word-class.ts'

/** A token with what comparing it needs, worked out once. */
export type Form = {
  readonly text: string
  /** As `spellingOf` gives it: lower case. */
  readonly spelling: string
  /** Lower case without diacritics. */
  readonly bare: string
  readonly letters: readonly Letter[]
  readonly class: WordClass
}

type Letter = { readonly text: string; readonly lower: string; readonly bare: string }

export function formOf(text: string): Form {
  const spelling = spellingOf(text)
  const letters = Array.from(text.normalize('NFC'), letterOf)
  return { text, spelling, bare: bareOf(spelling), letters, class: wordClass(spelling) }
}

function letterOf(text: string): Letter {
  const lower = text.toLowerCase()
  return { text, lower, bare: bareOf(lower) }
}

/**
 * What it costs to take one token for another, from 0 (they differ in capitals at most) to just under 2,
 * which is what leaving one out and adding the other costs.
 *
 * ERRANT's sum of lemma, part of speech and characters (Bryant, Felice, Briscoe: Automatic Annotation and
 * Evaluation of Error Types for Grammatical Error Correction, ACL 2017), with a common stem for the lemma and
 * the closed classes for the part of speech.
 */
export function substitutionCost(said: Form, correction: Form): number {
  const least = leastCost(said, correction)
  return said.spelling === correction.spelling
    ? least
    : least + unlikeness(said.text, correction.text)
}

/** The part of the cost that needs no look at every letter. */
export function leastCost(said: Form, correction: Form): number {
  if (said.spelling === correction.spelling) return 0
  const sameLemma = isSameLemma(said, correction)
  return (sameLemma ? 0 : 0.499) + classCost(said, correction, sameLemma)
}

function classCost(said: Form, correction: Form, sameLemma: boolean): number {
  if (said.class !== correction.class) return 0.5
  // Two content words may still be a noun and a verb: half of ERRANT's 0.25 for that.
  return said.class === 'content' && !sameLemma ? 0.125 : 0
}

/** The same word in another form, as far as its beginning tells: Czech inflects at the end. */
export function isSameLemma(said: Form, correction: Form): boolean {
  if (said.class === 'auxiliary' && correction.class === 'auxiliary') return true
  const [a, b] = [said.bare, correction.bare]
  let common = 0
  while (common < a.length && a[common] === b[common]) common += 1
  return a === b || (common >= 3 && common * 2 >= Math.max(a.length, b.length))
}

/** 0 for equal words, 1 for words without a common letter: what is outside their longest common subsequence. */
function unlikeness(a: string, b: string): number {
  const lengths = new Uint16Array(b.length + 1)
  for (let i = 0; i < a.length; i += 1) {
    const unit = a.charCodeAt(i)
    let diagonal = 0
    let length = 0
    for (let j = 0; j < b.length; j += 1) {
      const lengthAbove = lengths[j + 1] ?? 0
      length = unit === b.charCodeAt(j) ? diagonal + 1 : Math.max(lengthAbove, length)
      lengths[j + 1] = length
      diagonal = lengthAbove
    }
  }
  return 1 - (2 * (lengths[b.length] ?? 0)) / (a.length + b.length)
}

/** Tells whether two tokens are one word with a slip: an accent, a capital, i for y, a letter in a longer word. */
export function isSlip(said: Form, correction: Form): boolean {
  if (said.spelling === correction.spelling) return true
  const [a, b] = [said.letters, correction.letters]
  const limit = (SLIP * (a.length + b.length)) / 2
  return Math.abs(a.length - b.length) < limit && letterDistance(a, b, limit) < limit
}

/** Changed letters per letter, from which on two words are no slip of each other; as in the Czech ERRANT. */
const SLIP = 0.25

/** Levenshtein distance in letters, where a letter like another costs less than a whole one; up to a limit. */
function letterDistance(a: readonly Letter[], b: readonly Letter[], limit: number): number {
  const costs = Float64Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, letter] of a.entries()) {
    let diagonal = i
    let lowestCost = i + 1
    costs[0] = lowestCost
    for (const [j, letterOfB] of b.entries()) {
      const costAbove = costs[j + 1] ?? 0
      const cost = Math.min(
        diagonal + letterCost(letter, letterOfB),
        costAbove + 1,
        (costs[j] ?? 0) + 1,
      )
      costs[j + 1] = cost
      lowestCost = Math.min(lowestCost, cost)
      diagonal = costAbove
    }
    if (lowestCost >= limit) return lowestCost
  }
  return costs[b.length] ?? 0
}

/** The Czech ERRANT's weights of capitals, accents and i for y (github.com/ufal/errant_czech). */
function letterCost(a: Letter, b: Letter): number {
  if (a.text === b.text) return 0
  if (a.lower === b.lower) return 0.1
  if (a.bare === b.bare) return 0.25
  return isIOrY(a) && isIOrY(b) ? 0.3 : 1
}

function isIOrY({ bare }: Letter): boolean {
  return bare === 'i' || bare === 'y'
}

function bareOf(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '')
}
