import fc from 'fast-check'
import { sql } from 'kysely'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { violatedInvariants } from '../invariants.ts'
import { countCharges, countPaidRequests } from '../paid-calls.ts'
import { ask, deliverText, deliverVoice, PHRASES } from './deliveries.ts'
import { listsPart } from './lists-part.ts'
import { type Budgets, dearerCall, spendingOf, UNLIMITED } from './money-ledger.ts'
import { expectedOutcome, seenOutcome } from './money-rules.ts'
import { settle } from './oracle.ts'
import { beginRun, type Run } from './run.ts'
import { type ModelWorld, openModelWorld } from './world.ts'

type MoneyRun = { run: Run; budgets: Budgets; problems: string[]; figures: MoneyFigures }

/** How many lessons there were of each kind of outcome. */
export type MoneyFigures = Record<
  'runs' | 'spoken' | 'brief' | 'written' | 'refused' | 'key-refused' | 'burst',
  number
>

type Act =
  /** A lesson, once this share of the tightest budget is spent where it was less. */
  | { does: 'lesson'; at: number; share: number; isVoice: boolean }
  | { does: 'burst'; count: number }
  | { does: 'time passes'; hours: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('lesson' as const),
      at: fc.nat(2),
      share: fc.constantFrom(0, 0.5, 0.79, 0.81, 0.94, 0.96, 0.99, 1),
      isVoice: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('burst' as const),
      count: fc.integer({ min: 2, max: 4 }),
    }),
  },
  // 13.7 hours after ten in the morning it is another day in Prague, and none yet for the budget of all.
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('time passes' as const),
      hours: fc.constantFrom(6, 13.7, 24),
    }),
  },
)

/** Each of them alone, and all together. */
const arbitraryBudgets: fc.Arbitrary<Budgets> = fc.constantFrom(
  { all: 300_000, own: UNLIMITED, key: UNLIMITED },
  { all: UNLIMITED, own: 250_000, key: UNLIMITED },
  { all: UNLIMITED, own: UNLIMITED, key: 200_000 },
  { all: 300_000, own: 250_000, key: 200_000 },
)

const ACTS = 10

/**
 * Plays random lessons under budgets against the rules of money: what is spoken, short, written or refused from which share on.
 *
 * Beside the model of everything and not in it: there a budget would refuse the lessons on which its other facts depend, and
 * what a lesson finds of a budget can only be foretold where nothing else is under way.
 */
export async function proveMoney({
  seed,
  runs,
  endAfterMs,
}: {
  seed: number
  runs: number
  endAfterMs?: number
}): Promise<{ figures: MoneyFigures; failure: string | undefined }> {
  const world = await openModelWorld({ isReal: true, seed })
  const figures: MoneyFigures = {
    runs: 0,
    spoken: 0,
    brief: 0,
    written: 0,
    refused: 0,
    'key-refused': 0,
    burst: 0,
  }
  try {
    const property = fc.asyncProperty(
      arbitraryBudgets,
      fc.array(act, { minLength: ACTS / 2, maxLength: ACTS, size: 'max' }),
      (budgets, acts) => runOnce(world, figures, budgets, acts),
    )
    const result = await fc.check(property, {
      seed,
      numRuns: runs,
      ...(endAfterMs !== undefined && { interruptAfterTimeLimit: endAfterMs }),
    })
    const failure = result.failed
      ? `${fc.defaultReportMessage(result)}\n${String(result.errorInstance)}`
      : undefined
    return { figures, failure }
  } finally {
    await world.close()
  }
}

const KEEP_AWAY_FROM_MIDNIGHT_HOUR = 10
let keyCount = 0

async function runOnce(
  world: ModelWorld,
  figures: MoneyFigures,
  budgets: Budgets,
  acts: readonly Act[],
): Promise<void> {
  keyCount += 1
  const limits = budgets.key === UNLIMITED ? {} : { dailyBudgetMicroUsd: budgets.key }
  const key = { name: `money ${keyCount}`, telegramLearners: false, limits }
  const apiKey = await createApiKey(world.db, key)
  const env = {
    DAILY_BUDGET_USD: String(budgets.all / 1e6),
    ...(budgets.own !== UNLIMITED && { LEARNER_DAILY_BUDGET_USD: String(budgets.own / 1e6) }),
  }
  const run = await beginRun(world, { plan: { text: 50, voice: 50 }, instances: 1, env, apiKey })
  const moneyRun: MoneyRun = { run, budgets, problems: [], figures }
  try {
    await waitForMorning(world)
    for (const nextAct of acts) await play(moneyRun, nextAct)
    await settle(run)
    const problems = [
      ...moneyRun.problems,
      ...(await overspending(moneyRun)),
      ...(await violatedInvariants(world.db)),
    ]
    figures.runs += 1
    if (problems.length > 0) throw new Error(problems.join('\n'))
  } finally {
    await run.close()
  }
}

async function waitForMorning({ clock }: ModelWorld): Promise<void> {
  const hour = (clock.now() / 3_600_000) % 24
  const hoursUntil = (KEEP_AWAY_FROM_MIDNIGHT_HOUR - hour + 24) % 24
  await clock.pass(hoursUntil * 3_600_000)
}

async function play(moneyRun: MoneyRun, nextAct: Act): Promise<void> {
  const { run, figures } = moneyRun
  switch (nextAct.does) {
    case 'time passes':
      return run.world.clock.pass(nextAct.hours * 3_600_000)
    case 'burst': {
      figures.burst += 1
      for (let index = 0; index < nextAct.count; index += 1) await teach(run, index % 3, index)
      return settle(run)
    }
    case 'lesson':
      return lessonAt(moneyRun, nextAct)
  }
}

async function lessonAt(
  moneyRun: MoneyRun,
  { at, share, isVoice }: Act & { does: 'lesson' },
): Promise<void> {
  const learner = at === API ? CLIENT : at
  const teachOne = () => watched(moneyRun, learner, () => teach(moneyRun.run, at, isVoice ? 1 : 0))
  if (share > 0 && !(await dearerCall(moneyRun, { learner, share }))) {
    // The day has no call yet that could be dearer.
    await teachOne()
    await dearerCall(moneyRun, { learner, share })
  }
  await teachOne()
}

const API = 2
const CLIENT = 'client'

/** A lesson in one of two chats, or of the API. */
async function teach(run: Run, at: number, variant: number): Promise<void> {
  const chat = run.chats[at]
  const phrase = PHRASES[variant % PHRASES.length] ?? ''
  if (at === API || chat === undefined) return ask(run, CLIENT, phrase, 'text')
  if (variant % 2 === 1) return deliverVoice(run, chat, phrase, { hoursLate: 0 })
  deliverText(run, chat, phrase, { hoursLate: 0, overtakes: false })
}

/** Compares what comes of one lesson with what the rules of money say, from what was spent before it. */
async function watched(
  moneyRun: MoneyRun,
  learner: number | string,
  teachOne: () => Promise<void>,
): Promise<void> {
  const { run, problems, figures } = moneyRun
  const spending = await spendingOf(moneyRun, learner)
  const expectation = expectedOutcome(moneyRun.budgets, spending, typeof learner === 'string')
  const countsBefore = { requests: run.requests().length, answers: run.apiRequests.length }
  const lessonsBefore = await countLessons(run)
  await teachOne()
  await settle(run)
  const isTaught = (await countLessons(run)) > lessonsBefore
  const outcome = seenOutcome(run, learner, countsBefore, isTaught)
  figures[expectation.kind === 'refused-own' ? 'refused' : expectation.kind] += 1
  const problem = expectation.problemWith(outcome)
  if (problem !== undefined)
    problems.push(`${learner}, ${JSON.stringify(spending)}: ${problem}, not ${expectation.kind}`)
}

async function countLessons({ world }: Run): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(*)::integer as count from lesson`.execute(world.db)
  return rows[0]?.count ?? 0
}

/** Days and learners' days that cost more than their budget, and calls that are charged otherwise than paid. */
async function overspending({ run, budgets }: MoneyRun): Promise<string[]> {
  const { db } = run.world
  const { rows } = await sql<{ who: string; cost: number; budget: number }>`
    select 'all on ' || day as who, sum(micro_usd)::float8 as cost, ${budgets.all}::float8 as budget
    from usage group by day having sum(micro_usd) > ${budgets.all}
    union all
    select 'learner ' || usage.learner_id || ' on ' || place.day, sum(micro_usd)::float8, ${budgets.own}::float8
    from usage join quota_use as place using (job_id)
    group by usage.learner_id, place.day having sum(micro_usd) > ${budgets.own}
    union all
    select 'key ' || api_key_id || ' on ' || day, sum(micro_usd)::float8, ${budgets.key}::float8
    from usage where api_key_id is not null group by api_key_id, day
    having sum(micro_usd) > ${budgets.key}`.execute(db)
  const charges = await countCharges(db)
  const paidCalls = countPaidRequests(run.requests())
  return [
    ...rows.map(({ who, cost, budget }) => `${who}: ${cost} of ${budget}`),
    ...(['transcribe', 'reply', 'speak'] as const)
      .filter((stage) => charges[stage] !== paidCalls[stage])
      .map((stage) => `${stage}: charged ${charges[stage]} times, paid ${paidCalls[stage]}`),
  ]
}

/** Lists of acts for one unit of `--scale`. */
const RUNS = 40

/** Lessons under budgets, in an order that chance draws. */
export const MONEY = listsPart({
  name: 'money',
  about: 'lists of lessons under small budgets, drawn by chance, against the rules of money',
  runs: RUNS,
  longest: `${ACTS} acts`,
  prove: proveMoney,
})
