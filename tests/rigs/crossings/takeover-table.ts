import type { Scenario } from './scenarios.ts'
import type { Stopping, Takeover } from './takeover.ts'

/** One stop of one scenario. */
export type Task = {
  scenario: Scenario
  boundary: string
  stopping: Stopping
  /** Among the scenario's boundaries. */
  number: number
}
export type Row = { task: Task; takeover: Takeover }

/** A row of the table. */
export function lineOf({ task, takeover }: Row): string {
  const { scenario, number, boundary, stopping } = task
  const head = `${scenario.name.padEnd(26)} ${String(number).padStart(3)}  ${boundary.padEnd(58)}`
  return `${head} ${stopping.name}: ${outcomeOf(takeover)}`
}

function outcomeOf(takeover: Takeover): string {
  if (takeover.kind === 'not-reached') return 'not reached'
  const { violations, duplicateSends: doubled, extraPayments: paidAgain, recoveryMs } = takeover
  if (violations.length > 0) return `BROKEN: ${violations.join('; ')}`
  return [
    'whole',
    ...(doubled.length > 0 ? [`${doubled.join(', ')} twice, unknowable`] : []),
    ...(paidAgain > 0 ? [`${paidAgain} paid again`] : []),
    `${recoveryMs} ms`,
  ].join(', ')
}

/** What was broken, with where. */
export function violationsOf({ task, takeover }: Row): string[] {
  const where = `${task.scenario.name}, ${task.stopping.name} at "${task.boundary}"`
  if (takeover.kind === 'not-reached') return [`${where}: not reached`]
  return takeover.violations.map((violation) => `${where}: ${violation}`)
}

/** The table's last lines. */
export function totalsOf(rows: readonly Row[]): string[] {
  const taken = rows.map(({ takeover }) => takeover).filter(({ kind }) => kind === 'taken-over')
  const over = taken.flatMap((takeover) => (takeover.kind === 'taken-over' ? [takeover] : []))
  const brokenTakeovers = over.filter(({ violations }) => violations.length > 0)
  const lostTakeovers = over.filter(({ violations }) =>
    violations.some((each) => each.startsWith('lost')),
  )
  const times = over.map(({ recoveryMs }) => recoveryMs).toSorted((a, b) => a - b)
  const sum = (count: (each: (typeof over)[number]) => number) =>
    over.reduce((total, each) => total + count(each), 0)
  return [
    `stopped ${over.length} times, not reached ${rows.length - over.length}`,
    `lost ${lostTakeovers.length}, broken otherwise ${brokenTakeovers.length - lostTakeovers.length}`,
    `messages twice, unknowable ${sum(({ duplicateSends: doubled }) => doubled.length)}`,
    `stages paid again, in flight ${sum(({ extraPayments: paidAgain }) => paidAgain)}`,
    `recovered within ${times[Math.floor(times.length / 2)]} ms (median), ${times.at(-1)} ms (longest)`,
  ]
}
