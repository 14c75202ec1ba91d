import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { countPaidCalls } from '../paid-calls.ts'
import type { Fault } from './faults.ts'
import {
  deliveries,
  errorsIn,
  jobsSince,
  journaledStagesSince,
  lastJobId,
  waiting,
} from './findings.ts'
import type { Fate, Statement } from './link.ts'
import type { PostgresRelay } from './relay.ts'
import type { Play, Scenario } from './scenario.ts'
import { type Point, pointsOf, recognise } from './statements.ts'
import { type Answer, type Found, wrongIn } from './verdict.ts'
import type { PostgresWorld } from './world.ts'

/** While a fault lasts, what waits is taken up more often than a job has attempts. */
const SWEEPS_IN_OUTAGE = 8
/** Then the run has come to no end, which its job tells. */
const MAX_SWEEPS = 500
const POLL_MS = 2

/** What came of a run, when the fault was gone and everything had been taken up again. */
export type Run = {
  /** False where the statement never came. */
  wasStruck: boolean
  /** What was broken of the promise. */
  violations: string[]
  found: Found
}

/** The statements that a scenario consists of where nothing goes wrong. Throws where something does. */
export async function dryRun(world: PostgresWorld, scenario: Scenario): Promise<Point[]> {
  const { violations, statements } = await run(world, scenario, undefined)
  if (violations.length > 0) throw new Error(`${scenario.name}: ${violations.join('; ')}`)
  return pointsOf(statements)
}

/** Plays a scenario with one fault at one of its statements, and looks whether the promise holds. */
export function runFault(
  world: PostgresWorld,
  scenario: Scenario,
  fault: Fault,
  point: Point,
): Promise<Run> {
  return run(world, scenario, { fault, point })
}

type Arrangement = { fault: Fault; point: Point }

async function run(
  world: PostgresWorld,
  scenario: Scenario,
  arrangement: Arrangement | undefined,
): Promise<Run & { statements: readonly Statement[] }> {
  const { db, relay, telegram } = world
  await world.restart(scenario.env)
  const lastJob = await lastJobId(world)
  const play = await scenario.begin(world)
  const postsBefore = telegram.attempts.length
  const requestsBefore = world.openai.requests.length

  const strike = strikeOf(arrangement, relay, () => journaledStagesSince(world, lastJob))
  relay.decide(strike.fateOf)

  const first = await act(world, play)
  if (arrangement?.fault.lasting !== undefined) {
    for (let round = 0; round < SWEEPS_IN_OUTAGE; round += 1) await takeUp(world)
  }
  const { statements } = relay
  const harmCount = relay.harmCount()
  relay.decide()
  relay.open()
  const laterAnswer = await recover(world, play, first)

  const findings: Found = {
    answers: [...first, ...laterAnswer, ...deliveries(world, postsBefore)],
    jobs: await jobsSince(world, lastJob),
    paidCalls: countPaidCalls(world.openai.requests.slice(requestsBefore)),
    harmCount,
    journaledStages: strike.journaledStages() ?? new Set(scenario.pays),
    errors: errorsIn(world),
    messages: play.chatId === undefined ? [] : telegram.chat(play.chatId).messages,
  }
  const violations = [
    ...(await wrongIn(db, scenario, arrangement?.fault, findings)),
    ...((await play.wrong?.()) ?? []),
  ]
  return { statements, wasStruck: strike.wasStruck(), violations, found: findings }
}

/** Decides what becomes of each statement: the fault strikes at its point, and lasts where it is one that lasts. */
function strikeOf(
  arrangement: Arrangement | undefined,
  relay: PostgresRelay,
  lookAtJournal: () => Promise<ReadonlySet<string>>,
) {
  let struckAt: Statement | undefined
  let strikesLeft = arrangement?.fault.times ?? 1
  let journaledStages: ReadonlySet<string> = new Set()
  const onStrike = async () => {
    journaledStages = await lookAtJournal()
  }
  const isPoint = arrangement === undefined ? () => false : recognise(arrangement.point)
  return {
    async fateOf(statement: Statement): Promise<Fate> {
      const fault = arrangement?.fault
      if (fault === undefined) return { kind: 'passed' }
      const isHere = struckAt === undefined ? isPoint(statement) : statement.sql === struckAt.sql
      if (isHere && strikesLeft > 0) {
        strikesLeft -= 1
        const isFirst = struckAt === undefined
        struckAt ??= statement
        const fate = fault.strike(relay, statement, isFirst ? onStrike : async () => {})
        if (fate.kind !== 'cut' && isFirst) await onStrike()
        return fate
      }
      return (struckAt && fault.lasting?.(struckAt, statement)) ?? { kind: 'passed' }
    },
    wasStruck: () => struckAt !== undefined,
    /** The stages in the journal at the first strike; undefined where none came. */
    journaledStages: () => (struckAt === undefined ? undefined : journaledStages),
  }
}

/** Does it, and waits until nothing comes of it any more by itself. */
async function act(world: PostgresWorld, { act: action }: Play): Promise<Answer[]> {
  const { telegram } = world
  if ('ask' in action) {
    const response = await action.ask()
    await world.deps().idle()
    return [answerOf(response)]
  }
  const { update_id } = action.queue()
  const isAnswered = () =>
    telegram.attempts.some(({ updateId, outcome }) => updateId === update_id && outcome !== null)
  while (!isAnswered()) await pause(POLL_MS)
  await world.deps().idle()
  return []
}

/** Lets time pass and clients with a refused request ask again, until no job, delivery or request waits. */
async function recover(
  world: PostgresWorld,
  { act: action }: Play,
  firstAnswers: readonly Answer[],
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let round = 0; round < MAX_SWEEPS; round += 1) {
    await takeUp(world)
    const last = answers.at(-1) ?? firstAnswers.at(-1)
    const isRefused = last !== undefined && last.status !== 200
    if ('ask' in action && isRefused) {
      answers.push(answerOf(await action.ask()))
    } else if (world.telegram.pendingCount() === 0 && (await waiting(world)) === 0) {
      break
    } else {
      // Telegram's next delivery is under way.
      await pause(POLL_MS)
    }
  }
  await world.deps().idle()
  return answers
}

/** Leases lapse, what waits falls due, and is swept. */
async function takeUp(world: PostgresWorld): Promise<void> {
  // A delivery under way may be running its job itself: that job has not been abandoned.
  while (world.telegram.attempts.some(({ outcome }) => outcome === null)) await pause(POLL_MS)
  await world.deps().idle()
  await sql`
    update inbox set due_at = now(), lease_until = lease_until - interval '1 day'
    where state = 'waiting'`.execute(world.db)
  // While the fault lasts a sweep may fail, as the cron job's does; the next round sweeps again.
  await world
    .deps()
    .sweep()
    .catch(() => {})
  await world.deps().idle()
}

function answerOf({ status, headers }: Response): Answer {
  return { status, asksAgain: headers.has('retry-after') }
}
