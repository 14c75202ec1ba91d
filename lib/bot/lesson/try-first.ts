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
import { disarmSentReply } from './reply-message.ts'

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
    const heldLesson = heldLessonOf(lesson)
    if (heldLesson === undefined) return text(language, 'aside.underWay')
    const claim = await claimHint(ctx, heldLesson)
    if (claim === 'answered') return text(language, 'hint.answered')
    // The hint is older than its look-up: it still stands where the verdict is to be.
    const isStillHint = heldLesson.hintMessageId === messageId && lesson.messages.reply === null
    if (claim === 'gone' && !isStillHint) return text(language, 'unsupported.button')
    return () => showInPlace(ctx, heldLesson, { withReply: true })
  },
}

/** The journal's name for the lesson that a message was an attempt at, by its job. */
const TRIED = 'tried'

function claimHint({ deps, run }: BotContext<PressDeps>, { lesson }: HeldLesson) {
  const question = { kind: HINT, about: String(lesson.jobId) }
  return deps.expectations.claim(run.job, lesson.learner.id, question)
}

/**
 * Takes the message that follows a hint. An attempt is answered by the verdict. Before another sentence is taught, by `next`, the
 * verdict takes the hint's place. A message that becomes no lesson, and an answer to another question, leave the hint open.
 */
export async function takeAttempt(ctx: MessageContext, next: () => Promise<void>): Promise<void> {
  const { message } = ctx
  if (!isSpeech(message)) return next()
  const { hints = [], expectation = null } = (await ctx.findSender()) ?? {}
  if (hints.length === 0) return next()
  const lessons = await heldLessons(ctx, hints)
  if (isAnsweredFor(ctx, lessons)) return disarmSentReply(ctx)
  if (lessons.length === 0) return next()

  const outcome = await judgeMessage(ctx, lessons, expectation)
  if (outcome.kind === 'no-lesson') return next()
  if (outcome.kind === 'refused') return
  const triedLesson = outcome.kind === 'attempt' ? outcome.heldLesson : undefined
  for (const heldLesson of lessons)
    if (heldLesson !== triedLesson && (await claimHint(ctx, heldLesson)) === 'claimed')
      await showInPlace(ctx, heldLesson, { withReply: false })
  if (outcome.kind === 'own-lesson') return next()
  await answerAttempt(ctx, outcome)
}

/** Tells whether an earlier run has answered the message as an attempt at a lesson that was withdrawn since. */
function isAnsweredFor({ run }: MessageContext, lessons: readonly HeldLesson[]): boolean {
  const triedJobId = run.stored<number>(TRIED)
  if (triedJobId === undefined || run.stored('verdict') === undefined) return false
  return !lessons.some(({ lesson }) => lesson.jobId === triedJobId)
}

/** Tells whether a message may become a lesson. */
function isSpeech(message: Message): boolean {
  return ['voice', 'text', 'audio', 'document', 'caption'].some((part) => part in message)
}

/** The lessons behind hints, without those that are gone, oldest first. */
async function heldLessons(
  { deps, senderId }: MessageContext,
  hints: readonly Expectation[],
): Promise<HeldLesson[]> {
  const lessons: HeldLesson[] = []
  for (const { about, messageId } of hints) {
    const search = await deps.keptLessons.find(Number(about), senderId)
    const heldLesson = search.kind === 'found' ? heldLessonOf(search.lesson, messageId) : undefined
    if (heldLesson !== undefined) lessons.push(heldLesson)
  }
  return lessons
}

/** What the learner says or writes to put a sentence right. */
type Attempt = { kind: LessonKind; said: string }

type AttemptOutcome = { kind: 'attempt'; heldLesson: HeldLesson; attempt: Attempt }

/** What a message is to the lessons that are held back. */
type Outcome =
  | AttemptOutcome
  /** Another sentence, which is taught. */
  | { kind: 'own-lesson' }
  /** It is not taught, and decides nothing. */
  | { kind: 'no-lesson' }
  /** The day has no place for it, and the learner was told so. */
  | { kind: 'refused' }

type ClaimLesson = (said: string) => Promise<HeldLesson | undefined>

async function judgeMessage(
  ctx: MessageContext,
  lessons: readonly HeldLesson[],
  reply: Expectation | null,
): Promise<Outcome> {
  const { message } = ctx
  const claim: ClaimLesson = (said) => claimLesson(ctx, lessons, reply, said)
  if ('voice' in message) return judgeVoice(ctx, message, claim)
  if (!('text' in message)) return { kind: 'own-lesson' }
  const said = storable(message.text).trim()
  const heldLesson = await claim(said)
  if (heldLesson !== undefined)
    return { kind: 'attempt', heldLesson, attempt: { kind: 'text', said } }
  return { kind: refusalOfText(said) === undefined ? 'own-lesson' : 'no-lesson' }
}

/** Claims the lesson whose hint the message replies to, else the newest one that its words are an attempt at. */
async function claimLesson(
  ctx: MessageContext,
  lessons: readonly HeldLesson[],
  reply: Expectation | null,
  said: string,
): Promise<HeldLesson | undefined> {
  const heldLesson =
    lessons.find(({ lesson }) => String(lesson.jobId) === reply?.about) ??
    lessons.findLast(({ lesson }) => isAttempt(said, lesson))
  if (heldLesson === undefined) return undefined
  return (await claimHint(ctx, heldLesson)) === 'claimed' ? heldLesson : undefined
}

async function judgeVoice(
  ctx: MessageContext,
  message: Message.VoiceMessage,
  claim: ClaimLesson,
): Promise<Outcome> {
  const sender = await ctx.findSender()
  if (sender === undefined) return { kind: 'no-lesson' }
  const stopRecording = ctx.ourChat.keepRecording()
  try {
    const note = voiceNoteOf(ctx, sender, message, message.voice)
    const hearing = await hearAttempt(ctx.deps, ctx.run, note, claim)
    switch (hearing.kind) {
      case 'attempt': {
        const { target: heldLesson, text: said } = hearing
        return { kind: 'attempt', heldLesson, attempt: { kind: 'voice', said } }
      }
      case 'lesson':
        return { kind: 'own-lesson' }
      case 'no-czech':
        return { kind: 'no-lesson' }
      case 'refused': {
        const refusal = refusalMessage(ctx.languageFor(sender), hearing.refusal)
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
  { heldLesson, attempt }: AttemptOutcome,
): Promise<void> {
  const { lesson, verdict } = heldLesson
  const { learner, kind, mistakes } = lesson
  ctx.run.store(TRIED, lesson.jobId)
  const correctedText = gradedText(
    { learner, kind, text: lesson.said },
    lesson.correctedText,
    mistakes,
  )
  const sentence = { said: lesson.said, correctedText }
  const grade = gradeAttempt(attempt.kind, attempt.said, sentence, mistakes[0])
  const total = grade === 'right' ? await ctx.deps.attempts.reward(ctx.run.job, lesson) : undefined
  await answerByVerdict(ctx, heldLesson, {
    replyTo: ctx.message.message_id,
    sectionsAbove: attemptSections(ctx.languageFor(learner), grade, attempt),
    totalStars: total ?? verdict.totalStars,
  })
  ctx.deps.log.info('attempt_answered', { job_id: ctx.run.job.id, lesson_id: lesson.id, grade })
}

const SIGNS = { right: '🎉', closer: '🙂', wrong: '🤔' } as const

/** One word on an attempt; below a spoken one also its transcript. */
function attemptSections(
  language: InterfaceLanguage,
  grade: AttemptGrade,
  { kind, said }: Attempt,
): Section[] {
  const star = grade === 'right' ? ` ⭐ +${STARS_PER_ATTEMPT}` : ''
  return [
    [
      { text: `${SIGNS[grade]} ` },
      { text: text(language, `attempt.${grade}`), style: 'b' },
      { text: star },
      { text: kind === 'voice' ? `\n🎙 ${said}` : '' },
    ],
  ]
}
