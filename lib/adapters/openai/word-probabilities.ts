import { z } from 'zod'
import {
  type ProbableWord,
  SEGMENT_FAILS_BELOW_LOGPROB,
  unsureWordsOf,
} from '../../domain/lesson/unsure-words.ts'
import { lenientList } from './lenient-list.ts'

const Logprob = z.number().max(0)

const Word = z.object({ word: z.string(), probability: z.number().min(0).max(1) })

/** What recognisers tell of their own certainty, each in its way; all of it may be missing. */
export const Certainty = z.object({
  /** OpenAI's gpt-4o-transcribe, where it is asked for them: the pieces of the text. */
  logprobs: lenientList(
    z.object({
      token: z.string().optional(),
      bytes: z.array(z.int().min(0).max(255)).nullish(),
      logprob: Logprob,
    }),
  ),
  /** Whisper's, in `verbose_json`; of its words some servers know the probability. */
  segments: lenientList(
    z.object({
      text: z.string(),
      avg_logprob: Logprob.nullish().catch(undefined),
      words: lenientList(Word),
    }),
  ),
  words: lenientList(Word),
})

/** The words of a transcript that its recogniser was not sure of, as far as it says so. */
export function unsureWordsIn({ logprobs, segments, words }: z.output<typeof Certainty>): string[] {
  const failedText = segments
    .filter(({ avg_logprob: average }) => (average ?? 0) < SEGMENT_FAILS_BELOW_LOGPROB)
    .map(({ text }) => text)
  const probableWords: ProbableWord[] = [
    ...wordsOfPieces(logprobs),
    ...[...words, ...segments.flatMap((segment) => segment.words)].map(({ word, probability }) => ({
      text: word,
      logprob: Math.log(probability),
    })),
    ...failedText.map((text) => ({ text, logprob: -Infinity })),
  ]
  return unsureWordsOf(probableWords)
}

type Piece = z.output<typeof Certainty>['logprobs'][number]

/**
 * Words put together from pieces, with the mean logprob of their pieces: a piece that opens with white space opens a word.
 * A letter may lie in two pieces, so their bytes are joined.
 */
function wordsOfPieces(pieces: readonly Piece[]): ProbableWord[] {
  const words: { bytes: number[]; logprobs: number[] }[] = []
  for (const { bytes, token = '', logprob } of pieces) {
    const tokenBytes = bytes ?? [...new TextEncoder().encode(token)]
    const last = words.at(-1)
    if (last === undefined || WHITE_SPACE.has(tokenBytes[0])) {
      words.push({ bytes: tokenBytes, logprobs: [logprob] })
    } else {
      for (const byte of tokenBytes) last.bytes.push(byte)
      last.logprobs.push(logprob)
    }
  }
  return words.map(({ bytes, logprobs }) => ({
    text: new TextDecoder().decode(Uint8Array.from(bytes)),
    logprob: logprobs.reduce((sum, logprob) => sum + logprob, 0) / logprobs.length,
  }))
}

const WHITE_SPACE: ReadonlySet<number | undefined> = new Set([0x20, 0x0a, 0x0d, 0x09])
