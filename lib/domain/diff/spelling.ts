/** A word without what is no question of spelling: lower case, and typography as `typographyOf` levels it. */
export function spellingOf(word: string): string {
  return typographyOf(word).toLocaleLowerCase('cs')
}

/** A word's letters alone: its spelling without diacritics. */
export function withoutDiacritics(word: string): string {
  return spellingOf(word).normalize('NFD').replace(/\p{M}/gu, '')
}

/**
 * Levels how a text is typed: compatibility forms (`ﬁ`, `m²`, `…`), invisible format characters, quotes, dashes,
 * and Cyrillic letters that look Latin inside a word with Latin letters, as Russian and Ukrainian keyboards
 * leave them.
 */
export function typographyOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(LETTERS, (word) => (isMixed(word) ? inLatin(word) : word))
    .normalize('NFC')
    .replace(/[„“”«»‟″]/gu, '"')
    .replace(/[’‘‚‛`´′]/gu, "'")
    .replace(/[‐‑‒–—―−]/gu, '-')
}

// A single class: with a Cyrillic letter in the middle of the pattern, a word of n letters would cost n² steps.
const LETTERS = /[\p{L}\p{M}]+/gu
const HAS_LATIN = /\p{Script=Latin}/u
const HAS_CYRILLIC = /\p{Script=Cyrillic}/u

function isMixed(word: string): boolean {
  return HAS_CYRILLIC.test(word) && HAS_LATIN.test(word)
}

function inLatin(word: string): string {
  return Array.from(word, (letter) => LOOK_ALIKES.get(letter) ?? letter).join('')
}

/** Cyrillic letters and the Latin ones that look the same (Unicode's confusables, those of ru and uk keyboards). */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Array.from('аеорсухіјѕАВЕІЈКМНОРСТУХЅ', (letter, index): [string, string] => [
    letter,
    'aeopcyxijsABEIJKMHOPCTYXS'.charAt(index),
  ]),
)
