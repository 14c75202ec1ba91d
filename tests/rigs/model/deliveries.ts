import { randomUUID } from 'node:crypto'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { sha256 } from '../../../scripts/studio/openai/transcription.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { ApiRequest, Delivery, ModelChat, Run } from './run.ts'

/** Short, so that the stand-in's answer to each is soon spoken; the last but one has a mistake in it, the last one puts it right. */
export const PHRASES = [
  'Mám psa.',
  'Jdu domů.',
  'Dnes prší.',
  'Piju čaj.',
  'Čtu knihu.',
  'Vařím oběd.',
  'Učím se.',
  'Já bydlím v Praha už dva roky.',
  'Já bydlím v Praze už dva roky.',
] as const

/** Texts that are no lesson: recognised at once, by transcription, or by the tutor. */
export const FOREIGN = ['Привіт, як справи?', 'How are you and what is the weather?'] as const

/** How a message comes: so many hours after it was sent, and in a lane of its own past those before it. */
export type Way = { hoursLate: number; overtakes: boolean; question?: ChatMessage }

export function deliverText(run: Run, chat: ModelChat, text: string, way: Way): void {
  const date = dateOf(run, chat, way)
  const { telegram } = run.world
  const update = way.overtakes
    ? telegram.deliver({ message: messageOf(run, chat, text, date) }, `own:${randomUUID()}`)
    : chat.learner.says(text, { date, ...replyFields(way) })
  recordDelivery(run, chat, update, {
    kind: isCzech(text) ? 'lesson' : 'no-lesson',
    lessonKind: 'text',
    said: text,
    ...questionFields(way),
  })
}

/** Sends a voice note whose bytes are unique; a null text is silence. */
export async function deliverVoice(
  run: Run,
  chat: ModelChat,
  text: string | null,
  way: Pick<Way, 'hoursLate' | 'question'>,
): Promise<void> {
  const bytes = await recordingOf(run, text)
  const date = dateOf(run, chat, { ...way, overtakes: false })
  const update = chat.learner.sendsVoice(bytes, { duration: 1 }, { date, ...replyFields(way) })
  recordDelivery(run, chat, update, {
    kind: isCzech(text) ? 'lesson' : 'no-lesson',
    lessonKind: 'voice',
    audioSha256: sha256(bytes),
    ...(text !== null && { said: text }),
    ...questionFields(way),
  })
}

function isCzech(text: string | null): boolean {
  return text !== null && !FOREIGN.some((phrase) => phrase === text)
}

function replyFields({ question }: Pick<Way, 'question'>) {
  return question && { reply_to_message: question.message }
}

function questionFields({ question }: Pick<Way, 'question'>) {
  return question && { questionId: question.id }
}

/** Sends a command, which is no lesson and counts for nothing. */
export function deliverCommand(run: Run, chat: ModelChat, command: string): void {
  recordDelivery(run, chat, chat.learner.says(command, { date: dateOf(run, chat, NOW) }), {
    kind: 'command',
  })
}

/** Taps a button of the newest message that has any; false where none has. */
export function deliverTap(run: Run, chat: ModelChat, index: number): boolean {
  const question = messagesWithButtons(run, chat).at(-1)
  const buttons = question?.buttons ?? []
  const data = buttons[index % buttons.length]?.callback_data
  if (question === undefined || data === undefined) return false
  tap(run, chat, question.id, data)
  return true
}

function messagesWithButtons(run: Run, chat: ModelChat) {
  const { messages } = run.world.telegram.chat(chat.learner.chat.id)
  return messages.filter(({ author, buttons }) => author === 'bot' && buttons.length > 0)
}

export function tap(run: Run, chat: ModelChat, messageId: number, data: string): void {
  recordDelivery(run, chat, chat.learner.taps(messageId, data), { kind: 'tap' })
}

/** Delivers once more: the same update, or the same message as another one, in its lane or beside it. */
export function deliverAgain(
  run: Run,
  delivery: Delivery,
  way: { isRenumbered: boolean; overtakes: boolean },
): void {
  const [original] = delivery.updates
  if (original === undefined) return
  const { message } = original
  const lane = way.overtakes ? `own:${randomUUID()}` : undefined
  const { telegram } = run.world
  // What named the message is deleted with its sender: only the update's own number is left.
  const isRenumbered = way.isRenumbered && !delivery.chat.isDeleted
  const copy =
    isRenumbered && message !== undefined
      ? telegram.deliver({ message }, lane)
      : telegram.deliver(original, lane)
  if (copy.update_id !== original.update_id) delivery.updates.push(copy)
  run.count.duplicates += 1
}

/** Telegram resends for a day, and gives a pressed button up sooner. */
export function canComeAgain(run: Run, { updates: [update], kind }: Delivery): boolean {
  const date = update?.message?.date
  if (kind === 'tap') return true
  return date !== undefined && run.world.clock.now() / 1000 - date < 23 * 3_600
}

/** Asks the lesson API, in JSON for a text and with a file for a voice. */
export async function ask(
  run: Run,
  client: string,
  text: string,
  lessonKind: ApiRequest['lessonKind'],
): Promise<void> {
  const key = randomUUID()
  const bytes = lessonKind === 'voice' ? await recordingOf(run, text) : undefined
  const firstAt = run.world.clock.now()
  let underWay = 0
  const apiRequest: ApiRequest = {
    key,
    client,
    said: text,
    lessonKind,
    ...(bytes && { audioSha256: sha256(bytes) }),
    answers: [],
    isUnderWay: () => underWay > 0,
    canBeAskedAgain: () => run.world.clock.now() - firstAt < 23 * 3_600_000,
    async ask() {
      underWay += 1
      const response = await run.fetch('lesson', requestOf(run, apiRequest, bytes))
      const text = await response.text()
      apiRequest.answers.push({
        status: response.status,
        body: text === '' ? {} : JSON.parse(text),
      })
      underWay -= 1
    },
  }
  run.apiRequests.push(apiRequest)
  run.count.deliveries += 1
  void apiRequest.ask()
}

const NOW: Way = { hoursLate: 0, overtakes: false }

// In a lane messages come in the order in which they were sent.
function dateOf(run: Run, chat: ModelChat, { hoursLate, overtakes }: Way): number {
  const sentAt = Math.floor(run.world.clock.now() / 1000) - hoursLate * 3_600
  if (overtakes) return sentAt
  chat.lastDate = Math.max(chat.lastDate, sentAt)
  return chat.lastDate
}

function messageOf(run: Run, { learner }: ModelChat, text: string, date: number) {
  const { messages } = run.world.telegram.chat(learner.chat.id)
  const message_id = 1 + Math.max(0, ...messages.map(({ id }) => id))
  return { message_id, from: learner.user, chat: learner.chat, date, text }
}

function recordDelivery(
  run: Run,
  chat: ModelChat,
  update: Update,
  fields: Omit<Delivery, 'updates' | 'chat'>,
): void {
  run.deliveries.push({ ...fields, updates: [update], chat })
  run.count.deliveries += 1
}

let recordingCount = 0

/** A short tone that the stand-in hears as these words. */
async function recordingOf(run: Run, text: string | null): Promise<Uint8Array<ArrayBuffer>> {
  recordingCount += 1
  const pitch = 20 + recordingCount / 1_000
  const tone = Int16Array.from({ length: 4_800 }, (_, at) => 3_000 * Math.sin(at / pitch))
  const { ogg } = await encodeVoiceNote(tone)
  const languages = text === null ? [] : [isCzech(text) ? 'cs' : 'uk']
  run.world.openai.hears(ogg, { text: text ?? '', languages })
  return new Uint8Array(ogg)
}

function requestOf(
  run: Run,
  apiRequest: ApiRequest,
  bytes: Uint8Array<ArrayBuffer> | undefined,
): Request {
  const apiKey = run.settings.apiKey ?? run.world.apiKey
  const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': apiRequest.key }
  const url = 'https://bot.example/api/v1/lessons/process'
  if (bytes === undefined) {
    const body = JSON.stringify({ user_id: apiRequest.client, text: apiRequest.said })
    const json = { ...headers, 'content-type': 'application/json' }
    return new Request(url, { method: 'POST', headers: json, body })
  }
  const form = new FormData()
  form.append('user_id', apiRequest.client)
  form.append('audio', new File([bytes], 'voice.ogg', { type: 'audio/ogg' }))
  return new Request(url, { method: 'POST', headers, body: form })
}
