import {
  CHALLENGE_LESSONS,
  CHALLENGE_STARS,
  GOOD_SCORE,
  MIN_WORDS_SAID,
  STARS_PER_LESSON,
  STREAK_BONUSES,
} from '../../domain/learner/progress.ts'
import { COMMAND_GROUPS, type CommandGroup } from '../feature.ts'
import { renderHtml, type Section, type Span } from '../html.ts'
import { dashOf, type InterfaceLanguage } from '../texts/language.ts'
import { type TextArguments, text } from '../texts/texts.ts'

/** The day's plan and how long a message may be; `voice` and `text` count lessons a day. */
export type Limits = TextArguments['help.send'] & TextArguments['help.plan']

/** The commands under one heading, as the menu has them. */
export type CommandsOfGroup = {
  group: CommandGroup
  menu: readonly { command: string; description: string }[]
}

/** By its groups: how lessons go, what they bring, what can be set, who processes the voice; in each its commands. */
export function helpMessage(
  language: InterfaceLanguage,
  limits: Limits,
  groups: readonly CommandsOfGroup[],
): string {
  const dash = dashOf(language)
  return renderHtml(
    COMMAND_GROUPS.flatMap((group) => {
      const menu = groups.find((candidate) => candidate.group === group)?.menu ?? []
      const blocks = [
        ...paragraphsOf(language, limits, group),
        menu.map(({ command, description }) => `/${command} ${dash} ${description}`).join('\n'),
      ].filter((block) => block !== '')
      const heading: Span = { text: text(language, `help.group.${group}`), style: 'b' }
      return blocks.map(
        (block, index): Section =>
          index === 0 ? [heading, { text: `\n${block}` }] : [{ text: block }],
      )
    }),
  )
}

function paragraphsOf(
  language: InterfaceLanguage,
  { maxSeconds, minLength, maxLength, voice, text: texts }: Limits,
  group: CommandGroup,
): string[] {
  switch (group) {
    case 'learn': {
      const button = text(language, 'setting.answers.try_first')
      return [
        `🎙 ${text(language, 'help.send', { maxSeconds, minLength, maxLength })}`,
        `✏️ ${text(language, 'help.answer')}`,
        `💡 ${text(language, 'help.tryFirst', { button })}`,
        `📅 ${text(language, 'help.plan', { voice, text: texts })}`,
      ]
    }
    case 'progress':
      return progressParagraphs(language)
    case 'settings':
      return []
    case 'account':
      return [`🔒 ${text(language, 'help.privacy')}`]
  }
}

function progressParagraphs(language: InterfaceLanguage): string[] {
  const [month, week] = STREAK_BONUSES
  const stars = { stars: STARS_PER_LESSON, goodScore: GOOD_SCORE, minWords: MIN_WORDS_SAID }
  const streak = {
    weekDays: week.days,
    weekStars: week.stars,
    monthDays: month.days,
    monthStars: month.stars,
  }
  const challenge = { lessons: CHALLENGE_LESSONS, stars: CHALLENGE_STARS }
  return [
    `⭐ ${text(language, 'help.stars', stars)}`,
    `🔥 ${text(language, 'help.streak', streak)}`,
    `🏁 ${text(language, 'help.challenge', challenge)}`,
  ]
}
