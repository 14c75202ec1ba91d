import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChatEvent } from './telegram/chats.ts'
import type { MessageFields } from './telegram/learner.ts'
import type { User } from './telegram/objects.ts'
import type { TelegramStandIn } from './telegram/stand-in.ts'
import { note, shown, transcriptLine } from './transcript.ts'

/** One thing that the bot did, `ms` after the learner's last act; `file` is where its sound was saved. */
export type Answer = { ms: number; event: ChatEvent; file?: string }

export type Conversation = {
  says(text: string): void
  /** `words` is what the note says, where that is known. */
  sendsVoice(bytes: Uint8Array, durationSeconds: number, words?: string): void
  /** Taps a button of the newest message that has any, by its label or its number from 1; false where there is none. */
  taps(button: string): boolean
  /** Waits until the answers to the learner's last act are complete, and returns what has come by then. */
  answers(isComplete: (answers: readonly Answer[]) => boolean, timeoutMs: number): Promise<Answer[]>
  stop(): void
}

export type ConversationOptions = {
  user: User
  /** Where the bot's voice notes are saved. */
  folder: string
  print(line: string): void
  /** The id of the first message: Telegram counts on where a run before has stopped. */
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

  let fields: MessageFields = firstMessageId === undefined ? {} : { message_id: firstMessageId }
  let seen = 0
  let files = 0
  let actAt = Date.now()
  let answered: Answer[] = []

  function look(): void {
    const { history } = telegram.chat(chatId)
    for (const event of history.slice(seen)) take(event)
    seen = history.length
  }

  function take(event: ChatEvent): void {
    // The learner's own are printed when they act.
    if (event.call === null) return
    const file = save(event)
    const ms = event.at - actAt
    // A chat action is repeated for as long as it lasts.
    const isRepeated = event.kind === 'action' && answered.at(-1)?.event.kind === 'action'
    answered.push({ ms, event, ...(file !== undefined && { file }) })
    const text = isRepeated ? undefined : shown(event)
    if (text === undefined) return
    const told = file === undefined ? text : `${text}: ${file}`
    print(transcriptLine({ ms, who: telegram.bot.first_name, text: told }))
  }

  function save(event: ChatEvent): string | undefined {
    if (event.kind !== 'sent') return undefined
    const { messages } = telegram.chat(chatId)
    const bytes = messages.find(({ id }) => id === event.message.message_id)?.file?.bytes
    if (bytes === undefined) return undefined
    files += 1
    const file = join(folder, `honzik-${files}.ogg`)
    writeFileSync(file, bytes)
    return file
  }

  /** Begins the learner's next act; returns what its message needs to have. */
  function act(text: string): MessageFields {
    look()
    actAt = Date.now()
    answered = []
    print(`\n${transcriptLine({ ms: 0, who: user.first_name, text })}`)
    const used = fields
    fields = {}
    return used
  }

  const looking = setInterval(look, LOOK_EVERY_MS)
  return {
    says(text) {
      learner.says(text, act(text))
    },
    sendsVoice(bytes, durationSeconds, words) {
      const duration = Math.round(durationSeconds)
      const said = words === undefined ? '' : `: “${words}”`
      learner.sendsVoice(bytes, { duration }, act(`▶ voice note, ${duration} s${said}`))
    },
    taps(wanted) {
      const offered = telegram.chat(chatId).messages.findLast(({ buttons }) => buttons.length > 0)
      const button = offered?.buttons.find(
        ({ text }, index) => text === wanted || String(index + 1) === wanted,
      )
      if (!offered || button?.callback_data === undefined) return false
      const unused = act(note(`taps “${button.text}”`))
      fields = unused
      learner.taps(offered.id, button.callback_data)
      return true
    },
    async answers(isComplete, timeoutMs) {
      const deadline = Date.now() + timeoutMs
      look()
      while (!isComplete(answered) && Date.now() < deadline) {
        await delay(LOOK_EVERY_MS)
        look()
      }
      return answered
    },
    stop: () => clearInterval(looking),
  }
}
