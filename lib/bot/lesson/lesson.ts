import type { Message } from 'telegraf/types'
import type { LessonOutcome } from '../../app/lesson/lesson.ts'
import { takeText } from '../../app/lesson/take-text.ts'
import { takeVoice, type VoiceDeps } from '../../app/lesson/take-voice.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { MAX_VOICE_BYTES } from '../../domain/lesson/limits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { inviteToStart } from '../invite-to-start.ts'
import { interfaceLanguage } from '../texts/language.ts'
import { telegramAudience } from './audience.ts'
import { refusalMessage } from './refusals.ts'

type LessonContext = BotContext<ChatDeps & VoiceDeps>

/** Turns a voice note into a lesson. */
export function voiceLesson(ctx: LessonContext, message: Message.VoiceMessage): Promise<void> {
  const { voice } = message
  return teachOrRefuse(ctx, message, (learner) =>
    takeVoice(
      ctx.deps,
      ctx.run,
      {
        learner,
        saidAt: saidAt(ctx, message),
        declaredSeconds: voice.duration,
        declaredBytes: voice.file_size ?? 0,
        wantsVoice: true,
        download: (signal) => ctx.deps.telegram.download(voice.file_id, MAX_VOICE_BYTES, signal),
      },
      telegramAudience(ctx, learner, message.message_id),
    ),
  )
}

/** Turns a text that is no command into a lesson. */
export function textLesson(ctx: LessonContext, message: Message.TextMessage): Promise<void> {
  return teachOrRefuse(ctx, message, (learner) =>
    takeText(
      ctx.deps,
      ctx.run,
      { learner, saidAt: saidAt(ctx, message), text: message.text, wantsVoice: true },
      telegramAudience(ctx, learner, message.message_id),
    ),
  )
}

async function teachOrRefuse(
  ctx: LessonContext,
  { message_id }: Message,
  take: (learner: Learner) => Promise<LessonOutcome>,
): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined) return inviteToStart(ctx)

  const chat = ctx.ourChat
  const stopRecording = chat.keepRecording()
  try {
    const outcome = await take(learner)
    if (outcome.kind === 'taught') return
    const refusal = refusalMessage(interfaceLanguage(learner.nativeLanguage), outcome)
    await chat.say('refusal', refusal, { replyTo: message_id })
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
