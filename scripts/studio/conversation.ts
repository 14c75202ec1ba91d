import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, openAnswerWatch } from './answer-watch.ts'
import type { User } from './telegram/objects.ts'
import type { TelegramStandIn } from './telegram/stand-in.ts'
import { remark, transcriptLine } from './transcript.ts'

export type Conversation = {
  says(text: string): void
  /** `words` are the words of the note, where they are known. */
  sendsVoice(bytes: Uint8Array, durationSeconds: number, words?: string): void
  /** Answers the bot's newest message by a reply. */
  replies(text: string): void
  /**
   * Taps a button of the newest message that has it, by its label, or of the newest that has any, by its number from 1;
   * false where there is none.
   */
  taps(button: string): boolean
  /** Waits until the answers to the learner's last act are complete or the time is over, and returns those that came. */
  answers(isComplete: (answers: readonly Answer[]) => boolean, timeoutMs: number): Promise<Answer[]>
  stop(): void
}

export type ConversationOptions = {
  user: User
  /** Where the bot's voice notes and files are saved. */
  folder: string
  print(line: string): void
}

const LOOK_EVERY_MS = 40

/** Opens the private chat of a learner with the bot, and prints what happens in it as it happens. */
export function openConversation(
  telegram: TelegramStandIn,
  { user, folder, print }: ConversationOptions,
): Conversation {
  const learner = telegram.learner(user)
  const chatId = learner.chat.id
  const watch = openAnswerWatch(telegram, chatId, { folder, print })

  /** Begins the learner's next act. */
  function act(text: string): void {
    watch.look()
    watch.beginAct()
    print(`\n${transcriptLine({ ms: 0, speaker: user.first_name, text })}`)
  }

  const timer = setInterval(watch.look, LOOK_EVERY_MS)
  return {
    says(text) {
      act(text)
      learner.says(text)
    },
    sendsVoice(bytes, durationSeconds, words) {
      const duration = Math.round(durationSeconds)
      const quote = words === undefined ? '' : `: “${words}”`
      act(`▶ voice note, ${duration} s${quote}`)
      learner.sendsVoice(bytes, { duration })
    },
    replies(text) {
      const question = telegram.chat(chatId).messages.findLast(({ author }) => author === 'bot')
      act(`${remark('replies')} ${text}`)
      learner.says(text, question && { reply_to_message: question.message })
    },
    taps(labelOrNumber) {
      const messages = telegram.chat(chatId).messages.filter(({ buttons }) => buttons.length > 0)
      const hasLabel = ({ text }: { text: string }) => text === labelOrNumber
      const message = messages.findLast(({ buttons }) => buttons.some(hasLabel)) ?? messages.at(-1)
      const button = message?.buttons.find(
        (candidate, index) => hasLabel(candidate) || String(index + 1) === labelOrNumber,
      )
      if (!message || button?.callback_data === undefined) return false
      act(remark(`taps “${button.text}”`))
      learner.taps(message.id, button.callback_data)
      return true
    },
    async answers(isComplete, timeoutMs) {
      const deadline = Date.now() + timeoutMs
      watch.look()
      while (!isComplete(watch.answers()) && Date.now() < deadline) {
        await delay(LOOK_EVERY_MS)
        watch.look()
      }
      return watch.answers()
    },
    stop: () => clearInterval(timer),
  }
}
