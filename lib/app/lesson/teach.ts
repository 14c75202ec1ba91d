import { localDay } from '../../domain/day.ts'
import { spokenEdits } from '../../domain/diff/spoken-edits.ts'
import { diffWords } from '../../domain/diff/word-diff.ts'
import { wordsOf } from '../../domain/diff/words.ts'
import { findLanguage } from '../../domain/learner/languages.ts'
import { SPEED_FACTORS } from '../../domain/learner/learner.ts'
import { advance, currentStreak, dailyChallenge } from '../../domain/learner/progress.ts'
import { isOtherLanguage } from '../../domain/lesson/hearing.ts'
import type { Mistake, Turn } from '../../domain/lesson/lesson.ts'
import { scoreOf } from '../../domain/lesson/score.ts'
import { lessonPrompt } from '../../domain/prompts/lesson.ts'
import { allSettledOrThrow } from '../all-settled.ts'
import type { JobRun } from '../jobs/job.ts'
import { converse, type PaidAnswer } from './converse.ts'
import type {
  Audience,
  LessonDeps,
  LessonOutcome,
  LessonRefusal,
  TaughtLesson,
  Utterance,
} from './lesson.ts'
import { endProbe } from './reserve-place.ts'
import type { LessonDraft, RecordedLesson, Standing } from './stores.ts'
import type { Usage } from './usage.ts'

/** What is the same for voice and text: reply, edits, score, record, tell. */
export async function teach(
  deps: LessonDeps,
  run: JobRun,
  said: Utterance,
  { history, stood, probe }: { history: Turn[]; stood: Standing; probe: boolean },
  audience: Audience,
): Promise<LessonOutcome> {
  const exchange = converse(deps, run, requestFor(said, history), voiceOf(said), audience)
  // Neither waits for the other.
  const [learned, spoken] = await allSettledOrThrow([
    exchange.answer.then((answered) =>
      learn(deps, run, said, answered, { stood, probe }, audience),
    ),
    exchange.reply.then(async (replied) => {
      if (replied !== null && said.wantsVoice) await audience.speech(replied.speech, replied.reply)
      return replied?.speech ?? null
    }),
  ])
  if (learned.kind !== 'learned') return learned

  const { lesson, usage } = learned
  if (spoken !== null) await deps.lessons.addSpeechCost(run.job, spoken.usage.costMicroUsd)
  logSuccess(deps, run, lesson, [...usage, ...(spoken === null ? [] : [spoken.usage])])
  return { kind: 'taught', lesson, speech: spoken, languages: said.languages }
}

type Learned = { kind: 'learned'; lesson: TaughtLesson; usage: Usage[] }

/** What comes of the tutor's answer: a lesson that is recorded and told, or none. */
async function learn(
  deps: LessonDeps,
  run: JobRun,
  said: Utterance,
  answered: PaidAnswer | null,
  { stood, probe }: { stood: Standing; probe: boolean },
  audience: Audience,
): Promise<Learned | LessonRefusal> {
  // What is recorded from here on hangs on this answer: a retry must find the same one.
  await run.settled()
  await endProbe(deps, { probe })
  if (answered === null) {
    await deps.quota.countAsUnheard(run.job, said.costMicroUsd)
    return { kind: 'refused' }
  }

  const { saidLanguage } = answered.answer
  if (isOtherLanguage(saidLanguage)) {
    await deps.quota.countAsUnheard(run.job, costOf(said, answered.usage))
    return { kind: 'other-language', lessonKind: said.kind, language: saidLanguage }
  }

  const lesson = await recordAndTell(deps, run, said, draftOf(said, answered), stood, audience)
  return { kind: 'learned', lesson, usage: answered.usage }
}

async function recordAndTell(
  { lessons, now }: LessonDeps,
  run: JobRun,
  { learner, kind }: Utterance,
  draft: LessonDraft,
  stood: Standing,
  audience: Audience,
): Promise<TaughtLesson> {
  const recorded = await lessons.record(
    run.job,
    draft,
    (before, lessonsOnDay) => advance(before, draft.day, lessonsOnDay, draft.score),
    stood,
  )
  const today = localDay(now(), learner.timeZone)
  const lesson = {
    ...recorded,
    edits: (kind === 'voice' ? spokenEdits : diffWords)(recorded.said, recorded.correctedText),
    streak: currentStreak(recorded.progress, today),
    challenge: dailyChallenge(recorded.lessonsOnDay),
  }
  await audience.verdict(lesson)
  return lesson
}

function requestFor({ learner, kind, text }: Utterance, history: Turn[]) {
  const language = findLanguage(learner.nativeLanguage)?.english ?? 'English'
  return { ...lessonPrompt(learner, language, kind), history, said: text }
}

function voiceOf({ learner, wantsVoice }: Utterance) {
  if (!wantsVoice) return null
  return { character: learner.character, speedFactor: SPEED_FACTORS[learner.voiceSpeed] }
}

function draftOf(said: Utterance, { answer, usage }: PaidAnswer): LessonDraft {
  const { learner, day, kind, text, durationSeconds } = said
  return {
    ...answer,
    ...scoreOf(text, answer.correctedText),
    mistakes: answer.mistakes.filter(
      (mistake) =>
        isMade(mistake, text, answer.correctedText) && (kind === 'text' || isAudible(mistake)),
    ),
    learnerId: learner.id,
    day,
    kind,
    said: text,
    durationSeconds,
    costMicroUsd: costOf(said, usage),
  }
}

// Models sometimes list what nobody said, or what they then leave as it was.
function isMade({ original }: Mistake, said: string, correctedText: string): boolean {
  const words = wordsOf(original)
  const spoken = new Set(wordsOf(said))
  return said !== correctedText && (words.length === 0 || words.some((word) => spoken.has(word)))
}

function costOf({ costMicroUsd }: Utterance, usage: readonly Usage[]): number {
  return usage.reduce((sum, each) => sum + each.costMicroUsd, costMicroUsd)
}

// Punctuation and capitals are the recogniser's: no speaker can have got them wrong.
function isAudible({ original, corrected }: Mistake): boolean {
  return wordsOf(original).join(' ') !== wordsOf(corrected).join(' ')
}

function logSuccess(
  { log, now }: LessonDeps,
  run: JobRun,
  lesson: RecordedLesson & { streak: number },
  usage: readonly Usage[],
): void {
  const { job } = run
  const tokens = (count: (each: Usage) => number | undefined) =>
    usage.reduce((sum, each) => sum + (count(each) ?? 0), 0)
  const speech = usage.find((each) => each.stage === 'speak')
  log.info(`${lesson.kind}_message_processed_successfully`, {
    user_id: lesson.learnerId,
    stars_earned: lesson.starsEarned + lesson.bonusStars,
    streak: lesson.streak,
    duration_seconds: (now().getTime() - job.receivedAt.getTime()) / 1000,
    job_id: job.id,
    attempts: job.attempts,
    stages_ms: run.stagesMs(),
    tokens: {
      input: tokens((each) => each.inputTokens),
      cached: tokens((each) => each.cachedTokens),
      output: tokens((each) => each.outputTokens),
    },
    cost_micro_usd: lesson.costMicroUsd + (speech?.costMicroUsd ?? 0),
  })
}
