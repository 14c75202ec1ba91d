import type { LessonAnswer } from './answer.ts'

/** What the OpenAPI document shows: each is valid by the schema beside it. */

export const TEXT_EXAMPLE = {
  user_id: 'adam',
  text: 'Včera jsem šel do obchod.',
  native_language: 'en',
  level: 'beginner',
}

export const ANSWER_EXAMPLE: LessonAnswer = {
  lesson_id: 1,
  transcript: 'Včera jsem šel do obchod.',
  honzik_response_text: 'Aha! A co sis koupil?',
  honzik_response_transcript: 'Aha! A co sis koupil?',
  honzik_response_audio: 'T2dnUw==',
  audio_mime_type: 'audio/ogg',
  corrections: {
    corrected_text: 'Včera jsem šel do obchodu.',
    mistakes: [
      {
        original: 'do obchod',
        corrected: 'do obchodu',
        category: 'case',
        explanation_cs: 'Po „do“ je druhý pád.',
        explanation_native: 'After "do" comes the genitive.',
      },
    ],
    correctness_score: 80,
    suggestion: 'Say what you bought.',
  },
  formatted_mistakes:
    'do obchod → do obchodu: Po „do“ je druhý pád. (After "do" comes the genitive.)',
  formatted_suggestion: 'Say what you bought.',
  stars_earned: 2,
  total_stars: 12,
  current_streak: 3,
  max_streak: 5,
  daily_challenge: {
    challenge_completed: false,
    messages_today: 2,
    messages_needed: 3,
    bonus_stars: 0,
  },
  new_words: [{ czech: 'koupit si', translation: 'to buy for oneself' }],
  reply_translation: '',
  ready_answers: [],
  doubtful_words: [],
  graded: true,
  words_total: 5,
  words_correct: 4,
  detected_language: 'cs',
  language_notice: null,
  duration_seconds: 2.4,
}

export const EVENTS_EXAMPLE = `event: transcript
data: {"transcript":"Včera jsem šel do obchod."}

event: reply
data: {"delta":"Aha! A co sis","restart":false}

event: reply
data: {"delta":" koupil?","restart":false}

`
