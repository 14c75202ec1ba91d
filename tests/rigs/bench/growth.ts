import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { PERIODS } from '../../../lib/app/dashboard/dashboard.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import type { Instance } from '../processes.ts'
import { median } from '../statistics.ts'
import type { World } from '../world.ts'
import { GROWN_LEARNERS, growDatabase, sizeOf } from './grown-database.ts'
import { firstUtterance, newLearner, openLessonWorld, takeLesson } from './lesson-world.ts'
import { LESSONS_BEFORE, ownMsOf } from './overhead.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'
import { openPostgresTap, type PostgresTap, type Statement } from './postgres-tap.ts'
import { planFaultsOf, type WholeRead } from './query-plans.ts'
import { briefly, statementsOfWork } from './statement-counts.ts'
import { askDashboard, SCENARIOS, scrape } from './statements.ts'
import { formatNumber } from './table.ts'

/** What years of lessons in the database cost the next one. */
export const GROWTH: Part = {
  name: 'growth',
  about:
    'the same voice lesson with an empty and with a full database, and which statements read a table whole or are compiled',
  run,
}

const RUNS = 30
const MAX_RATIO = 1.3
const LISTED_STATEMENTS = 5
const MAX_DASHBOARD_MS = 150
const SCRAPES = 10

/** A database, a process on it, and a learner who takes lessons there. */
type Place = { world: World; tap: PostgresTap; instance: Instance; learner: Learner }

async function run(options: PartOptions): Promise<Measured> {
  const places: Place[] = []
  try {
    const empty = await openPlace(GROWN_LEARNERS + 1, async () => {})
    places.push(empty)
    const fullPlace = await openPlace(GROWN_LEARNERS + 1, (url) =>
      growDatabase(url, sizeOf(options.rows), options.write),
    )
    places.push(fullPlace)
    const lessons = await lessonsInBoth(empty, fullPlace, options.runs ?? RUNS)
    const scrapes = { emptyMs: await scrapesOf(empty), fullMs: await scrapesOf(fullPlace) }
    const slowerNames = slowerStatements(empty.tap.statements, fullPlace.tap.statements)
    const dashboard = await dashboardTimes(fullPlace, options.runs ?? RUNS)
    await doEverything(fullPlace)
    const url = fullPlace.world.env.DATABASE_URL ?? ''
    const plans = await planFaultsOf(url, fullPlace.tap.statements)
    return {
      figures: [
        ...lessonFigures(lessons),
        ...dashboardFigures(dashboard),
        { label: 'GET /metrics, empty database', unit: 'ms', values: scrapes.emptyMs },
        { label: 'GET /metrics, full database', unit: 'ms', values: scrapes.fullMs },
        ...planFigures(plans),
      ],
      notes: [
        'Lessons in turn, one here and one there, the provider taking no time; the learner has 10 lessons or',
        'more behind them in either. What PostgreSQL took longer for, of one lesson (median, ms):',
        ...slowerNames,
        ...plans.wholeReads.map(lineOf),
        ...plans.compiledStatements.map((statement) => `Is compiled: ${briefly(statement)}`),
      ],
    }
  } finally {
    for (const { tap, world } of places) {
      await world.close()
      await tap.close()
    }
  }
}

function lessonFigures({ emptyMs, fullMs }: { emptyMs: number[]; fullMs: number[] }): Figure[] {
  return [
    { label: 'own overhead, empty database', unit: 'ms', values: emptyMs },
    { label: 'own overhead, full database', unit: 'ms', values: fullMs },
    {
      label: 'full / empty',
      unit: '×',
      values: fullMs.map((ms, at) => ms / (emptyMs[at] ?? Number.NaN)),
      limit: MAX_RATIO,
    },
  ]
}

function dashboardFigures(times: Awaited<ReturnType<typeof dashboardTimes>>): Figure[] {
  return times.map(({ period, values }) => ({
    label: `the dashboard of ${period}, full database`,
    unit: 'ms',
    values,
    limit: MAX_DASHBOARD_MS,
  }))
}

function planFigures(plans: Awaited<ReturnType<typeof planFaultsOf>>): Figure[] {
  const { statementCount, wholeReads, compiledStatements } = plans
  return [
    {
      label: `of ${statementCount} statements, reads of a large table from end to end`,
      unit: '',
      values: [wholeReads.length],
      limit: 0,
    },
    {
      label: `of ${statementCount} statements, those that PostgreSQL compiles`,
      unit: '',
      values: [compiledStatements.length],
      limit: 0,
    },
  ]
}

async function openPlace(telegramId: number, fill: (url: string) => Promise<void>): Promise<Place> {
  const world = await openLessonWorld(undefined)
  const url = world.env.DATABASE_URL ?? ''
  const tap = await openPostgresTap(url)
  try {
    await fill(url)
    const instance = await world.start({ DATABASE_URL: tap.url })
    world.deliverTo(instance)
    const learner = await newLearner(world, telegramId)
    for (let at = 0; at < LESSONS_BEFORE; at += 1)
      await takeLesson(world, learner, 'voice', firstUtterance())
    tap.statements.length = 0
    return { world, tap, instance, learner }
  } catch (error) {
    await world.close()
    await tap.close()
    throw error
  }
}

async function lessonsInBoth(emptyPlace: Place, fullPlace: Place, runs: number) {
  const emptyMs: number[] = []
  const fullMs: number[] = []
  for (let at = 0; at < runs; at += 1) {
    for (const [{ world, learner }, values] of [
      [emptyPlace, emptyMs],
      [fullPlace, fullMs],
    ] as const) {
      values.push(ownMsOf(await takeLesson(world, learner, 'voice', firstUtterance())))
    }
  }
  return { emptyMs, fullMs }
}

/** How long an operator's browser waits for each period, in turn; the first round loads what it needs. */
async function dashboardTimes({ world, instance }: Place, runs: number) {
  const periods = PERIODS.map((period) => ({ period, values: [] as number[] }))
  for (let at = 0; at <= runs; at += 1) {
    for (const { period, values } of periods) {
      const startedAt = performance.now()
      await askDashboard(world, instance, period)
      if (at > 0) values.push(performance.now() - startedAt)
    }
  }
  return periods
}

async function scrapesOf(place: Place): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at <= SCRAPES; at += 1) times.push(await scrape(place))
  // The first one loads what reads them.
  return times.slice(1)
}

/** Plays every scenario once, so that the tap has seen every statement of the product. */
async function doEverything({ world, tap, instance, learner }: Place): Promise<void> {
  const apiKey = await createApiKey(world.db, { name: 'bench', telegramLearners: false })
  const scene = { world, instance, learner, apiKey, statements: tap.statements }
  for (const scenario of SCENARIOS) await scenario.act(scene)
}

function slowerStatements(
  emptyStatements: readonly Statement[],
  fullStatements: readonly Statement[],
): string[] {
  const before = mediansOf(emptyStatements)
  return [...mediansOf(fullStatements)]
    .map(([sql, ms]) => ({ sql, ms, emptyMs: before.get(sql) ?? Number.NaN }))
    .toSorted((a, b) => b.ms - b.emptyMs - (a.ms - a.emptyMs))
    .slice(0, LISTED_STATEMENTS)
    .map(({ sql, ms, emptyMs }) => `  ${formatNumber(emptyMs)} -> ${formatNumber(ms)}  ${sql}`)
}

function mediansOf(statements: readonly Statement[]): Map<string, number> {
  const times = new Map<string, number[]>()
  for (const statement of statementsOfWork(statements)) {
    const key = briefly(statement)
    times.set(key, [...(times.get(key) ?? []), statement.tookMs ?? Number.NaN])
  }
  return new Map([...times].map(([sql, values]) => [sql, median(values)]))
}

function lineOf({ statement, table, rows }: WholeRead): string {
  return `Reads all ${rows} rows of ${table}: ${briefly(statement)}`
}
