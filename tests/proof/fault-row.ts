import type { TextKey } from '../../lib/bot/texts/texts.ts'
import type { Fault as OpenaiFault, Stage } from '../../scripts/studio/openai/faults.ts'
import type { Fault as TelegramFault } from '../../scripts/studio/telegram/faults.ts'

/** What the learner does; all but the first three are done by someone who has just met the bot. */
export type Act =
  | 'sends a voice note'
  | 'sends a text'
  | 'sends silence'
  | 'begins with /start'
  | 'chooses a language'
  | 'turns the page'
  | 'chooses a level'

/** What the bot shows: a text by its key, `verdict.heard` until it becomes `verdict.score`, or a sound. */
export type Sight = TextKey | 'voice' | 'file'

export type Method =
  | 'getFile'
  | 'downloadFile'
  | 'sendMessage'
  | 'editMessageText'
  | 'editMessageReplyMarkup'
  | 'sendVoice'
  | 'sendDocument'
  | 'sendChatAction'
  | 'answerCallbackQuery'

/** One thing that goes wrong, `times` in a row: once, unless it is said. */
export type Trouble =
  | { openai: Stage; fault: OpenaiFault; times?: number }
  /** A call of the method, or any about the chat; `saying` names the one message that it is about. */
  | { telegram: Method | 'any'; fault: TelegramFault; times?: number; saying?: TextKey }

/** One fault and all that follows from it. */
export type FaultRow = {
  /** Whose fault, at which stage or method, and which. */
  title: string
  does: Act
  /** The voice note, where it is not one of the recordings. */
  note?: { bytes?: Uint8Array; declaredBytes?: number }
  troubles: Trouble[]
  /** Which of the two speakers reads the reply out. */
  speaks: 'by realtime socket' | 'by REST'
  /** A stage that answers only after something else: so the order is no matter of chance. */
  holding?: { stage: Stage; until: Sight | 'the deadline has passed' }
  /** The deadline passes only when this has been shown. */
  deadlineAfter?: Sight
  expected: Expected
}

/** What is seen, stored, asked for again and logged when nothing waits any more. */
export type Expected = {
  /** The bot's messages, top to bottom. */
  seen: Sight[]
  /** What the buttons pressed have answered: a text, or nothing but the end of the spinner. */
  pressed: (TextKey | 'done')[]
  job: 'done' | 'dead'
  /** Waits that somebody asked for are none. */
  attempts: number
  /** Messages that may have been sent twice. */
  duplicates: number
  /** What the learner has been given, and what of their day is used up. */
  given: 'a lesson' | 'nothing' | 'nothing, but it was listened to'
  /** Requests of each stage; a pair where chance decides how many. */
  asked: Record<Stage, number | [least: number, most: number]>
  /** Calls of the methods that matter here. */
  calls: Partial<Record<Method, number>>
  /** The waits that were kept, in seconds and in their order. Chance is nought here: those without a cause take none. */
  waits: number[]
  /** How many warnings and errors of each event. */
  logged: Record<string, number>
  /** The reply that was recorded, where it matters which. */
  reply?: string
}

/** Rows of one kind have the same faults at the same stages or methods, and end the same way. */
export function kindOf({ troubles, expected }: FaultRow) {
  const faults = troubles.map((trouble) => {
    return ['openai' in trouble ? trouble.openai : trouble.telegram, trouble.fault.kind]
  })
  return { faults, job: expected.job }
}

type More = Partial<Omit<Expected, 'asked'>> & { asked?: Partial<Expected['asked']> }

/** A lesson as it should be, but for what `more` says. */
export function taught({ asked, ...more }: More = {}): Expected {
  return {
    seen: ['verdict.score', 'voice'],
    pressed: [],
    job: 'done',
    attempts: 1,
    duplicates: 0,
    given: 'a lesson',
    asked: { transcribe: 1, reply: 1, speak: 1, ...asked },
    calls: {},
    waits: [],
    logged: {},
    ...more,
  }
}

/** No lesson: nothing given or taken, unless `more` says so. */
export function untaught({ asked, ...more }: More): Expected {
  return taught({
    given: 'nothing',
    ...more,
    asked: { transcribe: 0, reply: 0, speak: 0, ...asked },
  })
}

/** More often than anything is tried. */
export const FOR_GOOD = 1_000
