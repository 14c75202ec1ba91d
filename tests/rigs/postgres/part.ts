import type { Part, PartOptions } from '../part.ts'
import { FAULTS, type Fault, SILENCE } from './faults.ts'
import { dryRun, type Run, runFault } from './run.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Point } from './statements.ts'
import { openPostgresWorld, type PostgresWorld } from './world.ts'

/** A statement of a scenario, and what goes wrong there. */
export type Pair = { point: Point; fault: Fault }

/** What came of many runs. */
export type Tally = {
  statements: number
  runs: number
  /** The pairs whose statement did not come in any of their runs; not not the batches, which chance puts together. */
  missed: string[]
  violations: string[]
  /** Sendings that may have reached the learner twice, and requests paid for once more. */
  duplicates: number
  paidAgain: number
}

/** Breaks PostgreSQL in every way at every statement, one run each. */
export const POSTGRES: Part = {
  name: 'postgres',
  about: 'breaks PostgreSQL: each fault at each statement of a lesson, a tap, a request, a sweep',
  async run(options) {
    const violations = [
      ...(await playEverywhere(FAULTS, {}, options)),
      ...(await playEverywhere([SILENCE], { queryTimeoutMs: 1_000 }, options)),
    ]
    return { violations }
  },
}

async function playEverywhere(
  faults: readonly Fault[],
  worldOptions: Parameters<typeof openPostgresWorld>[0],
  { only, scale, seed, write }: PartOptions,
): Promise<string[]> {
  const world = await openPostgresWorld(worldOptions)
  const stride = Math.max(1, Math.round(1 / scale))
  const select = (points: readonly Point[]) =>
    points
      .flatMap((point) => faults.map((fault) => ({ point, fault })))
      .filter((_, index) => index % stride === seed % stride)
  const violations: string[] = []
  try {
    for (const scenario of SCENARIOS) {
      if (only.length > 0 && !only.some((word) => scenario.name.includes(word))) continue
      const startedAt = performance.now()
      const tally = await playPairs(world, scenario, select)
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      write(
        `${scenario.name}: ${tally.statements} statements, ${faults.length} faults, ${tally.runs} runs ` +
          `(${tally.missed.length} missed), ${tally.duplicates} sent twice unknowably, ` +
          `${tally.paidAgain} paid again, ${tally.violations.length} broken, ${seconds} s`,
      )
      violations.push(...tally.violations)
    }
  } finally {
    await world.stop()
  }
  return violations
}

/** The statements that a scenario sends in each of two runs: what only one of them has, chance has put together. */
async function steadyPoints(world: PostgresWorld, scenario: Scenario): Promise<Point[]> {
  const [points, secondPoints] = [await dryRun(world, scenario), await dryRun(world, scenario)]
  const names = new Set(secondPoints.map(({ name }) => name))
  return points.filter(({ name }) => names.has(name))
}

/** Plays a scenario once for each selected pair of one of its statements and a fault. */
export async function playPairs(
  world: PostgresWorld,
  scenario: Scenario,
  select: (points: readonly Point[]) => readonly Pair[],
): Promise<Tally> {
  const points = await steadyPoints(world, scenario)
  const tally: Tally = {
    statements: points.length,
    runs: 0,
    missed: [],
    violations: [],
    duplicates: 0,
    paidAgain: 0,
  }
  for (const { point, fault } of select(points)) {
    const place = `${scenario.name}, ${point.name}, ${fault.name}`
    let wasStruck = false
    for (let trial = 0; trial < TRIALS && !wasStruck; trial += 1) {
      const run = await runFault(world, scenario, fault, point)
      wasStruck = run.wasStruck
      tally.runs += 1
      tally.duplicates += run.found.jobs.reduce((sum, job) => sum + job.duplicates_possible, 0)
      tally.paidAgain += paidAgain(run, scenario)
      tally.violations.push(...run.violations.map((violation) => `${place}: ${violation}`))
    }
    if (!wasStruck && !point.isBatch) tally.missed.push(place)
  }
  return tally
}

/**
 * How often a pair is played until its statement comes. Chance decides which entries of the journal and charges go
 * together, and so which of the dry run's statements come as ones of their own.
 */
const TRIALS = 5

function paidAgain({ found }: Run, { pays }: Scenario): number {
  return pays.reduce((sum, stage) => sum + Math.max(0, found.paidCalls[stage] - 1), 0)
}
