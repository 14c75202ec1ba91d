import { isWord, tokensOf, wordsOf } from '../../lib/domain/diff/words.ts'
import { offsetsOf } from './agreement.ts'
import type { AgreedError } from './answer-key.ts'
import type { LearnerSentence } from './corpus.ts'
import type { Fate } from './judge.ts'
import type { JudgedCorrection } from './judged-answer.ts'
import { spanOf } from './places.ts'

/** A part of the corrections, by what is known of the sentence. */
export type Slice = { name: string; includes(sentence: LearnerSentence): boolean }

/** By the writer's first language and by length in words. */
export const SLICES: readonly Slice[] = [
  { name: 'Slavic writers', includes: ({ slavic }) => slavic === true },
  { name: 'other writers', includes: ({ slavic }) => slavic === false },
  { name: 'up to 8 words', includes: ({ input }) => wordsOf(input).length <= 8 },
  { name: '9 to 15 words', includes: ({ input }) => isBetween(wordsOf(input).length, 9, 15) },
  { name: '16 words and more', includes: ({ input }) => wordsOf(input).length >= 16 },
]

function isBetween(value: number, low: number, high: number): boolean {
  return value >= low && value <= high
}

/** How agreed errors of one type fared. */
export type TypeSlice = { type: string; fates: Record<Fate, number>; all: number }

/** Agreed errors by the type that the corpus gives them, the most frequent first; none where it gives none. */
export function byErrorType(judged: readonly JudgedCorrection[]): TypeSlice[] {
  const slices = new Map<string, TypeSlice>()
  for (const { sentence, key, judgement } of judged) {
    for (const [index, fate] of judgement.fates.entries()) {
      const error = key.agreed[index]
      const type = error && errorType(sentence, error)
      if (type === undefined) continue
      const slice = slices.get(type) ?? {
        type,
        fates: { found: 0, 'found-otherwise': 0, missed: 0 },
        all: 0,
      }
      slice.fates[fate] += 1
      slice.all += 1
      slices.set(type, slice)
    }
  }
  return [...slices.values()].sort((a, b) => b.all - a.all)
}

/** ERRANT's type of the first annotator's edit there, without what is added or taken: `NOUN:INFL`, `MORPH`, `WO`. */
function errorType(
  { input, tokens, edits }: LearnerSentence,
  error: AgreedError,
): string | undefined {
  const [annotated] = edits ?? []
  if (tokens === undefined || annotated === undefined) return undefined
  const span = spanOf(error.places.flat())
  const words = wordOffsets(input)
  const [from, to] = [words[span.start]?.from ?? input.length, words[span.end - 1]?.to ?? 0]
  const offsets = offsetsOf(tokens)
  const hasWords = annotated.filter(([, , type]) => !/PUNCT|ORTH|QUOTATION/.test(type))
  // What shares a letter with the error before what only borders on it, as an added word does.
  const match = [0, 1].flatMap((border) =>
    hasWords.filter(([start, end]) => {
      const [low, high] = [offsets[start] ?? 0, offsets[end] ?? 0]
      return low < Math.max(from, to) + border && high > Math.min(from, to) - border
    }),
  )
  return match[0]?.[2].replace(/^[RMU]:/, '')
}

/** Where the words begin and end, in characters that are no white space, as `offsetsOf` counts. */
function wordOffsets(input: string): { from: number; to: number }[] {
  const tokens = tokensOf(input).map(({ text }) => text)
  const offsets = offsetsOf(tokens)
  return tokens.flatMap((token, index) =>
    isWord(token) ? [{ from: offsets[index] ?? 0, to: offsets[index + 1] ?? 0 }] : [],
  )
}
