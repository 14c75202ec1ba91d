import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChatEvent } from './telegram/chats.ts'
import type { MessageFields } from './telegram/learner.ts'
import type { User } from './telegram/objects.ts'
import type { TelegramStandIn } from './telegram/stand-in.ts'
import { describeEvent, remark, transcriptLine } from './transcript.ts'

/** One thing that the bot did, `ms` after the learner's last act; `file` is where its sound was saved. */
export type Answer = { ms: number; event: ChatEvent; file?: string }

export type Conversation = {
  says(text: string): void
  /** `words` are the words of the note, where they are known. */
  sendsVoice(bytes: Uint8Array, durationSeconds: number, words?: string): void
  /** Taps a button of the newest message that has any, by its label or its number from 1; false where there is none. */
  taps(button: string): boolean
  /** Waits until the answers to the learner's last act are complete or the time is over, and returns those that came. */
  answers(isComplete: (answers: readonly Answer[]) => boolean, timeoutMs: number): Promise<Answer[]>
  stop(): void
}

export type ConversationOptions = {
  user: User
  /** Where the bot's voice notes are saved. */
  folder: string
  print(line: string): void
  /** The id of the first message; a run that keeps the database must not begin at 1 again. */
  firstMessageId?: number
}

const LOOK_EVERY_MS = 40

/** Opens the private chat of a learner with the bot, and prints what happens in it as it happens. */
export function openConversation(
  telegram: TelegramStandIn,
  { user, folder, print, firstMessageId }: ConversationOptions,
): Conversation {
  const learner = telegram.learner(user)
  const chatId = learner.chat.id
  mkdirSync(folder, { recursive: true })

  let nextFields: MessageFields = firstMessageId === undefined ? {} : { message_id: firstMessageId }
  let seenCount = 0
  let fileCount = 0
  let actAt = Date.now()
  let answers: Answer[] = []

  function look(): void {
    const { history } = telegram.chat(chatId)
    for (const event of history.slice(seenCount)) take(event)
    seenCount = history.length
  }

  function take(event: ChatEvent): void {
    // The learner's own events are printed when the learner acts.
    if (event.call === null) return
    const file = save(event)
    const ms = event.at - actAt
    // A chat action is repeated for as long as it lasts.
    const isRepeated = event.kind === 'action' && answers.at(-1)?.event.kind === 'action'
    answers.push({ ms, event, ...(file !== undefined && { file }) })
    const text = isRepeated ? undefined : describeEvent(event)
    if (text === undefined) return
    const line = file === undefined ? text : `${text}: ${file}`
    print(transcriptLine({ ms, speaker: telegram.bot.first_name, text: line }))
  }

  function save(event: ChatEvent): string | undefined {
    if (event.kind !== 'sent') return undefined
    const { messages } = telegram.chat(chatId)
    const bytes = messages.find(({ id }) => id === event.message.message_id)?.file?.bytes
    if (bytes === undefined) return undefined
    fileCount += 1
    const file = join(folder, `honzik-${fileCount}.ogg`)
    writeFileSync(file, bytes)
    return file
  }

  /** Begins the learner's next act; returns the fields of its message. */
  function act(text: string): MessageFields {
    look()
    actAt = Date.now()
    answers = []
    print(`\n${transcriptLine({ ms: 0, speaker: user.first_name, text })}`)
    const messageFields = nextFields
    nextFields = {}
    return messageFields
  }

  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    says(text) {
      learner.says(text, act(text))
    },
    sendsVoice(bytes, durationSeconds, words) {
      const duration = Math.round(durationSeconds)
      const quote = words === undefined ? '' : `: “${words}”`
      learner.sendsVoice(bytes, { duration }, act(`▶ voice note, ${duration} s${quote}`))
    },
    taps(labelOrNumber) {
      const message = telegram.chat(chatId).messages.findLast(({ buttons }) => buttons.length > 0)
      const button = message?.buttons.find(
        ({ text }, index) => text === labelOrNumber || String(index + 1) === labelOrNumber,
      )
      if (!message || button?.callback_data === undefined) return false
      // A tap sends no message: its fields are for the next one.
      nextFields = act(remark(`taps “${button.text}”`))
      learner.taps(message.id, button.callback_data)
      return true
    },
    async answers(isComplete, timeoutMs) {
      const deadline = Date.now() + timeoutMs
      look()
      while (!isComplete(answers) && Date.now() < deadline) {
        await delay(LOOK_EVERY_MS)
        look()
      }
      return answers
    },
    stop: () => clearInterval(timer),
  }
}
