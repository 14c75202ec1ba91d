import {
  CHALLENGE_LESSONS,
  CHALLENGE_STARS,
  GOOD_SCORE,
  MIN_WORDS_SAID,
  STARS_PER_LESSON,
  STREAK_BONUSES,
} from '../../domain/learner/progress.ts'
import { renderHtml } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { type TextArguments, text } from '../texts/texts.ts'

/** The day's plan and how long a message may be; `voice` and `text` count lessons a day. */
export type Limits = TextArguments['help.send'] & TextArguments['help.plan']

/** What to send, the answer to it, the day's plan, the stars, who processes the voice, and the commands. */
export function helpMessage(
  language: InterfaceLanguage,
  limits: Limits,
  commands: readonly { command: string; description: string }[],
): string {
  const [month, week] = STREAK_BONUSES
  const { maxSeconds, minLength, maxLength, voice, text: texts } = limits
  const stars = { stars: STARS_PER_LESSON, goodScore: GOOD_SCORE, minWords: MIN_WORDS_SAID }
  const streak = {
    weekDays: week.days,
    weekStars: week.stars,
    monthDays: month.days,
    monthStars: month.stars,
  }
  const challenge = { lessons: CHALLENGE_LESSONS, stars: CHALLENGE_STARS }
  const paragraphs = [
    `🎙 ${text(language, 'help.send', { maxSeconds, minLength, maxLength })}`,
    `✏️ ${text(language, 'help.answer')}`,
    `📅 ${text(language, 'help.plan', { voice, text: texts })}`,
    `⭐ ${text(language, 'help.stars', stars)}`,
    `🔥 ${text(language, 'help.streak', streak)}`,
    `🏁 ${text(language, 'help.challenge', challenge)}`,
    `🔒 ${text(language, 'help.privacy')}`,
    commands.map(({ command, description }) => `/${command} – ${description}`).join('\n'),
  ]
  return renderHtml(paragraphs.map((paragraph) => [{ text: paragraph }]))
}
