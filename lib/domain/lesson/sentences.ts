/** A shorter sentence, a greeting mostly, is said together with the next: alone it would sound cut off. */
const MIN_LENGTH = 12

const segmenter = new Intl.Segmenter('cs', { granularity: 'sentence' })

/**
 * Cuts a text into sentences to be said one by one; joined they are the text. Of a text that is still
 * being written (`isComplete` is false) those that are complete: another one follows them.
 */
export function sentencesOf(text: string, { isComplete = true } = {}): string[] {
  const sentences: string[] = []
  let sentence = ''
  for (const { segment } of segmenter.segment(text)) {
    if (sentence.trim().length >= MIN_LENGTH) {
      sentences.push(sentence)
      sentence = ''
    }
    sentence += segment
  }
  return isComplete && sentence !== '' ? [...sentences, sentence] : sentences
}
