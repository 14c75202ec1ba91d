import { afterAll, beforeAll, expect, test } from 'vitest'
import { FAULTS, SILENCE } from '../rigs/postgres/faults.ts'
import { type Pair, playPairs } from '../rigs/postgres/part.ts'
import { SCENARIOS } from '../rigs/postgres/scenarios.ts'
import type { Point } from '../rigs/postgres/statements.ts'
import { openPostgresWorld, type PostgresWorld } from '../rigs/postgres/world.ts'
import { describePostgres } from '../support/databases.ts'
import { proofWidth } from '../support/proof-width.ts'

const LONG = 240_000

/** Every so many statements one meets faults. */
const STRIDE = proofWidth({ whole: 1, bounded: 4 })

/** A statement meets so many faults; over a scenario's statements they come by turns, from the first one given. */
function byTurns(times: number, from: number) {
  return (points: readonly Point[]): Pair[] =>
    struckOf(points).flatMap((point, index) =>
      Array.from({ length: times }, (_, round) => ({
        point,
        fault: FAULTS[(from + index * times + round) % FAULTS.length] ?? SILENCE,
      })),
    )
}

function struckOf<At>(points: readonly At[]): At[] {
  return points.filter((_, index) => index % STRIDE === 0)
}

// `npm run chaos -- postgres` plays every fault at every statement.
const TIMES: Record<string, number> = {
  'voice lesson': 2,
  'text lesson': 0,
  command: 0,
  health: 18,
}

describePostgres('Whatever goes wrong with PostgreSQL, and at whatever statement', () => {
  let world: PostgresWorld
  beforeAll(async () => {
    world = await openPostgresWorld()
  })
  afterAll(() => world.stop())

  const played = SCENARIOS.filter(({ name }) => TIMES[name] !== 0)
  test.each(played.map((scenario) => [scenario.name, scenario] as const))(
    '%s: nothing is lost, and nothing doubled but where nobody could know',
    async (name, scenario) => {
      const tally = await playPairs(
        world,
        scenario,
        byTurns(TIMES[name] ?? 1, 7 * played.indexOf(scenario)),
      )
      expect(tally.violations).toEqual([])
      expect(tally.missed).toEqual([])
      expect(tally.runs).toBeGreaterThanOrEqual(
        Math.ceil(tally.statements / STRIDE) * (TIMES[name] ?? 1),
      )
    },
    LONG,
  )
})
