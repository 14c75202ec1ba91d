import { createHash } from 'node:crypto'
import { answerFormat } from '../../lib/adapters/openai/tutor-answer.ts'
import type { TutorRequest } from '../../lib/app/lesson/tutor.ts'
import { findLanguage } from '../../lib/domain/learner/languages.ts'
import type { CorrectionsLevel, Level } from '../../lib/domain/learner/learner.ts'
import type { LessonKind } from '../../lib/domain/lesson/lesson.ts'
import { lessonPrompt } from '../../lib/domain/prompts/lesson.ts'

/** For which learner, and for which kind of lesson, the tutor is asked. */
export type Setting = {
  kind: LessonKind
  level: Level
  corrections: CorrectionsLevel
  /** ISO 639-1. */
  native: string
}

/** The tutor's request of a first lesson with a new learner: no history, the default style and character. */
export function requestFor(
  { kind, level, corrections, native }: Setting,
  said: string,
): TutorRequest {
  const learner = {
    level,
    correctionsLevel: corrections,
    nativeLanguage: native,
    style: 'friendly' as const,
    character: 'honzik' as const,
    gender: 'unknown' as const,
  }
  const languageName = findLanguage(native)?.english ?? 'English'
  return { ...lessonPrompt(learner, languageName, kind), history: [], said, nativeLanguage: native }
}

/** Names all that the tutor is told apart from the sentence: the instructions and the answer's schema. */
export function promptHash(setting: Setting): string {
  const { system, isFirstSteps, hasHint } = requestFor(setting, '')
  const { json_schema } = answerFormat({ hasReply: false, isFirstSteps, hasHint })
  const text = JSON.stringify([system, json_schema.schema])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
