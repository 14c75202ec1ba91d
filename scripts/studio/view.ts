import type { Entity } from './telegram/objects.ts'

/** What the studio's page is told, as JSON. Times are milliseconds since the epoch, of the studio's clock. */
export type StudioView = {
  parts: PartView[]
  functions: { url: string | null; isAnswering: boolean }
  /** A key for the lesson API of these functions. */
  apiKey: string
  /** How far the studio's clock is ahead of the machine's. */
  clockAheadMs: number
  learners: LearnerView[]
  recordings: RecordingView[]
  /** What the imitated tutor knows by heart, to be tried by a click; none where the tutor is real. */
  sentences: string[]
  /** What has gone wrong lately, newest last. */
  troubles: TroubleView[]
}

/** Something that went wrong, and with which update, where it is about one. */
export type TroubleView = { id: number; words: string; updateId: number | null }

/** One of those whom Honzík needs: played by a stand-in, or real. */
export type PartView = { name: string; isImitated: boolean; host: string | null }

export type CommandView = { command: string; description: string }

export type LearnerView = {
  id: number
  name: string
  /** Of the learner's Telegram, ISO 639-1. */
  language: string
  hasBlocked: boolean
  forbidsVoice: boolean
  commands: CommandView[]
}

/** A ready-made voice note. */
export type RecordingView = { file: string; text: string; language: string; seconds: number }

export type ChatView = {
  learnerId: number
  messages: MessageView[]
  /** What Honzík is doing, as he last said; it lasts five seconds, or until his next message. */
  action: { name: string; id: number } | null
  /** What the last press was answered with. */
  notice: { text: string; isAlert: boolean; id: number } | null
}

export type FileView = { url: string; name: string; bytes: number; seconds: number }
export type ButtonView = { text: string; data: string | null; url: string | null }

export type MessageView = {
  id: number
  author: 'learner' | 'bot'
  at: number
  isEdited: boolean
  text: string
  entities: Entity[]
  media: { kind: 'voice' | 'audio' | 'document' | 'photo' | 'sticker'; file: FileView } | null
  buttons: ButtonView[][]
  /** The bot waits for a reply to this message; what its field says while it is empty. */
  forceReply: { placeholder: string } | null
  replyTo: { id: number; author: 'learner' | 'bot'; text: string } | null
  reactions: string[]
  /** The update that it came with, or that it answers. */
  updateId: number | null
  /** What about it was imitated, in sentences. */
  imitations: string[]
  /** What the update's paid calls cost where they were real, in US dollars. */
  costUsd: number | null
}

/** What a learner does in the chat. */
export type Act =
  | { kind: 'text'; text: string; replyTo?: number | undefined }
  | { kind: 'recording'; file: string; replyTo?: number | undefined }
  | { kind: 'tap'; messageId: number; data: string }
  | { kind: 'edit'; messageId: number; text: string }
  | { kind: 'delete'; messageId: number }
  | { kind: 'block'; isOn: boolean }
  | { kind: 'forbid-voice'; isOn: boolean }

/** How far the studio's clock is moved; 'evening' is 23:59 of the same day in Prague. */
export type ClockMove = 'day' | 'week' | 'evening'
