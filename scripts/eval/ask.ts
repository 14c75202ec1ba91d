import limitTo from 'p-limit'
import { hasCode } from '../../lib/app/error.ts'
import type { Tutor, TutorAnswer } from '../../lib/app/lesson/tutor.ts'
import type { Usage } from '../../lib/app/lesson/usage.ts'
import type { LearnerSentence } from './corpus.ts'
import type { Progress } from './progress.ts'
import type { RecordedAnswer } from './record.ts'
import { requestFor, type Setting } from './setting.ts'

/** One question to the tutor. */
export type Question = { sentence: LearnerSentence; run: number }

export type Asking = {
  tutor: Tutor
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

/** Asks all questions, some at once; the messages of those that failed, and whether the rest was not asked for it. */
export async function askAll(
  asking: Asking,
  questions: readonly Question[],
): Promise<{ failures: string[]; isGivenUp: boolean }> {
  const limit = limitTo(AT_ONCE)
  const failures: string[] = []
  let inARow = 0
  let isGivenUp = false
  await Promise.all(
    questions.map((question) =>
      limit(async () => {
        if (isGivenUp) return
        const answer = await ask(asking, question).catch((error: unknown) => {
          // The evaluation goes on without this answer, and asks for it again when resumed.
          failures.push(error instanceof Error ? error.message : String(error))
          inARow += 1
          isGivenUp ||= isHopeless(error) || inARow >= MAX_FAILURES_IN_A_ROW
        })
        if (answer) {
          inARow = 0
          asking.keep(answer)
        }
        asking.progress.step({
          costMicroUsd: answer ? answer.costMicroUsd : 0,
          hasFailed: !answer,
        })
      }),
    ),
  )
  asking.progress.end()
  return { failures, isGivenUp }
}

/** What every other question would fail for, too. */
function isHopeless(error: unknown): boolean {
  return hasCode(error, 'provider-unauthorized', 'provider-quota-exhausted', 'provider-rejected')
}

async function ask(
  { tutor, setting, model, prompt }: Asking,
  { sentence, run }: Question,
): Promise<RecordedAnswer> {
  const begunAt = performance.now()
  let firstTokenMs: number | null = null
  const onReply = () => {
    firstTokenMs ??= Math.round(performance.now() - begunAt)
  }
  const request = requestFor(setting, sentence.input)
  const { answer, usage } = await tutor
    .answer(request, onReply, new AbortController().signal)
    .catch(declined)
  return {
    prompt,
    model,
    sentence: sentence.input,
    run,
    ...setting,
    gold: sentence.gold,
    answer,
    ...sumOf(usage),
    firstTokenMs,
  }
}

function declined(error: unknown): { answer: TutorAnswer | null; usage: Usage[] } {
  // Declining to talk about a sentence is an answer, too: it would be the same the next time.
  if (hasCode(error, 'provider-refused')) return { answer: null, usage: [] }
  throw error
}

function sumOf(usage: readonly Usage[]) {
  const total = (amountOf: (usage: Usage) => number) =>
    usage.reduce((sum, call) => sum + amountOf(call), 0)
  return {
    inputTokens: total(({ inputTokens = 0 }) => inputTokens),
    cachedTokens: total(({ cachedTokens = 0 }) => cachedTokens),
    outputTokens: total(({ outputTokens = 0 }) => outputTokens),
    costMicroUsd: total((call) => call.costMicroUsd),
  }
}
