import { formOf } from './likeness.ts'
import { withoutDiacritics } from './spelling.ts'
import { plainWordsOf } from './spoken-words.ts'
import type { Edit } from './word-diff.ts'
import { wordEdits } from './word-edits.ts'
import { wordsOf } from './words.ts'

/**
 * The changes that cost a learner who types: the diff of the words alone, in which diacritics make no edit,
 * because keyboards without them are common.
 */
export function typedEdits(said: string, correctedText: string): Edit[] {
  return wordEdits(
    { text: said, words: plainWordsOf(said) },
    { text: correctedText, words: plainWordsOf(correctedText) },
    {
      formOf: (word) => ({ ...formOf(word), text: withoutDiacritics(word) }),
      isSame: differsInDiacriticsAtMost,
    },
  )
}

/** Tells whether two texts have the same letters, apart from diacritics, capitals, punctuation and white space. */
export function differsInDiacriticsAtMost(a: string, b: string): boolean {
  const letters = (text: string) => wordsOf(text).map(withoutDiacritics).join('')
  return letters(a) === letters(b)
}
