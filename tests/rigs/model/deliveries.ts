import { randomUUID } from 'node:crypto'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { sha256 } from '../../../scripts/studio/openai/transcription.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { Asked, Delivered, ModelChat, Run } from './run.ts'

/** Short, so that the stand-in's answer to each is soon spoken; the last one has a mistake in it. */
export const PHRASES = [
  'Mám psa.',
  'Jdu domů.',
  'Dnes prší.',
  'Piju čaj.',
  'Čtu knihu.',
  'Vařím oběd.',
  'Učím se.',
  'Já bydlím v Praha už dva roky.',
] as const

/** What gets no lesson: it is found out at once, by hearing it, or by the tutor. */
export const FOREIGN = ['Привіт, як справи?', 'How are you and what is the weather?'] as const

/** How a message comes: so many hours after it was sent, and in a lane of its own past those before it. */
export type Way = { hoursLate: number; overtakes: boolean }

export function deliverText(run: Run, chat: ModelChat, said: string, way: Way): void {
  const date = dateOf(run, chat, way)
  const isCzech = PHRASES.some((phrase) => phrase === said)
  const { telegram } = run.world
  const update = way.overtakes
    ? telegram.deliver({ message: messageOf(run, chat, said, date) }, `own:${randomUUID()}`)
    : chat.me.says(said, { date })
  note(run, chat, update, { kind: isCzech ? 'lesson' : 'no-lesson', lessonKind: 'text', said })
}

/** A voice note that no other one equals; `said` null is silence. */
export async function deliverVoice(
  run: Run,
  chat: ModelChat,
  said: string | null,
  way: Pick<Way, 'hoursLate'>,
): Promise<void> {
  const bytes = await recordingOf(run, said)
  const date = dateOf(run, chat, { ...way, overtakes: false })
  const update = chat.me.sendsVoice(bytes, { duration: 1 }, { date })
  const isCzech = PHRASES.some((phrase) => phrase === said)
  note(run, chat, update, {
    kind: isCzech ? 'lesson' : 'no-lesson',
    lessonKind: 'voice',
    audioSha256: sha256(bytes),
    ...(said !== null && { said }),
  })
}

export function deliverStart(run: Run, chat: ModelChat): void {
  note(run, chat, chat.me.says('/start', { date: dateOf(run, chat, NOW) }), { kind: 'start' })
}

/** Taps a button of the newest message that has any; false where none has. */
export function deliverTap(run: Run, chat: ModelChat, which: number): boolean {
  const { messages } = run.world.telegram.chat(chat.me.chat.id)
  const offered = messages
    .filter(({ author }) => author === 'bot')
    .findLast(({ buttons }) => buttons.length > 0)
  const buttons = offered?.buttons ?? []
  const data = buttons[which % buttons.length]?.callback_data
  if (offered === undefined || data === undefined) return false
  note(run, chat, chat.me.taps(offered.id, data), { kind: 'tap' })
  return true
}

/** Delivers once more: the same update, or the same message as another one, in its lane or beside it. */
export function deliverAgain(
  run: Run,
  delivered: Delivered,
  how: { isRenumbered: boolean; overtakes: boolean },
): void {
  const [original] = delivered.updates
  if (original === undefined) return
  const { message } = original
  const lane = how.overtakes ? `own:${randomUUID()}` : undefined
  const { telegram } = run.world
  const copy =
    how.isRenumbered && message !== undefined
      ? telegram.deliver({ message }, lane)
      : telegram.deliver(original, lane)
  if (copy.update_id !== original.update_id) delivered.updates.push(copy)
  run.count.duplicates += 1
}

/** Telegram resends for a day, and gives a pressed button up sooner. */
export function canComeAgain(run: Run, { updates: [update], kind }: Delivered): boolean {
  const date = update?.message?.date
  if (kind === 'tap') return true
  return date !== undefined && run.world.clock.now() / 1000 - date < 23 * 3_600
}

/** Asks the lesson API, in JSON for a text and with a file for a voice. */
export async function ask(
  run: Run,
  client: string,
  said: string,
  lessonKind: Asked['lessonKind'],
): Promise<void> {
  const key = randomUUID()
  const bytes = lessonKind === 'voice' ? await recordingOf(run, said) : undefined
  const firstAt = run.world.clock.now()
  let underWay = 0
  const asked: Asked = {
    key,
    client,
    said,
    lessonKind,
    ...(bytes && { audioSha256: sha256(bytes) }),
    answers: [],
    isUnderWay: () => underWay > 0,
    canBeAskedAgain: () => run.world.clock.now() - firstAt < 23 * 3_600_000,
    async ask() {
      underWay += 1
      const response = await run.fetch('lesson', requestOf(run, asked, bytes))
      const text = await response.text()
      asked.answers.push({ status: response.status, body: text === '' ? {} : JSON.parse(text) })
      underWay -= 1
    },
  }
  run.asked.push(asked)
  run.count.deliveries += 1
  void asked.ask()
}

const NOW: Way = { hoursLate: 0, overtakes: false }

// In a lane messages come in the order in which they were sent.
function dateOf(run: Run, chat: ModelChat, { hoursLate, overtakes }: Way): number {
  const sent = Math.floor(run.world.clock.now() / 1000) - hoursLate * 3_600
  if (overtakes) return sent
  chat.lastDate = Math.max(chat.lastDate, sent)
  return chat.lastDate
}

function messageOf(run: Run, { me }: ModelChat, text: string, date: number) {
  const { messages } = run.world.telegram.chat(me.chat.id)
  const message_id = 1 + Math.max(0, ...messages.map(({ id }) => id))
  return { message_id, from: me.user, chat: me.chat, date, text }
}

function note(
  run: Run,
  chat: ModelChat,
  update: Update,
  what: Omit<Delivered, 'updates' | 'chat'>,
): void {
  run.delivered.push({ ...what, updates: [update], chat })
  run.count.deliveries += 1
}

let recorded = 0

/** A short tone that the stand-in hears as these words. */
async function recordingOf(run: Run, said: string | null): Promise<Uint8Array<ArrayBuffer>> {
  recorded += 1
  const pitch = 20 + recorded / 1_000
  const tone = Int16Array.from({ length: 4_800 }, (_, at) => 3_000 * Math.sin(at / pitch))
  const { ogg } = await encodeVoiceNote(tone)
  const isCzech = said !== null && PHRASES.some((phrase) => phrase === said)
  const languages = said === null ? [] : [isCzech ? 'cs' : 'uk']
  run.world.openai.hears(ogg, { text: said ?? '', languages })
  return new Uint8Array(ogg)
}

function requestOf(run: Run, asked: Asked, bytes: Uint8Array<ArrayBuffer> | undefined): Request {
  const headers = { authorization: `Bearer ${run.world.apiKey}`, 'idempotency-key': asked.key }
  const url = 'https://bot.example/api/v1/lessons/process'
  if (bytes === undefined) {
    const body = JSON.stringify({ user_id: asked.client, text: asked.said })
    const json = { ...headers, 'content-type': 'application/json' }
    return new Request(url, { method: 'POST', headers: json, body })
  }
  const form = new FormData()
  form.append('user_id', asked.client)
  form.append('audio', new File([bytes], 'voice.ogg', { type: 'audio/ogg' }))
  return new Request(url, { method: 'POST', headers, body: form })
}
