/** A shorter sentence, a greeting mostly, is said together with the next: alone it would sound cut off. */
const MIN_LENGTH = 12

const segmenter = new Intl.Segmenter('cs', { granularity: 'sentence' })

/**
 * Cuts a text into sentences to be said one by one; joined they are the text. Of a text that is still
 * being written, those that are complete: a sentence is when another has begun.
 */
export function sentencesOf(text: string, { isComplete = true } = {}): string[] {
  const sentences: string[] = []
  let begun = ''
  for (const { segment } of segmenter.segment(text)) {
    if (begun.trim().length >= MIN_LENGTH) {
      sentences.push(begun)
      begun = ''
    }
    begun += segment
  }
  return isComplete && begun !== '' ? [...sentences, begun] : sentences
}
