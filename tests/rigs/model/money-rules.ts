import { text } from '../../../lib/bot/texts/texts.ts'
import { BRIEF_PROMPT } from '../../../lib/domain/prompts/settings.ts'
import { FACTS, subjectOf } from './evidence.ts'
import type { Budgets, LearnerName, Spending } from './money-ledger.ts'
import type { Run } from './run.ts'

/** What the design says: thrifty from 80 % on, text alone from 95 %, and no lesson that the rest may not pay for. */
const BRIEF_FROM = 0.8
const WRITTEN_FROM = 0.95
/** What is held back for a lesson, in millionths of a US dollar. */
const HELD_BACK = { spoken: 30_000, brief: 12_000, written: 6_000 } as const

type Seen = {
  isTaught: boolean
  isSpoken: boolean
  isBrief: boolean
  looksForFacts: boolean
  requestCount: number
  /** The words of the refusal, to a chat or to a client of the API. */
  told: string[]
}

type Expected = {
  kind: 'spoken' | 'brief' | 'written' | 'refused' | 'refused-own' | 'key-refused'
  /** What is otherwise; undefined where nothing is. */
  problemWith(seen: Seen): string | undefined
}

/** Foretells what comes of a lesson, from what was spent before. */
export function expectedOutcome(budgets: Budgets, spending: Spending, isOfApi: boolean): Expected {
  // A key holds back as for a spoken lesson, whatever the day is like.
  if (isOfApi && spending.key + HELD_BACK.spoken > budgets.key) {
    return {
      kind: 'key-refused',
      problemWith: refusal(["This key's budget of the day is used up."]),
    }
  }
  const share = Math.max(spending.all / budgets.all, spending.own / budgets.own)
  const kind = share >= WRITTEN_FROM ? 'written' : share >= BRIEF_FROM ? 'brief' : 'spoken'
  const isOwn = spending.own + HELD_BACK[kind] > budgets.own
  if (isOwn || spending.all + HELD_BACK[kind] > budgets.all) {
    const words = isOfApi
      ? [`The ${isOwn ? "learner's" : "service's"} budget of the day is used up.`]
      : [text('uk', isOwn ? 'quota.ownBudgetUsedUp' : 'quota.budgetUsedUp')]
    return { kind: isOwn ? 'refused-own' : 'refused', problemWith: refusal(words) }
  }
  return { kind, problemWith: (seen) => problemWithLesson(kind, seen) }
}

function refusal(words: readonly string[]) {
  return ({ isTaught, requestCount, told }: Seen) => {
    if (isTaught) return 'a lesson'
    if (requestCount > 0) return `${requestCount} requests`
    const isTold = told.some((line) => words.some((each) => line.includes(each)))
    return isTold ? undefined : `told ${JSON.stringify(told)}`
  }
}

function problemWithLesson(kind: keyof typeof HELD_BACK, seen: Seen): string | undefined {
  if (!seen.isTaught) return `no lesson, told ${JSON.stringify(seen.told)}`
  if (seen.isSpoken !== (kind !== 'written')) return seen.isSpoken ? 'spoken' : 'not spoken'
  if (seen.isBrief !== (kind !== 'spoken')) return seen.isBrief ? 'brief' : 'not brief'
  return kind !== 'spoken' && seen.looksForFacts ? 'looked for facts' : undefined
}

/** What came of a lesson, by what was asked of the provider and told since. */
export function seenOutcome(
  run: Run,
  learner: LearnerName,
  countsBefore: { requests: number; answers: number },
  isTaught: boolean,
): Seen {
  const requests = run.requests().slice(countsBefore.requests)
  const chat = typeof learner === 'number' ? run.chats[learner] : undefined
  const { messages } = run.world.telegram.chat(chat?.learner.chat.id ?? 0)
  const ownMessages = chat === undefined ? [] : messages.slice(-1)
  const answers = run.apiRequests
    .slice(countsBefore.answers)
    .flatMap((apiRequest) => apiRequest.answers)
  const lessonRequests = requests.filter((request) => subjectOf(request) !== FACTS)
  return {
    isTaught,
    isSpoken: requests.some(({ stage }) => stage === 'speak'),
    isBrief: JSON.stringify(lessonRequests).includes(BRIEF_PROMPT),
    looksForFacts: lessonRequests.length < requests.length,
    requestCount: requests.length,
    told: [
      ...ownMessages.map(({ text: words }) => words.replaceAll('\u2060', '')),
      ...answers.map(({ body }) => body.detail ?? ''),
    ],
  }
}
