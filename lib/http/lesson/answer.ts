import { z } from 'zod'
import type { LessonOutcome, TaughtLesson } from '../../app/lesson/lesson.ts'
import { MISTAKE_CATEGORIES, type Mistake } from '../../domain/lesson/lesson.ts'

/** The body of a 200, as the OpenAPI document has it. */
export const LessonAnswer = z.object({
  lesson_id: z.int().min(1),
  transcript: z.string().meta({ description: 'What was heard, or the text as it was read.' }),
  honzik_response_text: z.string(),
  honzik_response_transcript: z.string().meta({ description: 'What the sound says: the same.' }),
  honzik_response_audio: z.string().meta({
    description:
      'Base64; empty if not asked for, if it could not be spoken, or where the budget of the day is nearly used up.',
  }),
  audio_mime_type: z.literal('audio/ogg'),
  corrections: z.object({
    corrected_text: z.string(),
    mistakes: z.array(
      z.object({
        original: z.string(),
        corrected: z.string(),
        category: z.enum(MISTAKE_CATEGORIES),
        explanation_cs: z.string().meta({ description: 'In simple Czech.' }),
        explanation_native: z.string().meta({ description: "In the learner's language." }),
      }),
    ),
    correctness_score: z
      .int()
      .min(0)
      .max(100)
      .meta({ description: '0, and without a meaning, where the lesson is not graded.' }),
    suggestion: z.string(),
  }),
  formatted_mistakes: z.string().meta({ description: 'The mistakes as plain text, one a line.' }),
  formatted_suggestion: z.string(),
  stars_earned: z.int().min(0).meta({ description: "Without the daily challenge's bonus." }),
  total_stars: z.int().min(0).meta({ description: 'With this lesson and its bonus.' }),
  current_streak: z.int().min(0).meta({ description: 'Days in a row, today counted.' }),
  max_streak: z.int().min(0),
  daily_challenge: z.object({
    challenge_completed: z.boolean(),
    messages_today: z.int().min(0),
    messages_needed: z.int().min(0),
    bonus_stars: z.int().min(0).meta({ description: 'Given by this lesson.' }),
  }),
  new_words: z
    .array(
      z.object({
        czech: z.string(),
        translation: z.string().meta({ description: "In the learner's language." }),
      }),
    )
    .meta({ description: "Words of the tutor's reply worth learning; may be empty." }),
  reply_translation: z.string().meta({
    description: "The reply in the learner's language; empty above the level `first_steps`.",
  }),
  ready_answers: z.array(z.object({ czech: z.string(), translation: z.string() })).meta({
    description: 'What the learner could say next; empty above the level `first_steps`.',
  }),
  doubtful_words: z
    .array(z.string())
    .meta({ description: 'Words that were probably misheard: neither graded nor corrected.' }),
  graded: z.boolean().meta({
    description: 'False where no correction could be trusted: no score, no mistakes, one star.',
  }),
  words_total: z.int().min(0).meta({ description: 'What the score was made from.' }),
  words_correct: z.int().min(0),
  detected_language: z.string().meta({ description: 'ISO 639-1.' }),
  language_notice: z.string().nullable(),
  duration_seconds: z
    .number()
    .min(0)
    .meta({ description: "Of the learner's audio, to a tenth of a second; 0 for text." }),
})
export type LessonAnswer = z.infer<typeof LessonAnswer>

/** A taught lesson as the API's answer. */
export function lessonAnswer({
  lesson,
  speech,
  languages,
}: LessonOutcome & { kind: 'taught' }): LessonAnswer {
  const language = languages[0] ?? 'cs'
  return {
    lesson_id: lesson.id,
    transcript: lesson.said,
    honzik_response_text: lesson.reply,
    honzik_response_transcript: lesson.reply,
    honzik_response_audio: speech === null ? '' : Buffer.from(speech.ogg).toString('base64'),
    audio_mime_type: 'audio/ogg',
    corrections: correctionsOf(lesson),
    formatted_mistakes: lesson.mistakes.map(mistakeLine).join('\n'),
    formatted_suggestion: lesson.suggestion,
    stars_earned: lesson.starsEarned,
    total_stars: lesson.progress.totalStars,
    current_streak: lesson.streak,
    max_streak: lesson.progress.maxStreak,
    daily_challenge: {
      challenge_completed: lesson.challenge.completed,
      messages_today: lesson.lessonsOnDay,
      messages_needed: lesson.challenge.needed,
      bonus_stars: lesson.bonusStars,
    },
    new_words: lesson.newWords.map(({ czech, translation }) => ({ czech, translation })),
    reply_translation: lesson.replyTranslation,
    ready_answers: lesson.readyAnswers.map(({ czech, translation }) => ({ czech, translation })),
    doubtful_words: lesson.doubtfulWords,
    graded: lesson.graded,
    words_total: lesson.wordsTotal,
    words_correct: lesson.wordsCorrect,
    detected_language: language,
    language_notice:
      language === 'cs' ? null : `The recogniser took this for ${language}, with Czech in it.`,
    duration_seconds: Math.round(lesson.durationSeconds * 10) / 10,
  }
}

/** A lesson's correction, as the answer and the `corrections` event have it. */
export function correctionsOf(lesson: TaughtLesson): LessonAnswer['corrections'] {
  return {
    corrected_text: lesson.correctedText,
    mistakes: lesson.mistakes.map((mistake) => ({
      original: mistake.original,
      corrected: mistake.corrected,
      category: mistake.category,
      explanation_cs: mistake.explanationCs,
      explanation_native: mistake.explanationNative,
    })),
    correctness_score: lesson.score,
    suggestion: lesson.suggestion,
  }
}

function mistakeLine({ original, corrected, explanationCs, explanationNative }: Mistake): string {
  return `${original} → ${corrected}: ${explanationCs} (${explanationNative})`
}
