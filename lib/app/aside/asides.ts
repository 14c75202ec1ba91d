import { localDay } from '../../domain/day.ts'
import { type Learner, SPEED_FACTORS, slowerThan } from '../../domain/learner/learner.ts'
import type { NewWord } from '../../domain/lesson/lesson.ts'
import { SPEECH_ESTIMATE_MICRO_USD, TEXT_ESTIMATE_MICRO_USD } from '../../domain/lesson/prices.ts'
import { sentencesOf } from '../../domain/lesson/sentences.ts'
import type { JobRun } from '../jobs/job.ts'
import type { KeptLesson, KeptLessons } from '../lesson/kept-lessons.ts'
import type { Quota } from '../lesson/quota.ts'
import { beginSpeech } from '../lesson/sentence-speech.ts'
import type { Speaker, Speech, Voice } from '../lesson/speaker.ts'
import type { Now } from '../ports.ts'
import { paidWork, type Stage } from '../usage.ts'
import type { Interpreter } from './interpreter.ts'

export type AsideDeps = {
  keptLessons: KeptLessons
  quota: Quota
  interpreter: Interpreter
  speaker: Speaker
  now: Now
}

/** What came of a request about a lesson that was given. */
export type Aside<T> =
  | { kind: 'done'; value: T }
  | { kind: 'used-up' }
  | { kind: 'budget-used-up' }
  /** An operator has to put a provider right. */
  | { kind: 'unavailable' }

const TEXT_PRICE = { stage: 'reply', estimateMicroUsd: TEXT_ESTIMATE_MICRO_USD } as const

/** Translates the reply into the learner's language; pays once, and keeps the translation with the lesson. */
export async function translateReply(
  deps: AsideDeps,
  run: JobRun,
  lesson: KeptLesson,
): Promise<Aside<string>> {
  if (lesson.replyTranslation !== '') return { kind: 'done', value: lesson.replyTranslation }
  return payOnce(deps, run, lesson.learner, TEXT_PRICE, async () => {
    const translation = await run.once('translate', (charge) =>
      deps.interpreter.translate(lesson.reply, lesson.learner, paidWork(run, charge)),
    )
    // The journal stores the paid step before the lesson takes its result.
    await run.settled()
    await deps.keptLessons.keepTranslation(run.job, lesson, translation)
    return translation
  })
}

/** Finds two answers that the learner can give to the reply; pays once, and keeps them with the lesson. */
export async function answersToReply(
  deps: AsideDeps,
  run: JobRun,
  lesson: KeptLesson,
): Promise<Aside<readonly NewWord[]>> {
  if (lesson.readyAnswers.length > 0) return { kind: 'done', value: lesson.readyAnswers }
  return payOnce(deps, run, lesson.learner, TEXT_PRICE, async () => {
    const answers = await run.once('ready-answers', (charge) =>
      deps.interpreter.readyAnswers(lesson, lesson.learner, paidWork(run, charge)),
    )
    await run.settled()
    await deps.keptLessons.keepReadyAnswers(run.job, lesson, answers)
    return answers
  })
}

/** Speaks the reply at the next slower speed; undefined where there is none. */
export async function slowerReply(
  deps: AsideDeps,
  run: JobRun,
  lesson: KeptLesson,
): Promise<Aside<Speech | undefined>> {
  const { learner, messages, reply } = lesson
  const { speed, character } = messages.reply ?? {
    speed: learner.voiceSpeed,
    character: learner.character,
  }
  const slowerSpeed = slowerThan(speed)
  if (slowerSpeed === undefined) return { kind: 'done', value: undefined }
  const voice = { character, speedFactor: SPEED_FACTORS[slowerSpeed] }
  const price = { stage: 'speak', estimateMicroUsd: SPEECH_ESTIMATE_MICRO_USD } as const
  return payOnce(deps, run, learner, price, () =>
    run.once('speak:slower', () => speakWhole(deps.speaker, run, voice, reply)),
  )
}

function speakWhole(speaker: Speaker, run: JobRun, voice: Voice, reply: string): Promise<Speech> {
  const speech = beginSpeech(speaker, run, voice)
  for (const sentence of sentencesOf(reply, { isComplete: true })) speech.add(sentence)
  speech.end()
  return speech.passOn(() => {})
}

async function payOnce<T>(
  { quota, now }: AsideDeps,
  run: JobRun,
  learner: Learner,
  { stage, estimateMicroUsd }: { stage: Stage; estimateMicroUsd: number },
  pay: () => Promise<T>,
): Promise<Aside<T>> {
  const day = localDay(now(), learner.timeZone)
  const request = {
    learnerId: learner.id,
    day,
    kind: 'aside',
    stages: [stage],
    estimateMicroUsd,
  } as const
  const reservation = await quota.reserveBeside(run.job, request)
  switch (reservation.kind) {
    case 'reserved':
      // The rest of the budget is for lessons in writing.
      if (stage === 'speak' && reservation.thrift === 'written') return { kind: 'budget-used-up' }
      return { kind: 'done', value: await pay() }
    case 'own-budget-used-up':
      return { kind: 'used-up' }
    case 'provider-exhausted':
      return { kind: 'unavailable' }
    default:
      return reservation
  }
}
