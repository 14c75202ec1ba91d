import { secretsIn } from '../invariants.ts'
import type { PartOptions } from '../part.ts'
import type { Scenario } from './scenario-steps.ts'
import { SCENARIOS } from './scenarios.ts'
import { crossingsOf, type Stopping, takeOver } from './takeover.ts'
import { openPair, type Pair, type Victim } from './takeover-pair.ts'
import { lineOf, type Row, type Task, totalsOf, violationsOf } from './takeover-table.ts'
import { errorsIn } from './takeover-watch.ts'

/** Pairs that two cores can run at once: each waits most of its time for a lease to lapse. */
const PAIRS = 3
/** Attempts to stop at a crossing: not every run reaches it, since the order of concurrent calls varies. */
const TRIES = 4

/** Where a scenario is stopped, of all its crossings, and how. */
export type Selection = (
  crossings: readonly string[],
  scenario: Scenario,
) => { crossing: string; stopping: Stopping }[]

/**
 * Stops processes at the selected crossings of each scenario, and prints the outcome. The crossings
 * are those that all of `dryRuns` undisturbed runs have in common.
 */
export async function atCrossings(
  select: Selection,
  {
    scenarios,
    write,
    dryRuns = 2,
  }: { scenarios: readonly Scenario[]; dryRuns?: number } & Pick<PartOptions, 'write'>,
): Promise<{ violations: string[]; rows: Row[] }> {
  const pairs = await Promise.all(Array.from({ length: PAIRS }, openPair))
  try {
    const tasks = await listTasks(pairs, scenarios, select, dryRuns, write)
    const rows: Row[] = []
    const tries = new Map<Task, number>()
    await Promise.all(
      pairs.map((pair) =>
        work(pair, tasks, tries, (row) => {
          rows.push(row)
          write(lineOf(row))
        }),
      ),
    )
    for (const line of totalsOf(rows)) write(line)
    return { rows, violations: [...rows.flatMap(violationsOf), ...pairs.flatMap(outputProblems)] }
  } finally {
    await Promise.all(pairs.map((pair) => pair.close()))
  }
}

/** The scenarios with one of these words in their name; all where no word is given. */
export function scenariosWith(words: readonly string[]): Scenario[] {
  return SCENARIOS.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  )
}

/** The tasks at the selected crossings of each scenario. */
async function listTasks(
  pairs: readonly Pair[],
  scenarios: readonly Scenario[],
  select: Selection,
  dryRuns: number,
  write: (line: string) => void,
): Promise<Task[]> {
  const queue = [...scenarios.entries()]
  const tasks: Task[][] = []
  const enumerate = async (pair: Pair) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, scenario] = next
      const runs: string[][] = []
      while (runs.length < dryRuns) runs.push(await crossingsOf(pair, scenario))
      const [crossings = []] = runs.map((run) =>
        run.filter((crossing) => runs.every((otherRun) => otherRun.includes(crossing))),
      )
      const rareCrossings = new Set(runs.flat().filter((crossing) => !crossings.includes(crossing)))
      write(`${scenario.name}: ${crossings.length} crossings`)
      if (rareCrossings.size > 0) write(`  not in every run: ${[...rareCrossings].join(', ')}`)
      tasks[index] = select(crossings, scenario).map(({ crossing, stopping }) => {
        return { scenario, crossing, stopping, number: crossings.indexOf(crossing) + 1 }
      })
    }
  }
  await Promise.all(pairs.map(enumerate))
  return tasks.flat()
}

/** Takes tasks until none is left; the next process starts while the survivor is still at work. */
async function work(
  pair: Pair,
  tasks: Task[],
  tries: Map<Task, number>,
  report: (row: Row) => void,
): Promise<void> {
  const begin = () => {
    const task = tasks.shift()
    if (task === undefined) return undefined
    const { scenario, crossing, stopping } = task
    const victim = pair.startVictim(scenario, { crossing, signal: stopping.signal })
    // The victim is awaited only after the present one: until then its failure must not count as unhandled.
    victim.catch(() => {})
    return { task, victim }
  }
  let next: { task: Task; victim: Promise<Victim> } | undefined = begin()
  while (next !== undefined) {
    const { task, victim } = next
    next = undefined
    const takeover = await takeOver(pair, task, await victim, () => {
      next = begin()
    })
    const tryCount = (tries.get(task) ?? 0) + 1
    tries.set(task, tryCount)
    if (takeover.kind === 'not-reached' && tryCount < TRIES) {
      tasks.push(task)
      next ??= begin()
    } else report({ task, takeover })
  }
}

/** Secrets printed by any process, and errors logged by the survivor, whose neighbours had no fault. */
function outputProblems({ world, survivor }: Pair): string[] {
  const errors = errorsIn(survivor.output())
  return [
    ...secretsIn(world.output(), world.secrets).map((name) => `${name} was printed`),
    ...errors.slice(0, 5).map((error) => `the survivor has logged an error: ${error}`),
  ]
}
