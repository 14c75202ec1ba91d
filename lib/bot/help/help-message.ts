import {
  CHALLENGE_LESSONS,
  CHALLENGE_STARS,
  GOOD_SCORE,
  MIN_WORDS_SAID,
  STARS_PER_LESSON,
  STREAK_BONUSES,
} from '../../domain/learner/progress.ts'
import type { CommandGroup } from '../feature.ts'
import { renderHtml, type Section } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { type TextArguments, text } from '../texts/texts.ts'

/** The day's plan and how long a message may be; `voice` and `text` count lessons a day. */
export type Limits = TextArguments['help.send'] & TextArguments['help.plan']

/** The commands under one heading, as the menu has them. */
export type CommandsOfGroup = {
  group: CommandGroup
  menu: readonly { command: string; description: string }[]
}

/** What to send, the answer to it, the day's plan, the stars, who processes the voice, and the commands by their groups. */
export function helpMessage(
  language: InterfaceLanguage,
  limits: Limits,
  groups: readonly CommandsOfGroup[],
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
  ]
  return renderHtml([
    ...paragraphs.map((paragraph) => [{ text: paragraph }]),
    ...groups.filter(({ menu }) => menu.length > 0).map((group) => groupSection(language, group)),
  ])
}

function groupSection(language: InterfaceLanguage, { group, menu }: CommandsOfGroup): Section {
  const commands = menu.map(({ command, description }) => `\n/${command} – ${description}`)
  return [{ text: text(language, `help.group.${group}`), style: 'b' }, { text: commands.join('') }]
}
