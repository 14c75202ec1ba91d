import { beforeAll, expect, test } from 'vitest'
import { atCrossings, type Selection } from '../rigs/crossings/every-crossing.ts'
import { KILLED } from '../rigs/crossings/kill.ts'
import { PAUSED_FOR_LONG } from '../rigs/crossings/pause.ts'
import { SCENARIOS } from '../rigs/crossings/scenarios.ts'
import { type Row, violationsOf } from '../rigs/crossings/takeover-table.ts'
import { describePostgres } from '../support/databases.ts'
import { IS_WHOLE_PROOF, proofWidth } from '../support/proof-width.ts'

const TAP = 'tap on a level'
/** One of so many crossings of a lesson is tried here; `npm run chaos -- kill` tries all. */
const STRIDE = proofWidth({ whole: 12, bounded: 60 })
/** The bounded proof plays one kind of lesson over the API; the whole proof plays the others, whose steps are the same. */
const LESSONS = IS_WHOLE_PROOF
  ? [
      'voice lesson',
      'text lesson',
      'voice lesson over the API',
      'text lesson over the API',
      'voice lesson over the API, told by events',
    ]
  : ['voice lesson', 'text lesson', 'text lesson over the API']
/** What no message is answered by, and presses that pay: a kind each, the rest is left to the whole. */
const JOBS = IS_WHOLE_PROOF
  ? [
      'alert in a chat',
      'alert at a URL',
      'memory of a lesson',
      'memory of a lesson that is withdrawn meanwhile',
      'press on Translate',
      'press on What can I say?',
      'press on Slower',
    ]
  : ['alert at a URL']
const JOB_STRIDE = proofWidth({ whole: 8, bounded: 12 })
const TAP_STRIDE = proofWidth({ whole: 1, bounded: 14 })
/** The fewest stops that a tap and a lesson must have had. */
const MIN_STOPS = {
  tap: proofWidth({ whole: 26, bounded: 2 }),
  lesson: proofWidth({ whole: 5, bounded: 1 }),
  job: 1,
}
const WRITE = 'lessons: write, to be sent #1'

function strideOf(name: string): number {
  if (name === TAP) return TAP_STRIDE
  return JOBS.includes(name) ? JOB_STRIDE : STRIDE
}

const select: Selection = (crossings, { name }) => {
  const killCrossings = crossings.filter((_, index) => index % strideOf(name) === 0)
  const pauseCrossings = crossings.filter(
    (crossing) => name === 'text lesson' && crossing === WRITE,
  )
  return [
    ...killCrossings.map((crossing) => ({ crossing, stopping: KILLED })),
    ...pauseCrossings.map((crossing) => ({ crossing, stopping: PAUSED_FOR_LONG })),
  ]
}

describePostgres('A stopped process', () => {
  let rows: Row[] = []
  let violations: string[] = []
  beforeAll(async () => {
    const scenarios = SCENARIOS.filter(({ name }) => [TAP, ...LESSONS, ...JOBS].includes(name))
    const outcome = await atCrossings(select, { scenarios, write: () => {}, dryRuns: 1 })
    rows = outcome.rows
    violations = outcome.violations
    // As long as a busy machine takes: only what hangs is ended.
  }, 900_000)

  const of = (isChosen: (row: Row) => boolean) => {
    const chosenRows = rows.filter(isChosen)
    return { stops: chosenRows.length, violations: chosenRows.flatMap(violationsOf) }
  }

  test('a tap is completed exactly once when its process is killed at any step', () => {
    const taps = of(({ task }) => task.scenario.name === TAP)
    expect(taps.violations).toEqual([])
    expect(taps.stops).toBeGreaterThanOrEqual(MIN_STOPS.tap)
  })

  test.each(LESSONS)(
    `a process killed at every ${STRIDE}th step: a %s is completed exactly once`,
    (name) => {
      const lessons = of(({ task }) => task.scenario.name === name && task.stopping === KILLED)
      expect(lessons.violations).toEqual([])
      expect(lessons.stops).toBeGreaterThanOrEqual(MIN_STOPS.lesson)
    },
  )

  test.each(JOBS)(
    `a process killed at every ${JOB_STRIDE}th step: %s is completed exactly once`,
    (name) => {
      const jobs = of(({ task }) => task.scenario.name === name)
      expect(jobs.violations).toEqual([])
      expect(jobs.stops).toBeGreaterThanOrEqual(MIN_STOPS.job)
    },
  )

  test('a lesson is recorded once when its process sleeps before recording it', () => {
    const pausedTakeovers = of(({ task }) => task.stopping === PAUSED_FOR_LONG)
    expect(pausedTakeovers).toEqual({ stops: 1, violations: [] })
  })

  test('a takeover logs no secret and no error', () => {
    expect(violations).toEqual([])
  })
})
