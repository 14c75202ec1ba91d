import { LEVELS } from '../../domain/learner/learner.ts'
import {
  CHALLENGE_LESSONS,
  CHALLENGE_STARS,
  GOOD_SCORE,
  STARS_PER_LESSON,
  STREAK_BONUSES,
} from '../../domain/learner/progress.ts'
import { renderHtml } from '../html.ts'
import {
  type ArgumentsOf,
  type InterfaceLanguage,
  type TextArguments,
  type TextKey,
  text,
} from '../texts/texts.ts'

/** Czech in every language: it is what the learner is to try. */
const EXAMPLE_SENTENCE = 'Ahoj, Honzíku! Dneska je hezky a já se učím česky.'

/** One of the texts as a message in HTML. */
export function textMessage<K extends TextKey>(
  language: InterfaceLanguage,
  key: K,
  ...args: ArgumentsOf<K>
): string {
  return renderHtml([[{ text: text(language, key, ...args) }]])
}

/** Asks for the level and says what each is like; the keyboard has the names alone. */
export function chooseLevelMessage(language: InterfaceLanguage): string {
  const levels = LEVELS.map((level) => [
    { text: text(language, `level.${level}`), style: 'b' as const },
    { text: `\n${text(language, `level.${level}.hint`)}` },
  ])
  return renderHtml([[{ text: text(language, 'level.choose') }], ...levels])
}

/** Invites to the first lesson, with a sentence to try. */
export function readyMessage(language: InterfaceLanguage): string {
  const invitation = { text: `${text(language, 'welcome.ready')}\n` }
  return renderHtml([[invitation, { text: EXAMPLE_SENTENCE, style: 'blockquote' }]])
}

/** The day's plan and how long a message may be; `voice` and `text` count lessons a day. */
export type Limits = TextArguments['help.send'] & TextArguments['help.plan']

/** What to send, what comes back, how much a day, how stars come, where the voice goes, the commands. */
export function helpMessage(
  language: InterfaceLanguage,
  limits: Limits,
  commands: readonly { name: string; description: string }[],
): string {
  const [month, week] = STREAK_BONUSES
  const { maxSeconds, minLength, maxLength, voice, text: texts } = limits
  const stars = { stars: STARS_PER_LESSON, goodScore: GOOD_SCORE }
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
    commands.map(({ name, description }) => `/${name} – ${description}`).join('\n'),
  ]
  return renderHtml(paragraphs.map((paragraph) => [{ text: paragraph }]))
}

/** A wait as the texts about quotas name it: minutes below an hour, then hours to the nearest. */
export function waitOf(seconds: number): TextArguments['quota.unheardUsedUp'] {
  const minutes = Math.max(1, Math.ceil(seconds / 60))
  return minutes < 60
    ? { unit: 'minutes', amount: minutes }
    : { unit: 'hours', amount: Math.round(minutes / 60) }
}
