import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChatEvent } from './telegram/chats.ts'
import type { TelegramStandIn } from './telegram/stand-in.ts'
import { describeEvent, remark, transcriptLine } from './transcript.ts'

/** One thing that the bot did, `ms` after the learner's last act; `file` is where its sound or document was saved. */
export type Answer = { ms: number; event: ChatEvent; file?: string }

export type AnswerWatchOptions = {
  /** Where the bot's voice notes and files are saved. */
  folder: string
  print(line: string): void
}

/** Collects what the bot does in a chat, prints it, and saves its voice notes and files. */
export function openAnswerWatch(
  telegram: TelegramStandIn,
  chatId: number,
  { folder, print }: AnswerWatchOptions,
) {
  let seenCount = 0
  let soundCount = 0
  let actAt = Date.now()
  let answers: Answer[] = []
  mkdirSync(folder, { recursive: true })

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
    const line = file === undefined ? text : `${text}\n${remark(`saved as ${file}`)}`
    print(transcriptLine({ ms, speaker: telegram.bot.first_name, text: line }))
  }

  function save(event: ChatEvent): string | undefined {
    if (event.kind !== 'sent') return undefined
    const { messages } = telegram.chat(chatId)
    const bytes = messages.find(({ id }) => id === event.message.message_id)?.file?.bytes
    if (bytes === undefined) return undefined
    const file = join(folder, event.message.document?.file_name ?? nextSoundName())
    writeFileSync(file, bytes)
    return file
  }

  function nextSoundName(): string {
    soundCount += 1
    return `honzik-${soundCount}.ogg`
  }

  return {
    /** Takes what has happened in the chat since the last look. */
    look(): void {
      const { history } = telegram.chat(chatId)
      for (const event of history.slice(seenCount)) take(event)
      seenCount = history.length
    },
    /** Begins to collect the answers to an act of the learner. */
    beginAct(): void {
      actAt = Date.now()
      answers = []
    },
    answers: (): Answer[] => answers,
  }
}
