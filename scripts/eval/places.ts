import { formOf } from '../../lib/domain/diff/likeness.ts'
import { soundSame } from '../../lib/domain/diff/sound.ts'
import { spokenEdits } from '../../lib/domain/diff/spoken-edits.ts'
import { plainWordsOf } from '../../lib/domain/diff/spoken-words.ts'
import { wordEdits } from '../../lib/domain/diff/word-edits.ts'
import { isWord, tokensOf, wordsOf } from '../../lib/domain/diff/words.ts'
import type { LessonKind } from '../../lib/domain/lesson/lesson.ts'

/** A changed place of a sentence: its words [start, end), equal where words are added, and what stands there instead. */
export type Place = {
  readonly start: number
  readonly end: number
  readonly words: string[]
  /** Before which word they stand in the correction, where they moved far. */
  readonly movedTo?: number
}

/**
 * The places where a correction differs from the input once punctuation, capitals, white space and, of speech, what
 * sounds the same are left out. In order and not overlapping.
 */
export function placesOf(kind: LessonKind, input: string, correction: string): Place[] {
  const wordsBefore = [0]
  for (const { text } of tokensOf(input)) {
    wordsBefore.push((wordsBefore.at(-1) ?? 0) + (isWord(text) ? 1 : 0))
  }
  const at = (token: number) => wordsBefore[token] ?? 0
  const edits = kind === 'voice' ? spokenEdits(input, correction) : spelledEdits(input, correction)
  const targets = edits.filter((edit) => edit.kind === 'moved-here')
  return edits.flatMap(({ kind, start, end, original, replacement }): Place[] => {
    const place = { start: at(start), end: at(end), words: wordsOf(replacement) }
    // Struck here and added there is one change: of the words where they were.
    if (kind === 'moved-here') return []
    if (kind !== 'moved-away') return [place]
    const [first] = wordsOf(original)
    const index = targets.findIndex((target) => wordsOf(target.replacement)[0] === first)
    const [target] = targets.splice(Math.max(0, index), 1)
    return [{ ...place, ...(target === undefined ? {} : { movedTo: at(target.start) }) }]
  })
}

/** Diacritics count: teaching costs nothing for them, but a model that leaves them wrong has not corrected. */
function spelledEdits(input: string, correction: string) {
  return wordEdits(
    { text: input, words: plainWordsOf(input) },
    { text: correction, words: plainWordsOf(correction) },
    { formOf, isSame: isSpelledSame },
  )
}

/** Tells whether two texts are the same to a listener, or, typed, to a reader of their words. */
export function isSame(kind: LessonKind, a: string, b: string): boolean {
  return kind === 'voice' ? soundSame(a, b) : isSpelledSame(a, b)
}

function isSpelledSame(a: string, b: string): boolean {
  return wordsOf(a).join(' ') === wordsOf(b).join(' ')
}

/** Tells whether two places share a word, or add words at the same spot, or one adds inside of the other. */
export function overlap(a: Place, b: Place): boolean {
  const isAddition = a.start === a.end || b.start === b.end
  if (isAddition) return a.start <= b.end && b.start <= a.end
  return a.start < b.end && b.start < a.end
}

/** The places of a list that overlap one of the others. */
export function touching(places: readonly Place[], otherPlaces: readonly Place[]): Place[] {
  return places.filter((place) => otherPlaces.some((otherPlace) => overlap(place, otherPlace)))
}

/** From the first word of some places to behind the last. */
export function spanOf(places: readonly Place[]): { start: number; end: number } {
  return {
    start: Math.min(...places.map(({ start }) => start)),
    end: Math.max(...places.map(({ end }) => end)),
  }
}

/** The words of a span with these changes made; they lie inside of it. */
export function changedText(
  words: readonly string[],
  { start, end }: { start: number; end: number },
  places: readonly Place[],
): string {
  const changedWords: string[] = []
  let position = start
  for (const place of places) {
    changedWords.push(...words.slice(position, place.start), ...place.words)
    position = place.end
  }
  return [...changedWords, ...words.slice(position, end)].join(' ')
}
