import type { TaughtLesson } from '../app/lesson/lesson.ts'
import type { Keyboard } from '../app/telegram.ts'
import { GENDERS, genderShown } from '../domain/learner/gender.ts'
import type { Learner } from '../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from './context.ts'
import type { Press } from './feature.ts'
import { inviteToStart } from './invite-to-start.ts'
import { buttonOf } from './presses.ts'
import { textMessage } from './text-message.ts'
import type { InterfaceLanguage } from './texts/language.ts'
import { text } from './texts/texts.ts'

/** What can be answered to the question. */
export const GENDER_ANSWERS = [...GENDERS, 'unsaid'] as const
type GenderAnswer = (typeof GENDER_ANSWERS)[number]

/** Reads the answer to the question. */
function readGender(value: string): GenderAnswer | undefined {
  return GENDER_ANSWERS.find((answer) => answer === value)
}

/** Sets the gender that the learner speaks of themselves in, or that they do not tell. */
export const genderPress: Press<ChatDeps, GenderAnswer> = {
  name: 'gender',
  read: readGender,
  async run(ctx, gender, messageId) {
    const learner = await ctx.choose({ gender })
    if (learner === undefined) return inviteToStart(ctx)
    const language = ctx.languageFor(learner)
    await ctx.ourChat.edit(messageId, textMessage(language, 'gender.chosen', { gender }))
  },
}

/**
 * Asks once for the gender of a learner whose words have not shown it: behind a lesson, but not the very first, so
 * that their words have had the time to.
 */
export async function askGender(
  ctx: BotContext<ChatDeps>,
  learner: Learner,
  { said, correctedText, progress, lessonsOnDay }: TaughtLesson,
): Promise<void> {
  const isFirstLesson = lessonsOnDay < 2 && progress.maxStreak < 2
  if (learner.gender !== 'unknown' || isFirstLesson) return
  if (genderShown(said, correctedText) !== undefined) return
  const language = ctx.languageFor(learner)
  const question = textMessage(language, 'gender.ask')
  await ctx.ourChat.say('ask-gender', question, { keyboard: genderKeyboard(language) })
  await ctx.choose({ gender: 'unsaid' })
}

/** The answers, one a row. */
function genderKeyboard(language: InterfaceLanguage): Keyboard {
  return {
    inline_keyboard: GENDER_ANSWERS.map((answer) => [
      buttonOf(genderPress, answer, text(language, `gender.${answer}`)),
    ]),
  }
}
