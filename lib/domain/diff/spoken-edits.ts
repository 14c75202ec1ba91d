import { formOf } from './likeness.ts'
import { withoutSlips } from './slips-of-speech.ts'
import { soundOf, soundSame } from './sound.ts'
import { spokenWordsOf } from './spoken-words.ts'
import type { Edit } from './word-diff.ts'
import { wordEdits } from './word-edits.ts'

/**
 * The changes that a listener would hear: the diff of the words alone, for learners who speak.
 *
 * Punctuation, capitals, white space and how a word is spelled are the recogniser's and make no edit, nor do
 * numbers and abbreviations written or said, fillers, or words said twice: texts that sound the same have none.
 * Applied to said they keep its punctuation and leave nothing to hear between it and the corrected text.
 */
export function spokenEdits(said: string, correctedText: string): Edit[] {
  if (soundSame(said, correctedText)) return []
  const [words, correction] = spokenWordsOf(said, correctedText)
  return wordEdits(
    { text: said, words: withoutSlips(said, words, correction) },
    { text: correctedText, words: correction },
    { formOf: (word) => ({ ...formOf(word), text: soundOf(word) }), isSame: soundSame },
  )
}
