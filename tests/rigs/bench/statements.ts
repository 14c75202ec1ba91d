import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { sessionCookie } from '../../../lib/http/dashboard/session.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import type { Instance } from '../processes.ts'
import type { World } from '../world.ts'
import {
  firstUtterance,
  isDone,
  newLearner,
  openLessonWorld,
  takeLesson,
  until,
  withInstance,
} from './lesson-world.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'
import { openPostgresTap, type PostgresTap, type Statement } from './postgres-tap.ts'
import { briefly, statementsOfWork } from './statement-counts.ts'
import { newTitleUpdate } from './webhook-load.ts'

/** How often PostgreSQL is asked. */
export const STATEMENTS: Part = {
  name: 'statements',
  about: 'statements and round trips to PostgreSQL, of each thing that can be asked of us',
  run,
}

const RUNS = 3
/** After so many milliseconds without a statement an act counts as over. */
const QUIET_MS = 150

/** What the scenarios are done with. */
export type Scene = {
  world: World
  instance: Instance
  learner: Learner
  apiKey: string
  statements: readonly Statement[]
}

/** An act whose statements are counted until none follows, unless it returns those to count. */
export type Scenario = {
  label: string
  limit?: number
  act(scene: Scene): Promise<Statement[] | undefined>
}

/** Each thing that Telegram or an API client can ask of the product. */
export const SCENARIOS: readonly Scenario[] = [
  { label: 'ack', limit: 1, act: acknowledge },
  { label: 'update without work, ack and job', act: countAll(acknowledge) },
  { label: 'voice lesson', limit: 16, act: lesson('voice') },
  { label: 'text lesson', act: lesson('text') },
  { label: '/start', act: start },
  { label: 'onboarding tap: language', act: tap(0) },
  { label: 'onboarding tap: level', act: tap(0) },
  {
    label: 'API lesson, text',
    act: apiLesson({ text: firstUtterance().text, include_audio: false }),
  },
  { label: 'API lesson, text, with audio', act: apiLesson({ text: firstUtterance().text }) },
  { label: 'GET /health', act: health },
  { label: 'the dashboard', act: dashboard },
  { label: 'GET /metrics', act: metrics },
  { label: 'tally of an hour', act: tally },
]

/** A budget of a day costs a statement, and need not be set. */
const WITHOUT_BUDGET: readonly Scenario[] = [
  { label: 'voice lesson, no DAILY_BUDGET_USD', act: lesson('voice') },
]

async function run(options: PartOptions): Promise<Measured> {
  const runs = options.runs ?? RUNS
  const world = await openLessonWorld(undefined)
  const tap = await openPostgresTap(world.env.DATABASE_URL ?? '')
  try {
    const apiKey = await createApiKey(world.db, { name: 'bench', telegramLearners: false })
    const learner = await newLearner(world, 1_000)
    // The job that looks for facts after every fifth lesson is none of that lesson's.
    await world.db.updateTable('learner').set({ remembers: false }).execute()
    const count = (scenarios: readonly Scenario[], env: NodeJS.Dict<string>) =>
      withInstance(world, { DATABASE_URL: tap.url, ...env }, async (instance) => {
        const scene = { world, instance, learner, apiKey, statements: tap.statements }
        const lists = new Map<Scenario, Statement[][]>(scenarios.map((scenario) => [scenario, []]))
        await awaitQuiet(scene)
        // The first round is not counted: it loads the worker, and its learners are new.
        for (let at = 0; at <= runs; at += 1) {
          for (const scenario of scenarios) {
            const statements = await statementsIn(scene, tap, scenario)
            if (at > 0) lists.get(scenario)?.push(statements)
            if (at === runs && options.verbose) tell(options, scenario, statements)
          }
        }
        return [...lists].flatMap(([scenario, lists]) => figuresOf(scenario, lists))
      })
    return {
      figures: [
        ...(await count(SCENARIOS, {})),
        ...(await count(WITHOUT_BUDGET, { DAILY_BUDGET_USD: '' })),
      ],
      notes: [
        'As seen on the wire between a process and PostgreSQL, BEGIN and COMMIT counted, the claim that finds',
        'the lane empty, and the ack, too; sweeps, renewals of leases and pruning not. --verbose lists them.',
      ],
    }
  } finally {
    await tap.close()
    await world.close()
  }
}

async function statementsIn(
  scene: Scene,
  { statements }: PostgresTap,
  scenario: Scenario,
): Promise<Statement[]> {
  const before = statements.length
  const ownWork = await scenario.act(scene)
  await awaitQuiet(scene)
  return statementsOfWork(ownWork ?? statements.slice(before))
}

/** Waits until no statement is under way and none has been sent for a while. */
async function awaitQuiet({ statements, world }: Scene): Promise<void> {
  let lastCount = -1
  await until(world, async () => {
    if (lastCount === statements.length && statements.at(-1)?.answeredAt !== undefined) return true
    lastCount = statements.length
    await delay(QUIET_MS)
    return false
  })
}

function figuresOf({ label, limit }: Scenario, lists: readonly Statement[][]): Figure[] {
  const roundTrips = lists.map((list) => list.filter(({ isRoundTrip }) => isRoundTrip).length)
  const statements = lists.map((list) => list.length)
  return [
    { label, unit: 'statements', values: statements, ...(limit !== undefined && { limit }) },
    { label, unit: 'round trips', values: roundTrips },
  ]
}

function tell({ write }: PartOptions, { label }: Scenario, statements: readonly Statement[]): void {
  write(`${label}:`)
  for (const statement of statements) write(`    ${briefly(statement)}`)
}

/** Delivers an update that makes no work; returns the statements answered before its acknowledgement. */
async function acknowledge(scene: Scene): Promise<Statement[]> {
  const { world, instance, statements } = scene
  const before = statements.length
  const response = await fetch(`${instance.url}/webhook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': world.secrets.TELEGRAM_WEBHOOK_SECRET ?? '',
    },
    body: JSON.stringify(newTitleUpdate()),
  })
  const ackStatements = statements
    .slice(before)
    .filter(({ answeredAt }) => answeredAt !== undefined)
  if (response.status !== 200) throw new Error(`A delivery was answered ${response.status}.`)
  return ackStatements
}

/** The same act without its own count: all statements until quiet are counted. */
function countAll(act: Scenario['act']): Scenario['act'] {
  return async (scene) => {
    await act(scene)
    return undefined
  }
}

async function dashboard({ world, instance }: Scene): Promise<undefined> {
  await askDashboard(world, instance, '24h')
}

/** Asks for a period as an operator’s browser does. */
export async function askDashboard(
  world: World,
  instance: Instance,
  period: string,
): Promise<void> {
  const url = `${instance.url}/api/dashboard?period=${period}`
  const [cookie = ''] = sessionCookie(
    new Request(url),
    world.secrets.ADMIN_TOKEN ?? '',
    new Date(),
  ).split(';', 1)
  const response = await fetch(url, { headers: { cookie } })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`The dashboard was answered ${response.status}.`)
}

function lesson(kind: 'voice' | 'text'): Scenario['act'] {
  return async ({ world, learner }) => {
    await takeLesson(world, learner, kind, firstUtterance())
    return undefined
  }
}

async function start({ world, learner }: Scene): Promise<undefined> {
  await isDone(world, learner.says('/start'))
}

/** Taps a button of the newest message that has any. */
function tap(at: number): Scenario['act'] {
  return async ({ world, learner }) => {
    const { messages } = world.telegram.chat(learner.chat.id)
    const question = messages.findLast(({ buttons }) => buttons.length > 0)
    const data = question?.buttons[at]?.callback_data
    if (question === undefined || data === undefined) throw new Error('There is no button to tap.')
    await isDone(world, learner.taps(question.id, data))
    return undefined
  }
}

function apiLesson(fields: object): Scenario['act'] {
  return async ({ instance, apiKey }) => {
    const response = await fetch(`${instance.url}/api/v1/lessons/process`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ user_id: 'anna', native_language: 'uk', ...fields }),
    })
    if (response.status !== 200) throw new Error(`The API answered: ${await response.text()}`)
    await response.arrayBuffer()
    return undefined
  }
}

async function health({ instance }: Scene): Promise<undefined> {
  const response = await fetch(`${instance.url}/health`)
  await response.arrayBuffer()
}

/** Scrapes the metrics; how many milliseconds the answer took. */
export async function scrape({
  world,
  instance,
}: Pick<Scene, 'world' | 'instance'>): Promise<number> {
  const headers = { authorization: `Bearer ${world.secrets.ADMIN_TOKEN}` }
  const startedAt = performance.now()
  const response = await fetch(`${instance.url}/metrics`, { headers })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`/metrics was answered ${response.status}.`)
  return performance.now() - startedAt
}

async function metrics(scene: Scene): Promise<undefined> {
  await scrape(scene)
}

/** Adds up what a thousand runs have measured in an hour that is over. */
async function tally({ world }: Scene): Promise<undefined> {
  const samples = [
    { name: 'lessons', labels: { kind: 'voice', outcome: 'taught' }, value: 1 },
    { name: 'stage_seconds', labels: { stage: 'reply' }, le: 1, value: 1, sum_ms: 900 },
  ]
  await sql`
    insert into measurement (at, samples)
    select now() - interval '2 hours', ${JSON.stringify(samples)}::jsonb from generate_series(1, 1000)`.execute(
    world.db,
  )
  await sql`
    insert into inbox (source, key, lane, slots, payload)
    values ('tally:hour', ${randomUUID()}, 'tally', 'background', '')`.execute(world.db)
  await until(world, async () => {
    const { rows } = await sql`
      select from inbox where lane = 'tally' and state = 'waiting'`.execute(world.db)
    return rows.length === 0
  })
}
