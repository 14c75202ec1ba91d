import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import { violatedInvariants } from '../invariants.ts'
import type { PaidCalls } from '../paid-calls.ts'
import type { Sender } from './scenario-senders.ts'
import type { Scenario } from './scenarios.ts'
import type { Holding, JobState } from './takeover-state.ts'

export const STAGES = ['transcribe', 'reply', 'speak'] as const

/** What a paid step crosses first: from then on it is in flight. */
const FIRST_OF_STAGE: Readonly<Record<Stage, RegExp>> = {
  transcribe: /^telegram: getFile|^provider: audio.transcriptions/,
  reply: /^provider: chat.completions/,
  speak: /^socket: response.create|^provider: audio.speech/,
}

/** All there is to judge a takeover by. */
export type Evidence = {
  /** When the one process was stopped; undefined where its job had not been stored by then. */
  stateAtStop: JobState | undefined
  /** The boundaries that it had crossed by then. */
  crossings: readonly string[]
  /** When all was over; undefined where the job is lost. */
  stateAtEnd: JobState | undefined
  /** Until its job was over. */
  victimCalls: PaidCalls
  /** When it had ended, too. */
  lateVictimCalls: PaidCalls
  survivorCalls: PaidCalls
  sender: Sender
  holding: Holding | undefined
}

/** What a takeover cost, for the table. */
export type Cost = { extraPayments: number; duplicateSends: string[] }

/** What it may and did cost, and all that it must not have cost. */
export async function judge(
  db: Kysely<Tables>,
  scenario: Scenario,
  evidence: Evidence,
): Promise<Cost & { violations: string[] }> {
  const { stateAtStop, stateAtEnd, lateVictimCalls, survivorCalls, sender, holding } = evidence
  if (stateAtEnd?.state !== 'done') {
    const state = stateAtEnd === undefined ? 'is gone' : `is ${stateAtEnd.state}`
    return { extraPayments: 0, duplicateSends: [], violations: [`lost: its job ${state}`] }
  }
  const wasOver = stateAtStop?.state === 'done'
  const isDone = (step: string) => wasOver || stateAtStop?.doneSteps.includes(step) === true
  const openSends = wasOver ? [] : (stateAtStop?.openSends ?? [])

  const messages = sender.newMessages()
  const sends = Object.entries(scenario.sends).map(([step, isIts]) => {
    const count = messages.filter(isIts).length
    return { step, count, mayBeTwo: openSends.includes(step) }
  })
  const knownCount = sends.reduce((sum, { count }) => sum + count, 0)
  const sights = Object.entries(scenario.shows).map(([name, isIt]) => {
    return { name, count: messages.filter(isIt).length }
  })
  const attempts = (stateAtStop?.attempts ?? 0) + (wasOver ? 0 : 1)

  const violations = [
    ...sends
      .filter(({ count, mayBeTwo }) => count !== 1 && !(mayBeTwo && count === 2))
      .map(({ step, count }) => `${step} was sent ${count} times`),
    ...(knownCount === messages.length
      ? []
      : [`${messages.length} messages, ${knownCount} of them known`]),
    ...sights.filter(({ count }) => count !== 1).map(({ name, count }) => `${count} times ${name}`),
    ...difference('duplicates_possible', stateAtEnd.duplicates, openSends.length),
    ...difference('attempts', stateAtEnd.attempts, attempts),
    ...STAGES.flatMap((stage) => paymentProblems(scenario, stage, evidence, isDone(stage))),
    ...difference('held of the learner', holding, scenario.leaves),
    ...(await sender.problems()),
    // On one connection: each pair would take ten of the server's hundred.
    ...(await db.connection().execute(violatedInvariants)),
    ...(await budgetProblems(db)),
  ]
  return {
    violations,
    extraPayments: STAGES.reduce(
      (sum, stage) => sum + Math.max(0, lateVictimCalls[stage] + survivorCalls[stage] - 1),
      0,
    ),
    duplicateSends: sends.filter(({ count }) => count > 1).map(({ step }) => step),
  }
}

/**
 * Whoever takes over pays for just what is not in the journal, and nothing is built on what is not in it; who
 * was stopped begins to pay for nothing more.
 */
function paymentProblems(
  { pays }: Scenario,
  stage: Stage,
  { victimCalls, lateVictimCalls, survivorCalls, crossings }: Evidence,
  isDone: boolean,
): string[] {
  const use = pays[stage]
  const atMost = use === undefined ? 0 : 1
  const mustPay = isDone ? 0 : atMost
  const byVictim = lateVictimCalls[stage]
  const isBegun = crossings.some((boundary) => FIRST_OF_STAGE[stage].test(boundary))
  const isUsed = use !== undefined && crossings.includes(use)
  return [
    ...difference(`${stage} paid by the one that took over`, survivorCalls[stage], mustPay),
    ...(byVictim > atMost ? [`${stage} paid ${byVictim} times by the stopped one`] : []),
    ...(byVictim > victimCalls[stage] && !isBegun
      ? [`${stage} begun and paid by the stopped one after it had lost the job`]
      : []),
    ...(isUsed && !isDone ? [`${stage} was built on before it was remembered`] : []),
  ]
}

function difference(name: string, actual: unknown, ideal: unknown): string[] {
  const [actualJson, idealJson] = [JSON.stringify(actual), JSON.stringify(ideal)]
  return actualJson === idealJson ? [] : [`${name}: ${actualJson}, not ${idealJson}`]
}

/** Nothing was held back for a lesson that is over, and nothing was charged twice. */
async function budgetProblems(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ spent: number; cost: number }>`
    select (select coalesce(sum(spent_micro_usd), 0) from budget_day)::float8 as spent,
      (select coalesce(sum(cost_micro_usd + coalesce(speech_cost_micro_usd, 0)), 0)
        from lesson)::float8 as cost`.execute(db)
  return rows.flatMap(({ spent, cost }) => difference("the budget's charge", spent, cost))
}
