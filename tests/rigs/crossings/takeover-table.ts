import type { Scenario } from './scenario-steps.ts'
import type { Stopping, Takeover } from './takeover.ts'

/** One stop of one scenario. */
export type Task = {
  scenario: Scenario
  crossing: string
  stopping: Stopping
  /** Among the scenario's crossings. */
  number: number
}
export type Row = { task: Task; takeover: Takeover }

/** A row of the table. */
export function lineOf({ task, takeover }: Row): string {
  const { scenario, number, crossing, stopping } = task
  const head = `${scenario.name.padEnd(26)} ${String(number).padStart(3)}  ${crossing.padEnd(58)}`
  return `${head} ${stopping.name}: ${outcomeOf(takeover)}`
}

function outcomeOf(takeover: Takeover): string {
  if (takeover.kind === 'not-reached') return 'not reached'
  const { violations, duplicateSends, extraPayments, recoveryMs } = takeover
  if (violations.length > 0) return `BROKEN: ${violations.join('; ')}`
  return [
    'whole',
    ...(duplicateSends.length > 0 ? [`${duplicateSends.join(', ')} twice, unknowable`] : []),
    ...(extraPayments > 0 ? [`${extraPayments} paid again`] : []),
    `${recoveryMs} ms`,
  ].join(', ')
}

/** Chance decides which entries of the journal go together in one statement; each alone has crossings of its own. */
const WRITES_SEVERAL = /^journal: write .+, .+, (?:to be sent|answered) #/

/** The violations of a row, each with its scenario and crossing. */
export function violationsOf({ task, takeover }: Row): string[] {
  const place = `${task.scenario.name}, ${task.stopping.name} at "${task.crossing}"`
  if (takeover.kind === 'not-reached')
    return WRITES_SEVERAL.test(task.crossing) ? [] : [`${place}: not reached`]
  return takeover.violations.map((violation) => `${place}: ${violation}`)
}

/** The table's last lines. */
export function totalsOf(rows: readonly Row[]): string[] {
  const takeovers = rows.flatMap(({ takeover }) =>
    takeover.kind === 'taken-over' ? [takeover] : [],
  )
  const brokenTakeovers = takeovers.filter(({ violations }) => violations.length > 0)
  const lostTakeovers = takeovers.filter(({ violations }) =>
    violations.some((violation) => violation.startsWith('lost')),
  )
  const times = takeovers.map(({ recoveryMs }) => recoveryMs).toSorted((a, b) => a - b)
  const sum = (count: (takeover: (typeof takeovers)[number]) => number) =>
    takeovers.reduce((total, takeover) => total + count(takeover), 0)
  return [
    `stopped ${takeovers.length} times, not reached ${rows.length - takeovers.length}`,
    `lost ${lostTakeovers.length}, broken otherwise ${brokenTakeovers.length - lostTakeovers.length}`,
    `messages twice, unknowable ${sum(({ duplicateSends }) => duplicateSends.length)}`,
    `stages paid again, in flight ${sum(({ extraPayments }) => extraPayments)}`,
    `recovered within ${times[Math.floor(times.length / 2)]} ms (median), ${times.at(-1)} ms (longest)`,
  ]
}
