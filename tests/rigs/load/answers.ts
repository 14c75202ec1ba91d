import type { ChatMessage, ChatView } from '../../../scripts/studio/telegram/chats.ts'
import type { SentNote } from './crowd.ts'

/** What one voice note was answered with; moments in milliseconds since the epoch. */
export type Answer = {
  note: SentNote
  /** Messages that show what was heard, and then the verdict. */
  texts: number
  voices: number
  heardAt: number | undefined
  verdictAt: number | undefined
  voiceAt: number | undefined
}

/** What is to be seen in one chat: its notes' answers, and whether they came in the notes' order. */
export type Answers = { answers: Answer[]; isInOrder: boolean }

/**
 * Reads a chat. A text answers the note that it is a reply to; a spoken reply is a reply to nothing, and
 * belongs to the text before it, since a lane runs one job at a time.
 */
export function answersIn({ messages, history }: ChatView, notes: readonly SentNote[]): Answers {
  const answers = notes.map(
    (note): Answer => ({
      note,
      texts: 0,
      voices: 0,
      heardAt: undefined,
      verdictAt: undefined,
      voiceAt: undefined,
    }),
  )
  let isInOrder = true
  let at = -1
  for (const message of messages.filter(({ author }) => author === 'bot')) {
    const answerIndex = answers.findIndex(({ note }) => note.messageId === repliedTo(message))
    if (answerIndex >= 0) {
      isInOrder &&= answerIndex >= at
      at = answerIndex
    }
    const answer = answers[at]
    if (answer === undefined) continue
    if (answerIndex >= 0) {
      answer.texts += 1
      answer.heardAt ??= momentOf(history, message, 'sent')
      answer.verdictAt ??= momentOf(history, message, 'edited')
    } else if (message.file?.kind === 'voice') {
      answer.voices += 1
      answer.voiceAt ??= momentOf(history, message, 'sent')
    }
  }
  return { answers, isInOrder }
}

function repliedTo({ message }: ChatMessage): number | undefined {
  return message.reply_to_message?.message_id
}

function momentOf(
  history: ChatView['history'],
  { id }: ChatMessage,
  kind: 'sent' | 'edited',
): number | undefined {
  return history.find((event) => event.kind === kind && event.message.message_id === id)?.at
}
