import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { TutorAnswer } from '../../lib/app/lesson/tutor.ts'
import { parseJson } from '../../lib/domain/json.ts'
import { CORRECTIONS_LEVELS, LEVELS } from '../../lib/domain/learner/learner.ts'
import { MISTAKE_CATEGORIES } from '../../lib/domain/lesson/lesson.ts'

const count = z.number().nonnegative()

const answer = z.object({
  reply: z.string(),
  saidLanguage: z.string(),
  correctedText: z.string(),
  mistakes: z.array(
    z.object({
      original: z.string(),
      corrected: z.string(),
      category: z.enum(MISTAKE_CATEGORIES),
      explanationCs: z.string(),
      explanationNative: z.string(),
    }),
  ),
  suggestion: z.string(),
  newWords: z.array(z.object({ czech: z.string(), translation: z.string() })),
  replyTranslation: z.string().default(''),
  readyAnswers: z.array(z.object({ czech: z.string(), translation: z.string() })).default([]),
  /** Words that the tutor is not sure to have heard. */
  doubtfulWords: z.array(z.string()).optional(),
})

const recordedAnswer = z.object({
  prompt: z.string(),
  model: z.string(),
  sentence: z.string(),
  level: z.enum(LEVELS),
  run: z.int().positive(),
  kind: z.enum(['voice', 'text']),
  corrections: z.enum(CORRECTIONS_LEVELS),
  native: z.string(),
  gold: z.array(z.string()).min(1),
  /** Null where there was none that could be used; `lack` says why. */
  answer: answer.nullable(),
  /** The model's first answer, where the guard did not believe it; `answer` is what came of asking again. */
  firstAnswer: answer.optional(),
  lack: z.enum(['declined', 'unreadable']).optional(),
  /** Why the tutor asked again, for each answer before this one. */
  rejections: z.array(z.string()).default([]),
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  costMicroUsd: count,
  firstTokenMs: count.nullable(),
})

/** What the tutor answered once, with all by which it can be judged later; a line of a record. */
export type RecordedAnswer = z.infer<typeof recordedAnswer> & {
  answer: TutorAnswer | null
  firstAnswer?: TutorAnswer | undefined
}

/** What an answer is known by: it is paid once. */
export type AnswerId = Pick<RecordedAnswer, 'prompt' | 'model' | 'sentence' | 'level' | 'run'>

export function idOf({ prompt, model, sentence, level, run }: AnswerId): string {
  return JSON.stringify([prompt, model, sentence, level, run])
}

/** The file of a record, one answer a line. */
export function recordFile(folder: string): string {
  return join(folder, 'answers.jsonl')
}

/**
 * Reads the answers of a record, none where there is no record. A line that a killed process left half written is passed
 * over; of two answers of one id the later one counts.
 */
export function readRecord(folder: string): Map<string, RecordedAnswer> {
  const file = recordFile(folder)
  if (!existsSync(file)) return new Map()
  const lines = readFileSync(file, 'utf8').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const { data } = recordedAnswer.safeParse(parseJson(line))
      return data === undefined ? [] : [[idOf(data), data] as const]
    }),
  )
}

/** Opens a record for more answers, each of which is in the file when `add` returns. */
export function openRecord(folder: string): { add(answer: RecordedAnswer): void } {
  const file = recordFile(folder)
  mkdirSync(folder, { recursive: true })
  // Ends a line that was left half written.
  if (existsSync(file) && !readFileSync(file, 'utf8').endsWith('\n')) appendFileSync(file, '\n')
  return { add: (answer) => appendFileSync(file, `${JSON.stringify(answer)}\n`) }
}
