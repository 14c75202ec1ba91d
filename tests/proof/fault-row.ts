import type { TextKey } from '../../lib/bot/texts/texts.ts'
import type { Fault as OpenaiFault, Stage } from '../../scripts/studio/openai/faults.ts'
import type { Fault as TelegramFault } from '../../scripts/studio/telegram/faults.ts'

/** What the learner does; all but the first three are acts of a stranger. */
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
  | { telegram: Method | 'any'; fault: TelegramFault; times?: number; textKey?: TextKey }

/** One fault and all that follows from it. */
export type FaultRow = {
  /** Whose fault, at which stage or method, and which. */
  title: string
  does: Act
  /** The voice note, where it is not one of the recordings. */
  note?: { bytes?: Uint8Array; declaredBytes?: number }
  troubles: Trouble[]
  /** The adapter that speaks the reply. */
  speaks: 'by realtime socket' | 'by REST'
  /** A stage that answers only after something else, which fixes the order. */
  hold?: { stage: Stage; until: Sight | 'the deadline has passed' }
  /** The deadline passes only when this has been shown. */
  deadlineAfter?: Sight
  expectation: Expectation
}

/** The messages, rows, requests and log lines when no job waits any more. */
export type Expectation = {
  /** The bot's messages, top to bottom. */
  sights: Sight[]
  /** The answers to pressed buttons: a text, or `done` where only the spinner ended. */
  pressAnswers: (TextKey | 'done')[]
  job: 'done' | 'dead' | 'left'
  /** Waits that a neighbour asked for do not count. */
  attempts: number
  /** Messages that may have been sent twice. */
  duplicates: number
  /** The lesson and stars that the learner has got, and the place that was used up. */
  gain: 'a lesson' | 'nothing' | 'nothing, but it was listened to'
  /** Requests of each stage; a pair where chance decides how many. */
  requests: Record<Stage, number | [least: number, most: number]>
  /** Calls of the methods that matter here. */
  calls: Partial<Record<Method, number>>
  /** The waits that were kept, in seconds and in their order. Jitter is 0 in these tests: a wait that no neighbour asked for takes no time. */
  waits: number[]
  /** How many warnings and errors of each event. */
  logCounts: Record<string, number>
  /** The reply that was recorded, where it matters which. */
  reply?: string
}

/** Rows of one kind have the same faults at the same stages or methods, and end the same way. */
export function kindOf({ troubles, expectation }: FaultRow) {
  const faults = troubles.map((trouble) => {
    return ['openai' in trouble ? trouble.openai : trouble.telegram, trouble.fault.kind]
  })
  return { faults, job: expectation.job }
}

type Changes = Partial<Omit<Expectation, 'requests'>> & {
  requests?: Partial<Expectation['requests']>
}

/** The expectation of a lesson without trouble, with these changes. */
export function expectLesson({ requests, ...changes }: Changes = {}): Expectation {
  return {
    sights: ['verdict.score', 'voice'],
    pressAnswers: [],
    job: 'done',
    attempts: 1,
    duplicates: 0,
    gain: 'a lesson',
    requests: { transcribe: 1, reply: 1, speak: 1, ...requests },
    calls: {},
    waits: [],
    logCounts: {},
    ...changes,
  }
}

/** The expectation of no lesson, where the learner gains and loses nothing, with these changes. */
export function expectNoLesson({ requests, ...changes }: Changes): Expectation {
  return expectLesson({
    gain: 'nothing',
    ...changes,
    requests: { transcribe: 0, reply: 0, speak: 0, ...requests },
  })
}

/** More often than any call is repeated. */
export const FOR_GOOD = 1_000

/** As long as a job is retried: time passes until it is a day old. */
export const A_DAY = 2_000
