import type { NarrowedContext } from 'telegraf'
import type { Message, Update } from 'telegraf/types'
import { type Expectation, type Expectations, HINT } from '../../app/expectations.ts'
import { hearAttempt } from '../../app/lesson/hear-attempt.ts'
import type { KeptLessons } from '../../app/lesson/kept-lessons.ts'
import { refusalOfText } from '../../app/lesson/take-text.ts'
import { gradedText } from '../../app/lesson/teach.ts'
import {
  type AttemptGrade,
  gradeAttempt,
  isAttempt,
  STARS_PER_ATTEMPT,
} from '../../domain/lesson/attempt.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import { storable } from '../../domain/storable.ts'
import type { BotContext } from '../context.ts'
import type { Press } from '../feature.ts'
import type { Section } from '../html.ts'
import { SHOW } from '../lesson-buttons.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import {
  answerByVerdict,
  type HeldLesson,
  type HeldLessonDeps,
  heldLessonOf,
  showInPlace,
} from './held-lesson.ts'
import { findPressed } from './kept-verdict.ts'
import { type LessonBotDeps, voiceNoteOf } from './lesson.ts'
import { refusalMessage } from './refusals.ts'

type PressDeps = HeldLessonDeps & { keptLessons: KeptLessons; expectations: Expectations }
type MessageContext = NarrowedContext<BotContext<LessonBotDeps & PressDeps>, Update.MessageUpdate>

/** Shows the verdict in the hint's place, and sends the voice note that was held back. */
export const showPress: Press<PressDeps, number> = {
  ...SHOW,
  async run(ctx, jobId, messageId) {
    const search = await findPressed(ctx, jobId)
    if ('notice' in search) return search.notice
    const { lesson } = search
    const language = ctx.languageFor(lesson.learner)
    const held = heldLessonOf(lesson)
    if (held === undefined) return text(language, 'aside.underWay')
    const claim = await claimHint(ctx, held)
    if (claim === 'answered') return text(language, 'hint.answered')
    // The hint is older than its look-up: it still stands where the verdict is to be.
    const isStillHint = held.hintMessageId === messageId && lesson.messages.reply === null
    if (claim === 'gone' && !isStillHint) return text(language, 'unsupported.button')
    return () => showInPlace(ctx, held, { withReply: true })
  },
}

function claimHint({ deps, run }: BotContext<PressDeps>, { lesson }: HeldLesson) {
  const question = { kind: HINT, about: String(lesson.jobId) }
  return deps.expectations.claim(run.job, lesson.learner.id, question)
}

/**
 * Takes what comes next behind a hint: an attempt is answered by the verdict; before anything else that is taught the verdict
 * takes the hint's place, and `next` goes on. What becomes no lesson, and an answer to another question, leave it open.
 */
export async function takeAttempt(ctx: MessageContext, next: () => Promise<void>): Promise<void> {
  const { message } = ctx
  if (!isSpeech(message)) return next()
  const { hints = [], expectation = null } = (await ctx.findSender()) ?? {}
  if (hints.length === 0) return next()
  const lessons = await heldLessons(ctx, hints)
  if (lessons.length === 0) return next()

  const outcome = await attemptOf(ctx, lessons, expectation)
  if (outcome.kind === 'nothing') return next()
  if (outcome.kind === 'refused') return
  for (const held of lessons)
    if (held !== outcome.held && (await claimHint(ctx, held)) === 'claimed')
      await showInPlace(ctx, held, { withReply: false })
  if (outcome.held === undefined) return next()
  await answerAttempt(ctx, outcome.held, outcome)
}

/** What may become a lesson. */
function isSpeech(message: Message): boolean {
  return ['voice', 'text', 'audio', 'document', 'caption'].some((part) => part in message)
}

/** The lessons behind hints, as far as they are there still, oldest first. */
async function heldLessons(
  { deps, senderId }: MessageContext,
  hints: readonly Expectation[],
): Promise<HeldLesson[]> {
  const lessons: HeldLesson[] = []
  for (const { about, messageId } of hints) {
    const search = await deps.keptLessons.find(Number(about), senderId)
    const held = search.kind === 'found' ? heldLessonOf(search.lesson, messageId) : undefined
    if (held !== undefined) lessons.push(held)
  }
  return lessons
}

/** What a message is to the lessons that are held back. */
type Outcome =
  | { kind: 'taken'; held: HeldLesson; spokenAs: LessonKind; said: string }
  /** A lesson of its own. */
  | { kind: 'other'; held?: undefined }
  /** No lesson at all: it decides nothing. */
  | { kind: 'nothing' }
  /** What was said had no place in the day, and has been told so. */
  | { kind: 'refused' }

async function attemptOf(
  ctx: MessageContext,
  lessons: readonly HeldLesson[],
  reply: Expectation | null,
): Promise<Outcome> {
  const { message } = ctx
  let taken: HeldLesson | undefined
  async function takes(said: string): Promise<boolean> {
    const target =
      lessons.find(({ lesson }) => String(lesson.jobId) === reply?.about) ??
      lessons.findLast(({ lesson }) => isAttempt(said, lesson))
    if (target === undefined || (await claimHint(ctx, target)) !== 'claimed') return false
    taken = target
    return true
  }
  const outcome = (spokenAs: LessonKind, said: string): Outcome =>
    taken === undefined ? { kind: 'other' } : { kind: 'taken', held: taken, spokenAs, said }

  if ('voice' in message) return hearVoice(ctx, message, takes, outcome)
  if (!('text' in message)) return { kind: 'other' }
  const said = storable(message.text).trim()
  if (await takes(said)) return outcome('text', said)
  return refusalOfText(said) === undefined ? { kind: 'other' } : { kind: 'nothing' }
}

async function hearVoice(
  ctx: MessageContext,
  message: Message.VoiceMessage,
  takes: (said: string) => Promise<boolean>,
  outcome: (spokenAs: LessonKind, said: string) => Outcome,
): Promise<Outcome> {
  const sender = await ctx.findSender()
  if (sender === undefined) return { kind: 'nothing' }
  const stopRecording = ctx.ourChat.keepRecording()
  try {
    const note = voiceNoteOf(ctx, sender, message, message.voice)
    const heard = await hearAttempt(ctx.deps, ctx.run, note, takes)
    switch (heard.kind) {
      case 'attempt':
        return outcome('voice', heard.text)
      case 'lesson':
        return { kind: 'other' }
      case 'no-czech':
        return { kind: 'nothing' }
      case 'refused': {
        const refusal = refusalMessage(ctx.languageFor(sender), heard.refusal)
        await ctx.ourChat.say('refusal', refusal, { replyTo: message.message_id })
        return { kind: 'refused' }
      }
    }
  } finally {
    stopRecording()
  }
}

async function answerAttempt(
  ctx: MessageContext,
  held: HeldLesson,
  { spokenAs, said }: { spokenAs: LessonKind; said: string },
): Promise<void> {
  const { lesson, verdict } = held
  const { learner, kind, mistakes } = lesson
  const correctedText = gradedText(
    { learner, kind, text: lesson.said },
    lesson.correctedText,
    mistakes,
  )
  const sentence = { said: lesson.said, correctedText }
  const grade = gradeAttempt(spokenAs, said, sentence, mistakes[0])
  const total = grade === 'right' ? await ctx.deps.attempts.reward(ctx.run.job, lesson) : undefined
  await answerByVerdict(ctx, held, {
    replyTo: ctx.message.message_id,
    before: attemptSections(ctx.languageFor(learner), grade, { spokenAs, said }),
    totalStars: total ?? verdict.totalStars,
  })
  ctx.deps.log.info('attempt_answered', { job_id: ctx.run.job.id, lesson_id: lesson.id, grade })
}

const SIGNS = { right: '🎉', closer: '🙂', wrong: '🤔' } as const

/** One word on an attempt; of one by voice also what was heard. */
function attemptSections(
  language: InterfaceLanguage,
  grade: AttemptGrade,
  { spokenAs, said }: { spokenAs: LessonKind; said: string },
): Section[] {
  const star = grade === 'right' ? ` ⭐ +${STARS_PER_ATTEMPT}` : ''
  return [
    [
      { text: `${SIGNS[grade]} ` },
      { text: text(language, `attempt.${grade}`), style: 'b' },
      { text: star },
      { text: spokenAs === 'voice' ? `\n🎙 ${said}` : '' },
    ],
  ]
}
