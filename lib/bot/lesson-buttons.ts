import type { LessonMessages } from '../app/lesson/stores.ts'
import type { Keyboard } from '../app/telegram.ts'
import type { VoiceSpeed } from '../domain/learner/learner.ts'
import { slowerThan } from '../domain/learner/learner.ts'
import { MAX_SPOKEN_LENGTH } from '../domain/lesson/limits.ts'
import { buttonOf } from './presses.ts'
import type { InterfaceLanguage } from './texts/language.ts'
import { text } from './texts/texts.ts'

/** A lesson's buttons name it by the job whose messages they stand under: it is known before the lesson is recorded. */
function lessonButton<Name extends string>(name: Name) {
  return { name, read: readJobId }
}

/** Reads the id of a job. */
export function readJobId(value: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined
}

export const TRANSLATE = lessonButton('aside-translate')
export const SLOWER = lessonButton('aside-slower')
export const ANSWERS = lessonButton('aside-answers')
export const MORE = lessonButton('lesson-more')
export const RETAKE = lessonButton('lesson-retake')
export const WITHDRAW = lessonButton('lesson-withdraw')
export const SHOW = lessonButton('lesson-show')

/** Under Honzík's voice note, or his text where there is none. */
export function replyKeyboard(
  language: InterfaceLanguage,
  jobId: number,
  { reply, speed, isTranslated = false }: ReplyOnScreen,
): Keyboard {
  const canBeSlower = slowerThan(speed) !== undefined && reply.length <= MAX_SPOKEN_LENGTH
  return {
    inline_keyboard: [
      [
        ...(isTranslated
          ? []
          : [buttonOf(TRANSLATE, jobId, `🌐 ${text(language, 'aside.translate')}`)]),
        ...(canBeSlower ? [buttonOf(SLOWER, jobId, `🐢 ${text(language, 'aside.slower')}`)] : []),
      ],
      [buttonOf(ANSWERS, jobId, `💬 ${text(language, 'aside.answers')}`)],
    ].filter(({ length }) => length > 0),
  }
}

type ReplyOnScreen = { reply: string; speed: VoiceSpeed; isTranslated?: boolean }

/** Under a hint. */
export function hintKeyboard(language: InterfaceLanguage, jobId: number): Keyboard {
  return { inline_keyboard: [[buttonOf(SHOW, jobId, `👀 ${text(language, 'hint.show')}`)]] }
}

/** Under the verdict. What was said is replaced once: the verdict of a retake has no button for it. */
export function verdictKeyboard(
  language: InterfaceLanguage,
  jobId: number,
  { isRetaken, hasMore }: { isRetaken: boolean; hasMore: boolean },
): Keyboard {
  const more = hasMore ? [buttonOf(MORE, jobId, `🔎 ${text(language, 'verdict.more')}`)] : []
  const retake = isRetaken ? [] : [buttonOf(RETAKE, jobId, `✋ ${text(language, 'retake.button')}`)]
  return { inline_keyboard: [more, retake].filter(({ length }) => length > 0) }
}

/** The row that is added under the verdict while the learner is asked what they said. */
export function withdrawRow(language: InterfaceLanguage, jobId: number) {
  return [buttonOf(WITHDRAW, jobId, `🗑 ${text(language, 'retake.withdraw')}`)]
}

/** Takes all buttons away. */
export const NO_BUTTONS: Keyboard = { inline_keyboard: [] }

/** Where a lesson's reply stands, if it is known, else under the message that was pressed. */
export function formOfReply(
  { reply }: LessonMessages,
  pressedMessage: object | undefined,
): 'voice' | 'file' | 'text' {
  if (reply !== null) return reply.form
  if (pressedMessage !== undefined && 'voice' in pressedMessage) return 'voice'
  return pressedMessage !== undefined && 'text' in pressedMessage ? 'text' : 'file'
}
