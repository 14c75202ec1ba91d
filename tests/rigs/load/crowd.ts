import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import type { World } from '../world.ts'

/** A voice note that a learner has sent. */
export type SentNote = { chatId: number; messageId: number; updateId: number; said: string }

/** Learners who send the recorded voice notes, one after the other. */
export type Crowd = {
  chatIds: readonly number[]
  /** All that was sent, in order. */
  notes: readonly SentNote[]
  /** One learner sends the next note. */
  sends(chatId: number): void
}

const FIRST_CHAT = 10_000

/** Makes so many learners known to the product, as if they had pressed /start. */
export async function gatherCrowd(
  { db, telegram }: Pick<World, 'db' | 'telegram'>,
  size: number,
): Promise<Crowd> {
  const notes = (await recordings()).slice(0, 3)
  const learners = pgLearners(db)
  const chatIds = Array.from({ length: size }, (_, index) => FIRST_CHAT + index)
  await Promise.all(chatIds.map((id) => learners.chooseNativeLanguage(id, 'ru')))
  const people = new Map(
    chatIds.map((id) => [id, telegram.learner({ id, first_name: 'Olena', language_code: 'ru' })]),
  )
  const counts = new Map<number, number>()
  const sentNotes: SentNote[] = []

  return {
    chatIds,
    notes: sentNotes,
    sends(chatId) {
      const count = counts.get(chatId) ?? 0
      counts.set(chatId, count + 1)
      const note = notes[(chatId + count) % notes.length]
      const person = people.get(chatId)
      if (note === undefined || person === undefined)
        throw new Error(`There is no learner in chat ${chatId}.`)
      const { message, update_id: updateId } = person.sendsVoice(note.bytes, {
        duration: Math.round(note.durationSeconds),
      })
      sentNotes.push({ chatId, messageId: message.message_id, updateId, said: note.text })
    },
  }
}

/** What was sent, by chat. */
export function byChat({ chatIds, notes }: Crowd): Map<number, SentNote[]> {
  const notesByChat = new Map<number, SentNote[]>(chatIds.map((id) => [id, []]))
  for (const note of notes) notesByChat.get(note.chatId)?.push(note)
  return notesByChat
}
