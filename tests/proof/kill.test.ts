import { beforeAll, expect, test } from 'vitest'
import { atCrossings, type Selection } from '../rigs/crossings/every-crossing.ts'
import { KILLED } from '../rigs/crossings/kill.ts'
import { PAUSED_FOR_LONG } from '../rigs/crossings/pause.ts'
import { type Row, violationsOf } from '../rigs/crossings/takeover-table.ts'
import { describePostgres } from '../support/databases.ts'
import { proofWidth } from '../support/proof-width.ts'

const TAP = 'tap on a level'
/** Every so many of a lesson's crossings one is tried here; `npm run chaos -- kill` tries all. */
const STRIDE = proofWidth({ whole: 12, bounded: 60 })
const TAP_STRIDE = proofWidth({ whole: 1, bounded: 14 })
/** The fewest stops that a tap and a lesson must have had. */
const LEAST = {
  tap: proofWidth({ whole: 26, bounded: 2 }),
  lesson: proofWidth({ whole: 5, bounded: 1 }),
}
const WRITE = 'lessons: write, to be sent #1'

const select: Selection = (crossings, { name }) => {
  const killed = crossings.filter((_, index) => index % (name === TAP ? TAP_STRIDE : STRIDE) === 0)
  const paused = crossings.filter((crossing) => name === 'text lesson' && crossing === WRITE)
  return [
    ...killed.map((crossing) => ({ crossing, stopping: KILLED })),
    ...paused.map((crossing) => ({ crossing, stopping: PAUSED_FOR_LONG })),
  ]
}

describePostgres('What a process that is stopped has left, another one ends exactly once', () => {
  let rows: Row[] = []
  let violations: string[] = []
  beforeAll(async () => {
    const only = [TAP, 'voice lesson', 'text lesson']
    const found = await atCrossings(select, { only, write: () => {}, dryRuns: 1 })
    rows = found.rows
    violations = found.violations
  }, 300_000)

  const of = (isMeant: (row: Row) => boolean) => {
    const meant = rows.filter(isMeant)
    return { stops: meant.length, violations: meant.flatMap(violationsOf) }
  }

  test('killed at steps of a tap', () => {
    const taps = of(({ task }) => task.scenario.name === TAP)
    expect(taps.violations).toEqual([])
    expect(taps.stops).toBeGreaterThanOrEqual(LEAST.tap)
  })

  test.each([
    'voice lesson',
    'text lesson',
    'voice lesson over the API',
    'text lesson over the API',
  ])(`killed at every ${STRIDE}th step of a %s`, (name) => {
    const lessons = of(({ task }) => task.scenario.name === name && task.stopping === KILLED)
    expect(lessons.violations).toEqual([])
    expect(lessons.stops).toBeGreaterThanOrEqual(LEAST.lesson)
  })

  test('asleep between looking up the learner and recording the lesson', () => {
    const asleep = of(({ task }) => task.stopping === PAUSED_FOR_LONG)
    expect(asleep).toEqual({ stops: 1, violations: [] })
  })

  test('and no secret and no error is logged meanwhile', () => {
    expect(violations).toEqual([])
  })
})
