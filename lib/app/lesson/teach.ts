import { spokenEdits } from '../../domain/diff/spoken-edits.ts'
import { diffWords, type Edit, withEdits } from '../../domain/diff/word-diff.ts'
import { wordsOf } from '../../domain/diff/words.ts'
import { acrossSkippedDay, dayAt } from '../../domain/learner/calendar.ts'
import { findLanguage } from '../../domain/learner/languages.ts'
import { SPEED_FACTORS } from '../../domain/learner/learner.ts'
import { advance, currentStreak, dailyChallenge } from '../../domain/learner/progress.ts'
import { asksForCzech } from '../../domain/lesson/asked-words.ts'
import { isOtherLanguage } from '../../domain/lesson/hearing.ts'
import { trustedHint } from '../../domain/lesson/hint.ts'
import type { LessonKind, Mistake } from '../../domain/lesson/lesson.ts'
import { practiceAfter } from '../../domain/lesson/practice.ts'
import { isRepeated } from '../../domain/lesson/repetition.ts'
import { scoreOf } from '../../domain/lesson/score.ts'
import { correctionsShownTo, shownEdits } from '../../domain/lesson/shown-edits.ts'
import { isThrifty, type Thrift } from '../../domain/lesson/thrift.ts'
import { trustedCorrection } from '../../domain/lesson/trusted-correction.ts'
import { lessonPrompt } from '../../domain/prompts/lesson.ts'
import { allSettledOrThrow } from '../all-settled.ts'
import { hasCode, recover } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Account } from '../usage.ts'
import { converse, type ReplyWithSpeech, type TutorResult } from './converse.ts'
import type {
  AnsweredQuestion,
  Audience,
  LessonDeps,
  LessonOutcome,
  LessonRefusal,
  TaughtLesson,
  Utterance,
} from './lesson.ts'
import { HISTORY_TURNS } from './lesson.ts'
import { logLesson } from './log-lesson.ts'
import { endProbe } from './reserve-place.ts'
import type { Speech, Voice } from './speaker.ts'
import type { LessonDraft, Past, Standing } from './stores.ts'
import type { TutorAnswer, TutorRequest } from './tutor.ts'

/** What a lesson is taught with, besides the utterance. */
export type LessonContext = Past & {
  standing: Standing
  /** This lesson finds out whether the provider has quota again. */
  probe: boolean
  /** How many lessons of its kind the day has left. */
  lessonsLeft: number
  /** How the lesson has to save: what is paid for beside it asks `isThrifty` of it. */
  thrift: Thrift
}

/** What is the same for voice and text: reply, edits, score, record, tell. */
export async function teach(
  deps: LessonDeps,
  run: JobRun,
  utterance: Utterance,
  context: LessonContext,
  audience: Audience,
): Promise<LessonOutcome> {
  const { thrift } = context
  const request = requestOf(utterance, context, audience)
  const exchange = converse(deps, run, request, voiceOf(utterance, thrift), audience)
  // The verdict and the reply do not wait for each other, unless a hint may come in the verdict's place.
  const concluding = exchange.result.then((result) =>
    conclude(deps, run, utterance, result, context, audience),
  )
  const parts = allSettledOrThrow([
    concluding,
    exchange.reply.then((reply) =>
      // The utterance goes last: a place in the plan that the context was made of has a kind, too.
      sendReply(deps, run, reply, { ...context, ...utterance }, audience, concluding),
    ),
  ])
  const [conclusion, speech] = await recover(parts, ['lesson-gone'], async (error) => {
    // Its reply may have gone out before, in this run or an earlier one.
    await audience.disarmReply?.()
    throw error
  })
  if (conclusion.kind !== 'recorded') return conclusion

  const { lesson } = conclusion
  // What is spoken while the lesson is recorded is charged after it.
  await run.settled()
  const account = utterance.wantsVoice ? await addSpeechCost(deps, run, audience) : lesson.account
  logLesson(deps, run, lesson, account, utterance.learner)
  // Only now: what it asks the provider for does not stand beside the lesson's own calls.
  if (lesson.memoryLane) deps.wake(lesson.memoryLane, 'background')
  return { kind: 'taught', lesson, speech, languages: utterance.languages }
}

/** Adds what speaking has cost to the lesson's account, and stores where its messages are. */
async function addSpeechCost(
  { lessons }: Pick<LessonDeps, 'lessons'>,
  { job }: JobRun,
  audience: Audience,
): Promise<Account> {
  const { account, isLesson } = await lessons.addSpeechCost(job, audience.messages?.())
  // The press that took the lesson back knew no message of its reply.
  if (!isLesson) await audience.disarmReply?.()
  return account
}

async function sendReply(
  deps: LessonDeps,
  run: JobRun,
  reply: ReplyWithSpeech | null,
  { kind, wantsVoice, thrift, standing }: Utterance & LessonContext,
  audience: Audience,
  concluding: Promise<Conclusion>,
): Promise<Speech | null> {
  if (reply === null) return null
  const isSpared = thrift === 'written'
  if (audience.tryFirst !== undefined) {
    const conclusion = await concluding
    if (conclusion.kind === 'recorded' && conclusion.isHinted) {
      audience.tryFirst.hold(reply.speech, { isSpared })
      return reply.speech
    }
  }
  // Recorded by an earlier run, the lesson may have been withdrawn since: then its reply is not sent.
  if (standing.recordedId !== null) await unlessGone(concluding)
  if (wantsVoice) await audience.speech(reply.speech, { ...reply.reply, isSpared })
  if (reply.speech !== null) timeAnswer(deps, run, { to: 'voice', kind })
  return reply.speech
}

/** Waits for a lesson to be shown; throws where it is none any more, and lets other failures be. */
async function unlessGone(concluding: Promise<Conclusion>): Promise<void> {
  await concluding.catch((error: unknown) => {
    if (hasCode(error, 'lesson-gone')) throw error
  })
}

/** Measures how long the learner has waited: once, by the run that ends the job, also where an earlier run has sent the answer. */
function timeAnswer(
  { now }: Pick<LessonDeps, 'now'>,
  { measures, job }: JobRun,
  answer: { to: 'verdict' | 'voice'; kind: LessonKind },
): void {
  measures.time('answer_seconds', answer, now().getTime() - job.receivedAt.getTime(), 'done')
}

type Conclusion = RecordedConclusion | AnsweredQuestion | LessonRefusal
/** `isHinted`: the learner has a hint in the verdict's place. */
type RecordedConclusion = { kind: 'recorded'; lesson: TaughtLesson; isHinted: boolean }

/** Records the lesson that the answer makes, and shows its verdict or a hint; or says why there is none. */
async function conclude(
  deps: LessonDeps,
  run: JobRun,
  utterance: Utterance,
  result: TutorResult,
  { history, standing, probe, lessonsLeft, thrift }: LessonContext,
  audience: Audience,
): Promise<Conclusion> {
  // What is recorded from here on depends on this answer: a retry must find the same one.
  await run.settled()
  await endProbe(deps, { probe }, utterance.kind === 'voice' ? ['transcribe', 'reply'] : ['reply'])
  if (result === null || result === 'unusable') {
    await deps.quota.endWithoutLesson(run.job)
    return { kind: result === null ? 'refused' : 'unanswerable' }
  }

  const { saidLanguage } = result.answer
  if (isOtherLanguage(saidLanguage)) {
    await deps.quota.endWithoutLesson(run.job)
    if (asksForCzech(utterance.text)) return answerQuestion(utterance, result.answer, audience)
    return { kind: 'other-language', lessonKind: utterance.kind, language: saidLanguage }
  }

  const draft = draftOf(utterance, result.answer)
  const recordedLesson = await record(deps, run, utterance, draft, { history, standing })
  const lesson = { ...recordedLesson, lessonsLeft, isSpared: thrift === 'written' }
  const isHinted = await show(utterance, result.answer, lesson, audience)
  timeAnswer(deps, run, { to: 'verdict', kind: utterance.kind })
  return { kind: 'recorded', lesson, isHinted }
}

/** Shows the verdict, or a hint in its place; true where it is a hint. */
async function show(
  { learner }: Utterance,
  { hint = '', mistakes }: TutorAnswer,
  lesson: TaughtLesson,
  { tryFirst, verdict }: Audience,
): Promise<boolean> {
  const line = tryFirst === undefined ? '' : trustedHint(hint, mistakes[0], lesson, learner)
  if (tryFirst === undefined || line === '') {
    await verdict(lesson)
    return false
  }
  await tryFirst.hint(lesson, line)
  return true
}

/** What was asked in another language has its answer, and is no lesson. */
async function answerQuestion(
  { text: said }: Utterance,
  { reply, newWords, saidLanguage: language }: TutorAnswer,
  audience: Audience,
): Promise<AnsweredQuestion> {
  await audience.answer({ said, reply, newWords })
  return { kind: 'answered', reply, language }
}

async function record(
  { lessons, now }: LessonDeps,
  run: JobRun,
  { learner, kind }: Utterance,
  draft: LessonDraft,
  { history, standing }: Pick<LessonContext, 'history' | 'standing'>,
): Promise<TaughtLesson> {
  const result = {
    score: draft.score,
    wordsSaid: wordsSurelySaid(draft),
    isRepeated: isRepeated(draft.said, history),
  }
  const lesson = await lessons.record(
    run.job,
    draft,
    (progress, lessonsOnDay) =>
      advance(acrossSkippedDay(progress, learner, draft.day), draft.day, lessonsOnDay, result),
    standing,
  )
  const today = dayAt(learner, now())
  return {
    ...lesson,
    edits: editsOf(kind, lesson.said, lesson.correctedText),
    streak: currentStreak(acrossSkippedDay(lesson.progress, learner, today), today),
    challenge: dailyChallenge(lesson.lessonsOnDay),
  }
}

/** How many words were said: what may not have been said at all is no speech. */
export function wordsSurelySaid({ said, doubtfulWords }: LessonDraft): number {
  return wordsOf(said).filter((word) => !doubtfulWords.includes(word)).length
}

function requestOf(
  { learner, kind, text }: Utterance,
  { history, facts, thrift }: LessonContext,
  { tryFirst }: Audience,
): TutorRequest {
  const language = findLanguage(learner.nativeLanguage)?.english ?? 'English'
  const turns = history.filter(({ isOfConversation }) => isOfConversation).slice(-HISTORY_TURNS)
  return {
    ...lessonPrompt(learner, language, kind, {
      practice: practiceAfter(history),
      hasHint: tryFirst !== undefined,
      facts,
      isBrief: isThrifty(thrift),
    }),
    history: turns.map(({ said, reply }) => ({ said, reply })),
    said: text,
    nativeLanguage: learner.nativeLanguage,
  }
}

function voiceOf({ learner, wantsVoice }: Utterance, thrift: Thrift): Voice | null {
  if (!wantsVoice || thrift === 'written') return null
  return { character: learner.character, speedFactor: SPEED_FACTORS[learner.voiceSpeed] }
}

/** The changes to show; a typed text also shows those that cost nothing. */
export function editsOf(kind: LessonKind, said: string, correctedText: string): Edit[] {
  return (kind === 'voice' ? spokenEdits : diffWords)(said, correctedText)
}

/** At the minimal level what is not shown costs nothing: the text is graded as if only that one mistake were in it. */
export function gradedText(
  { learner, kind, text: said }: Pick<Utterance, 'learner' | 'kind' | 'text'>,
  correctedText: string,
  mistakes: readonly Mistake[],
): string {
  if (correctionsShownTo(learner) !== 'minimal') return correctedText
  return withEdits(said, shownEdits(editsOf(kind, said, correctedText), mistakes, 'minimal'))
}

const NO_SCORE = { score: 0, wordsTotal: 0, wordsCorrect: 0 }

function draftOf(utterance: Utterance, answer: TutorAnswer): LessonDraft {
  const { learner, day, kind, text: said, durationSeconds, unsureWords } = utterance
  const correction = trustedCorrection({ kind, said, level: learner.level, unsureWords }, answer)
  const { correctedText, mistakes } = correction
  const score = correction.graded
    ? scoreOf(kind, said, gradedText(utterance, correctedText, mistakes))
    : NO_SCORE
  return {
    ...correction,
    ...score,
    reply: answer.reply,
    newWords: answer.newWords,
    // A journal of the version before has neither.
    replyTranslation: answer.replyTranslation ?? '',
    readyAnswers: answer.readyAnswers ?? [],
    learnerId: learner.id,
    day,
    kind,
    said,
    durationSeconds,
  }
}
