import limitTo from 'p-limit'
import { hasCode } from '../../lib/app/error.ts'
import type { Tutor } from '../../lib/app/lesson/tutor.ts'
import type { Usage } from '../../lib/app/usage.ts'
import type { Progress } from './progress.ts'
import type { Question } from './questions.ts'
import type { RecordedAnswer } from './record.ts'
import type { rejectionListener } from './rejections.ts'
import { requestFor, type Setting } from './setting.ts'

export type Asking = {
  tutor: Tutor
  /** Of the listener that the tutor has. */
  listening: ReturnType<typeof rejectionListener>['listening']
  setting: Setting
  model: string
  prompt: string
  progress: Progress
  /** Is called with each answer as soon as it is there. */
  keep(answer: RecordedAnswer): void
}

/** Providers allow far more; a local model answers one after the other anyway. */
const AT_ONCE = 6
/** So many failures without an answer in between, and the provider is not there. */
const MAX_FAILURES_IN_A_ROW = 8

/**
 * Asks all questions, some at once: the messages of those that failed, whether the rest was not asked for it, and what
 * all calls have cost.
 */
export async function askAll(
  asking: Asking,
  questions: readonly Question[],
): Promise<{ failures: string[]; isGivenUp: boolean; paidMicroUsd: number }> {
  const limit = limitTo(AT_ONCE)
  const failures: string[] = []
  let paidMicroUsd = 0
  let inARow = 0
  let isGivenUp = false
  await Promise.all(
    questions.map((question) =>
      limit(async () => {
        if (isGivenUp) return
        const calls: Usage[] = []
        const answer = await ask(asking, question, calls).catch((error: unknown) => {
          // The evaluation goes on without this answer, and asks for it again when resumed.
          failures.push(error instanceof Error ? error.message : String(error))
          inARow += 1
          isGivenUp ||= isHopeless(error) || inARow >= MAX_FAILURES_IN_A_ROW
        })
        if (answer) {
          inARow = 0
          asking.keep(answer)
        }
        paidMicroUsd += sumOf(calls).costMicroUsd
        asking.progress.step({ paidMicroUsd, failures: failures.length })
      }),
    ),
  )
  asking.progress.end()
  return { failures, isGivenUp, paidMicroUsd }
}

/** What every other question would fail for, too. */
function isHopeless(error: unknown): boolean {
  return hasCode(error, 'provider-unauthorized', 'provider-quota-exhausted')
}

/** Asks one question, and lists the calls that it took, also where it fails. */
async function ask(
  { tutor, listening, setting, model, prompt }: Asking,
  { sentence, run }: Question,
  calls: Usage[],
): Promise<RecordedAnswer> {
  const begunAt = performance.now()
  let firstTokenMs: number | null = null
  const onReply = () => {
    firstTokenMs ??= Math.round(performance.now() - begunAt)
  }
  const work = {
    signal: new AbortController().signal,
    charge: (usage: Usage) => void calls.push(usage),
    run: undefined,
  }
  const request = requestFor(setting, sentence.input)
  const { value, rejections, doubtedAnswers } = await listening(() =>
    tutor
      .answer(request, onReply, work)
      .then((answer) => ({ answer }))
      .catch(noAnswer),
  )
  return {
    prompt,
    model,
    sentence: sentence.input,
    run,
    ...setting,
    gold: sentence.gold,
    ...value,
    ...(doubtedAnswers[0] === undefined ? {} : { firstAnswer: doubtedAnswers[0] }),
    rejections,
    ...sumOf(calls),
    firstTokenMs,
  }
}

/** What is no answer, and would be none the next time: it is paid for, and recorded. */
function noAnswer(error: unknown): Pick<RecordedAnswer, 'answer' | 'lack'> {
  if (hasCode(error, 'provider-refused')) return { answer: null, lack: 'declined' }
  if (hasCode(error, 'provider-unusable')) return { answer: null, lack: 'unreadable' }
  throw error
}

function sumOf(calls: readonly Usage[]) {
  const total = (amountOf: (call: Usage) => number) =>
    calls.reduce((sum, call) => sum + amountOf(call), 0)
  return {
    inputTokens: total(({ inputTokens = 0 }) => inputTokens),
    cachedTokens: total(({ cachedTokens = 0 }) => cachedTokens),
    outputTokens: total(({ outputTokens = 0 }) => outputTokens),
    costMicroUsd: total(({ costMicroUsd }) => costMicroUsd ?? 0),
  }
}
