import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from './answer-watch.ts'
import { type Conversation, openConversation } from './conversation.ts'
import { recordings } from './openai/transcription.ts'
import type { TelegramStandIn } from './telegram/stand-in.ts'

/** How long parts of a voice lesson took, from the learner's sending on. */
export type Timing = { name: string; heardMs: number; verdictMs: number; voiceMs: number }

export type DemoOptions = {
  /** Where the bot's voice notes, and the file of what is kept, are saved. */
  folder: string
  print(line: string): void
  /** Throws what keeps an answer from coming. */
  check(): void
}

type Recording = Awaited<ReturnType<typeof recordings>>[number]

type IsComplete = (answers: readonly Answer[]) => boolean

/** An act of the learner's, and the answers that it must have. */
type Play = (
  description: string,
  act: (adam: Conversation) => void,
  isComplete: IsComplete,
) => Promise<Answer[]>

const ADAM = { id: 42, first_name: 'Adam', language_code: 'en' }
/** Longer than a lesson whose retries all fail. */
const ANSWER_MS = 120_000
/** Facts are looked for beside the lessons: the card is asked for again while it has none. */
const MEMORY_TRIES = 5
const MEMORY_WAIT_MS = 1_000

/**
 * Plays a first day: the questions of /start, three voice notes with what stands under their answers, trying first, settings,
 * memory and export. Returns the timings of the voice notes; throws where an answer is missing.
 */
export async function playDemo(
  telegram: TelegramStandIn,
  { folder, print, check }: DemoOptions,
): Promise<Timing[]> {
  const adam = openConversation(telegram, { user: ADAM, folder, print })
  async function play(...[description, act, isComplete]: Parameters<Play>): Promise<Answer[]> {
    act(adam)
    const answers = await adam.answers((soFar) => {
      check()
      return isComplete(soFar)
    }, ANSWER_MS)
    if (isComplete(answers)) return answers
    throw new Error(`${description} did not come in ${ANSWER_MS / 1000} s.`)
  }
  try {
    await introduce(play)
    const timings = await sayThreeThings(play)
    await tryFirst(play)
    await play('the fifth lesson', says('Dneska je hezké počasí.'), isWrittenLesson)
    await slowDown(play)
    await lookIntoMemory(play)
    await play('the file of what is kept', says('/export_me'), someSent('document'))
    return timings
  } finally {
    adam.stop()
  }
}

async function introduce(play: Play): Promise<void> {
  await play('the question for a language', says('/start'), hasButtons)
  await play('the question for a level', taps('English'), hasButtons)
  await play('the invitation to talk', taps('I get by in simple phrases · A2'), someSent('text'))
}

async function sayThreeThings(play: Play): Promise<Timing[]> {
  const [shop, prague, food] = await recordings()
  if (!shop || !prague || !food) throw new Error('There are fewer recordings than three.')
  async function say(recording: Recording): Promise<Timing> {
    const { file, bytes, durationSeconds, text } = recording
    const act = (adam: Conversation) => adam.sendsVoice(bytes, durationSeconds, text)
    return timingOf(file, await play('the verdict and a voice note', act, isLessonWithEdit))
  }
  const timings = [await say(shop)]
  await play('the slower voice note', taps('🐢 Slower'), someSent('voice'))
  timings.push(await say(prague))
  await play('the question for other words', taps('✋ I said something else'), someSent('text'))
  const otherWords = 'Bydlím v Praze a pracuju v obchodě.'
  await play('the lesson on other words', (adam) => adam.replies(otherWords), isLessonWithEdit)
  timings.push(await say(food))
  return timings
}

async function tryFirst(play: Play): Promise<void> {
  await play('the choices of corrections', says('/corrections'), hasButtons)
  await play('the card of settings', taps('Let me try first'), isEdited)
  await play('the hint', says('Jdu do škola.'), hasButtons)
  await play('the answer to the attempt', says('Jdu do školy.'), isWrittenLesson)
}

async function slowDown(play: Play): Promise<void> {
  await play('the card of settings', says('/settings'), hasButtons)
  await play('the choices of speeds', taps('🔊 Voice speed'), isEdited)
  await play('the changed card', taps('Slowly'), isEdited)
}

async function lookIntoMemory(play: Play): Promise<void> {
  for (let tries = 1; tries <= MEMORY_TRIES; tries += 1) {
    const answers = await play('the card of what is remembered', says('/memory'), hasButtons)
    if (
      answers.some(({ event }) => event.kind === 'sent' && /^1\. /m.test(event.message.text ?? ''))
    )
      return
    await delay(MEMORY_WAIT_MS)
  }
}

const says = (text: string) => (adam: Conversation) => adam.says(text)

function taps(button: string) {
  return (adam: Conversation): void => {
    if (!adam.taps(button)) throw new Error(`There is no button “${button}”.`)
  }
}

function someSent(field: 'text' | 'voice' | 'document'): IsComplete {
  return (answers) => answers.some((answer) => isSent(answer, field))
}

function isSent({ event }: Answer, field: 'text' | 'voice' | 'document' | 'reply_markup'): boolean {
  return event.kind === 'sent' && event.message[field] !== undefined
}

const hasButtons: IsComplete = (answers) => answers.some((answer) => isSent(answer, 'reply_markup'))

const isEdited: IsComplete = (answers) => answers.some(({ event }) => event.kind === 'edited')

/** The verdict in one message, and a voice note. */
const isWrittenLesson: IsComplete = (answers) =>
  someSent('text')(answers) && someSent('voice')(answers)

/** A voice note, and a message that is edited: the transcript into the verdict, or the old verdict, which is replaced. */
const isLessonWithEdit: IsComplete = (answers) => isWrittenLesson(answers) && isEdited(answers)

async function timingOf(name: string, answers: readonly Answer[]): Promise<Timing> {
  const transcript = answers.find((answer) => isSent(answer, 'text'))
  const verdict = answers.find(({ event }) => event.kind === 'edited')
  const voice = answers.find((answer) => isSent(answer, 'voice'))
  const sound = await readFile(voice?.file ?? '')
  if (sound.subarray(0, 4).toString('latin1') !== 'OggS') {
    throw new Error(`${voice?.file} is not an Ogg file.`)
  }
  return {
    name,
    heardMs: transcript?.ms ?? Number.NaN,
    verdictMs: verdict?.ms ?? Number.NaN,
    voiceMs: voice?.ms ?? Number.NaN,
  }
}
