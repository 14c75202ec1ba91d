import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { recordings } from '../openai/transcription.ts'
import { type FileKind, sniff } from '../telegram/files.ts'
import type { Learner, MessageFields } from '../telegram/learner.ts'
import type { Update } from '../telegram/objects.ts'
import type { TelegramStandIn } from '../telegram/stand-in.ts'
import type { Act, LearnerView } from '../view.ts'

export type StudioLearner = Omit<LearnerView, 'commands'> & {
  act: Learner
  /** The updates of what the learner did, oldest first, and before which calls of the bot each came. */
  updates: { id: number; call: number; messageId: number | null }[]
}

export type StudioLearners = ReturnType<typeof createLearners>

/** The learners of the studio, each in a chat with the bot. */
export function createLearners(telegram: TelegramStandIn) {
  const learners = new Map<number, StudioLearner>()
  let lastUpdate: Update | undefined

  function get(id: number): StudioLearner {
    const learner = learners.get(id)
    if (!learner) throw new Error(`There is no learner ${id}`)
    return learner
  }

  function note(learner: StudioLearner, update: Update): void {
    lastUpdate = update
    const messageId = update.message?.message_id ?? null
    learner.updates.push({ id: update.update_id, call: telegram.calls.length, messageId })
  }

  function reply(learner: StudioLearner, messageId: number | undefined): MessageFields {
    if (messageId === undefined) return {}
    const target = telegram.chat(learner.id).messages.find(({ id }) => id === messageId)
    if (!target) return {}
    const { reply_to_message: _, ...message } = target.message
    return { reply_to_message: message }
  }

  async function sendVoice(id: number, bytes: Uint8Array, replyTo?: number): Promise<void> {
    const learner = get(id)
    const file = await inspectAudio(bytes)
    if (file?.format !== 'ogg') throw new Error('Telegram takes voice notes as Ogg with Opus')
    const duration = Math.max(1, Math.round(file.durationSeconds))
    note(learner, learner.act.sendsVoice(bytes, { duration }, reply(learner, replyTo)))
  }

  function sendFile(id: number, bytes: Uint8Array, fileName: string, replyTo?: number): void {
    const learner = get(id)
    if (bytes.length === 0) throw new Error('Telegram takes no empty file')
    const kind = kindOf(bytes)
    const details = kind === 'photo' ? {} : { fileName }
    note(learner, learner.act.sendsFile(kind, bytes, details, reply(learner, replyTo)))
  }

  return {
    list: (): StudioLearner[] => [...learners.values()],
    /** What the last act of any learner was sent as. */
    newestUpdate: (): Update | undefined => lastUpdate,
    sendVoice,
    /** Sends a file as Telegram's apps do: a picture as a photo, music as audio, anything else as a document. */
    sendFile,

    add({ id, name, language }: Pick<LearnerView, 'id' | 'name' | 'language'>): void {
      const act = telegram.learner({ id, first_name: name, language_code: language })
      const flags = { hasBlocked: false, forbidsVoice: false }
      learners.set(id, { id, name, language, ...flags, act, updates: [] })
    },

    /** Does what a learner's page says; throws, in a sentence, where that cannot be done. */
    async act(id: number, act: Act): Promise<void> {
      const learner = get(id)
      switch (act.kind) {
        case 'text':
          return note(learner, learner.act.says(act.text, reply(learner, act.replyTo)))
        case 'recording': {
          const recording = (await recordings()).find(({ file }) => file === act.file)
          if (!recording) throw new Error(`There is no recording ${act.file}`)
          return sendVoice(id, recording.bytes, act.replyTo)
        }
        case 'tap':
          return note(learner, learner.act.taps(act.messageId, act.data))
        case 'edit':
          return note(learner, learner.act.edits(act.messageId, act.text))
        case 'delete':
          return learner.act.deletes(act.messageId)
        case 'block':
          learner.hasBlocked = act.isOn
          return telegram.block(id, act.isOn)
        case 'forbid-voice':
          learner.forbidsVoice = act.isOn
          return telegram.forbidVoice(id, act.isOn)
      }
    },
  }
}

function kindOf(bytes: Uint8Array): FileKind {
  const type = sniff(bytes)?.mimeType ?? ''
  if (type === 'image/jpeg' || type === 'image/png') return 'photo'
  return type === 'audio/mpeg' || type === 'audio/mp4' ? 'audio' : 'document'
}
