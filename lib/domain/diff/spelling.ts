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
    .replace(MIXED_WORD, (word) => (HAS_LATIN.test(word) ? inLatin(word) : word))
    .normalize('NFC')
    .replace(/[„“”«»‟″]/gu, '"')
    .replace(/[’‘‚‛`´′]/gu, "'")
    .replace(/[‐‑‒–—―−]/gu, '-')
}

const MIXED_WORD = /[\p{L}\p{M}]*\p{Script=Cyrillic}[\p{L}\p{M}]*/gu
const HAS_LATIN = /\p{Script=Latin}/u

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
