import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import { violatedInvariants } from '../invariants.ts'
import type { PaidCalls } from '../paid-calls.ts'
import type { Sender } from './scenario-senders.ts'
import type { Scenario } from './scenario-steps.ts'
import type { Holding, JobState } from './takeover-state.ts'

export const STAGES = ['transcribe', 'reply', 'speak'] as const

/** The first crossing of a paid step: from then on it is in flight. */
const FIRST_OF_STAGE: Readonly<Record<Stage, RegExp>> = {
  transcribe: /^telegram: getFile|^provider: audio.transcriptions/,
  reply: /^provider: chat.completions/,
  speak: /^socket: response.create|^provider: audio.speech/,
}

const REQUEST_OF_STAGE: Readonly<Record<Stage, RegExp>> = {
  transcribe: /^provider: audio.transcriptions/,
  reply: /^provider: chat.completions/,
  speak: /^socket: response.create|^provider: audio.speech/,
}

/** The ledger's rows before and after, and the requests that each process has paid for in between. */
type Bill = { before: PaidCalls; after: PaidCalls; victimPaid: PaidCalls; survivorPaid: PaidCalls }

/** The observations by which a takeover is judged. */
export type Evidence = {
  /** The job when the victim was stopped; undefined where it was not stored by then. */
  stateAtStop: JobState | undefined
  /** The victim's crossings up to its stop. */
  crossings: readonly string[]
  /** The job after the takeover; undefined where it is lost. */
  stateAtEnd: JobState | undefined
  /** The victim's paid calls until the job had ended. */
  victimCalls: PaidCalls
  /** The victim's paid calls until its process had ended, too. */
  lateVictimCalls: PaidCalls
  survivorCalls: PaidCalls
  bill: Bill
  sender: Sender
  holding: Holding | undefined
}

/** What a takeover cost, for the table. */
export type Cost = { extraPayments: number; duplicateSends: string[] }

/** Judges a takeover: what it cost, and which parts of the promise it broke. */
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
  const isDone = (stage: Stage) =>
    wasOver || stateAtStop?.doneSteps.includes(scenario.steps?.[stage] ?? stage) === true
  const openSends = wasOver ? [] : (stateAtStop?.openSends ?? [])

  const messages = sender.newMessages()
  const sends = sendsIn(messages, scenario, openSends)
  const attempts = (stateAtStop?.attempts ?? 0) + (wasOver ? 0 : 1)

  const violations = [
    ...sendProblems(sends, messages.length),
    ...sightProblems(messages, scenario),
    ...difference('duplicates_possible', stateAtEnd.duplicates, openSends.length),
    ...difference('attempts', stateAtEnd.attempts, attempts),
    ...STAGES.flatMap((stage) => paymentProblems(scenario, stage, evidence, isDone(stage))),
    ...STAGES.flatMap((stage) =>
      chargeProblems(stage, evidence.bill, isDone(stage), isBeingSent(stage, evidence.crossings)),
    ),
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

type Messages = ReturnType<Sender['newMessages']>
type Send = { step: string; count: number; mayBeTwo: boolean }

/** How often each of the scenario's messages is there; one whose sending was under way at the stop may be there twice. */
function sendsIn(messages: Messages, { sends }: Scenario, openSends: readonly string[]): Send[] {
  return Object.entries(sends).map(([step, isIts]) => {
    const count = messages.filter(isIts).length
    return { step, count, mayBeTwo: openSends.includes(step) }
  })
}

function sendProblems(sends: readonly Send[], messageCount: number): string[] {
  const knownCount = sends.reduce((sum, { count }) => sum + count, 0)
  return [
    ...sends
      .filter(({ count, mayBeTwo }) => count !== 1 && !(mayBeTwo && count === 2))
      .map(({ step, count }) => `${step} was sent ${count} times`),
    ...(knownCount === messageCount
      ? []
      : [`${messageCount} messages, ${knownCount} of them known`]),
  ]
}

/** What is to be seen in the end is there once. */
function sightProblems(messages: Messages, { shows }: Scenario): string[] {
  return Object.entries(shows)
    .map(([name, isIt]) => ({ name, count: messages.filter(isIt).length }))
    .filter(({ count }) => count !== 1)
    .map(({ name, count }) => `${count} times ${name}`)
}

/**
 * The survivor pays for just those stages that are not in the journal, the victim pays for nothing after its
 * stop, and no result is used before it is stored.
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
  const isBegun = crossings.some((crossing) => FIRST_OF_STAGE[stage].test(crossing))
  const isUsed = use !== undefined && crossings.includes(use)
  return [
    ...difference(`${stage} paid by the survivor`, survivorCalls[stage], mustPay),
    ...(byVictim > atMost ? [`${stage} paid ${byVictim} times by the victim`] : []),
    ...(byVictim > victimCalls[stage] && !isBegun
      ? [`${stage} begun and paid by the victim after it had lost the job`]
      : []),
    ...(isUsed && !isDone ? [`${stage} was used before it was stored`] : []),
  ]
}

/** Whether the victim was stopped while it sent a stage's request: then it cannot know whether it is paid for. */
function isBeingSent(stage: Stage, crossings: readonly string[]): boolean {
  const lastCrossing = crossings.at(-1) ?? ''
  return REQUEST_OF_STAGE[stage].test(lastCrossing) && /, (to be )?sent #/.test(lastCrossing)
}

/**
 * Each request that is paid for is charged once. Of the victim those may be missing whose step was not stored when it
 * was stopped: they were in flight, or waited for their step. One that it was sending is charged by its estimate, also where its
 * provider has never seen it.
 */
function chargeProblems(
  stage: Stage,
  { before, after, victimPaid, survivorPaid }: Bill,
  isDone: boolean,
  isBeingSent: boolean,
): string[] {
  const charges = after[stage] - before[stage]
  const mostPaid = survivorPaid[stage] + Math.max(victimPaid[stage], isBeingSent ? 1 : 0)
  const leastPaid = survivorPaid[stage] + (isDone ? victimPaid[stage] : 0)
  if (charges >= leastPaid && charges <= mostPaid) return []
  return [`${stage} charged ${charges} times, not ${leastPaid} to ${mostPaid}`]
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
        from lesson)::float8
      + (select coalesce(sum(micro_usd), 0) from usage
        where micro_usd > 0 and job_id not in (select job_id from lesson))::float8 as cost`.execute(
    db,
  )
  return rows.flatMap(({ spent, cost }) => difference("the budget's charge", spent, cost))
}
