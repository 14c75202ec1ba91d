import { afterAll, beforeAll, expect, test } from 'vitest'
import { FAULTS, SILENCE } from '../rigs/postgres/faults.ts'
import { type Pair, playPairs } from '../rigs/postgres/part.ts'
import { SCENARIOS } from '../rigs/postgres/scenarios.ts'
import type { Point } from '../rigs/postgres/statements.ts'
import { openPostgresWorld, type PostgresWorld } from '../rigs/postgres/world.ts'
import { describePostgres } from '../support/databases.ts'

const LONG = 240_000

/** Gives each statement so many faults, in turn over a scenario's statements, from the fault at `from`. */
function byTurns(times: number, from: number) {
  return (points: readonly Point[]): Pair[] =>
    points.flatMap((point, index) =>
      Array.from({ length: times }, (_, round) => ({
        point,
        fault: FAULTS[(from + index * times + round) % FAULTS.length] ?? SILENCE,
      })),
    )
}

// `npm run chaos -- postgres` plays every fault at every statement.
const TIMES: Record<string, number> = {
  'voice lesson': 2,
  'text lesson': 0,
  command: 0,
  health: 18,
}

describePostgres('A fault of PostgreSQL at any statement', () => {
  let world: PostgresWorld
  beforeAll(async () => {
    world = await openPostgresWorld()
  })
  afterAll(() => world.stop())

  const scenarios = SCENARIOS.filter(({ name }) => TIMES[name] !== 0)
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s: nothing is lost, and nothing doubled but where its sending was unknowable',
    async (name, scenario) => {
      const tally = await playPairs(
        world,
        scenario,
        byTurns(TIMES[name] ?? 1, 7 * scenarios.indexOf(scenario)),
      )
      expect(tally.violations).toEqual([])
      expect(tally.missed).toEqual([])
      expect(tally.runs).toBeGreaterThanOrEqual(tally.statements * (TIMES[name] ?? 1))
    },
    LONG,
  )
})
