import type { Message } from 'telegraf/types'
import type { Expectations } from '../../app/expectations.ts'
import type { Audience, LessonOutcome } from '../../app/lesson/lesson.ts'
import { takeText } from '../../app/lesson/take-text.ts'
import { takeVoice, type VoiceDeps, type VoiceNote } from '../../app/lesson/take-voice.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { MAX_VOICE_BYTES } from '../../domain/lesson/limits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { askGender } from '../gender.ts'
import { albumOf, isFirstOf } from '../notices.ts'
import { meetLearner } from '../strangers.ts'
import { telegramAudience } from './audience.ts'
import { refusalMessage } from './refusals.ts'

export type LessonBotDeps = ChatDeps & VoiceDeps & { expectations: Expectations }
type LessonContext = BotContext<LessonBotDeps>

/** A recording as a message holds it: `duration` in seconds, sizes in bytes, where Telegram knows them. */
export type RecordingFile = { file_id: string; duration?: number; file_size?: number | undefined }

/** How a message is taught: as a lesson of its own, unless these say otherwise. */
export type LessonManner = {
  deps: VoiceDeps
  /** It takes the place of what was said first in another lesson. */
  isRetake: boolean
}

/** Turns a recording into a lesson; true where it has become one. */
export function voiceLesson(
  ctx: LessonContext,
  message: Message,
  recording: RecordingFile,
  manner: LessonManner = { deps: ctx.deps, isRetake: false },
): Promise<boolean> {
  return teachOrRefuse(ctx, message, manner, (learner, audience) =>
    takeVoice(manner.deps, ctx.run, voiceNoteOf(ctx, learner, message, recording), audience),
  )
}

/** A recording as the lesson hears it. */
export function voiceNoteOf(
  ctx: LessonContext,
  learner: Learner,
  message: Message,
  { file_id, duration = 0, file_size = 0 }: RecordingFile,
): VoiceNote {
  return {
    learner,
    saidAt: saidAt(ctx, message),
    declaredSeconds: duration,
    declaredBytes: file_size,
    wantsVoice: true,
    download: (signal) => ctx.deps.telegram.download(file_id, MAX_VOICE_BYTES, signal),
  }
}

/** Turns a text that is no command into a lesson: a message's own, or the caption of one. True where it has become one. */
export function textLesson(
  ctx: LessonContext,
  message: Message,
  text: string,
  manner: LessonManner = { deps: ctx.deps, isRetake: false },
): Promise<boolean> {
  return teachOrRefuse(ctx, message, manner, (learner, audience) =>
    takeText(
      manner.deps,
      ctx.run,
      { learner, saidAt: saidAt(ctx, message), text, wantsVoice: true },
      audience,
    ),
  )
}

async function teachOrRefuse(
  ctx: LessonContext,
  message: Message,
  { isRetake }: LessonManner,
  take: (learner: Learner, audience: Audience) => Promise<LessonOutcome>,
): Promise<boolean> {
  const learner = await meetLearner(ctx)
  const chat = ctx.ourChat
  const stopRecording = chat.keepRecording()
  try {
    const audience = telegramAudience(ctx, learner, message.message_id, { isRetake })
    const outcome = await take(learner, audience)
    if (outcome.kind === 'answered') return false
    if (outcome.kind === 'taught') {
      await askGender(ctx, learner, outcome.lesson)
      return true
    }
    const album = albumOf(message)
    if (album !== undefined && !(await isFirstOf(ctx, `refused-album:${album}`))) return false
    const refusal = refusalMessage(ctx.languageFor(learner), outcome)
    await chat.say('refusal', refusal, { replyTo: message.message_id })
    return false
  } finally {
    stopRecording()
  }
}

/** Telegram drops a message that it could not deliver for a day. */
const DELIVERED_WITHIN_MS = 24 * 3_600_000

/**
 * The time of the message, so that an outage of ours breaks no streak; of its receipt where it has none.
 * A time at which Telegram could not have sent it would open any other day's plan and streak.
 */
function saidAt({ run }: LessonContext, { date }: Message): Date {
  const receivedAt = run.job.receivedAt.getTime()
  const sentAt = Number.isFinite(date) ? date * 1000 : receivedAt
  return new Date(Math.min(Math.max(sentAt, receivedAt - DELIVERED_WITHIN_MS), receivedAt))
}
