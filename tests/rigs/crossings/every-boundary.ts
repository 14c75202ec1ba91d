import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secretsIn } from '../invariants.ts'
import type { PartOptions } from '../part.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import { boundariesOf, type Stopping, takeOver } from './takeover.ts'
import { openPair, type Pair, type Victim } from './takeover-pair.ts'
import { lineOf, type Row, type Task, totalsOf, violationsOf } from './takeover-table.ts'
import { errorsIn } from './takeover-watch.ts'

/** As many as two cores bear: each waits most of its time for a lease to lapse. */
const PAIRS = 3
/** A boundary that a run has not come to is tried so many times; what runs at once is ordered by chance. */
const TRIES = 4

/** Where a scenario is stopped, of all its boundaries, and how. */
export type Selection = (
  boundaries: readonly string[],
  scenario: Scenario,
) => { boundary: string; stopping: Stopping }[]

/**
 * Stops processes at the selected boundaries of each scenario, and prints what came of it. The boundaries
 * are those that so many runs which nothing stops cross alike.
 */
export async function atBoundaries(
  select: Selection,
  { only, write, dryRuns = 2 }: Pick<PartOptions, 'only' | 'write'> & { dryRuns?: number },
): Promise<{ violations: string[]; rows: Row[] }> {
  const scenarios = SCENARIOS.filter(
    ({ name }) => only.length === 0 || only.some((word) => name.includes(word)),
  )
  const cache = mkdtempSync(join(tmpdir(), 'mluv-compiled-'))
  const pairs = await Promise.all(Array.from({ length: PAIRS }, () => openPair(cache)))
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
    rmSync(cache, { recursive: true, force: true })
  }
}

/** The tasks at the selected boundaries of each scenario. */
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
      while (runs.length < dryRuns) runs.push(await boundariesOf(pair, scenario))
      const [boundaries = []] = runs.map((run) =>
        run.filter((boundary) => runs.every((otherRun) => otherRun.includes(boundary))),
      )
      const rareBoundaries = new Set(
        runs.flat().filter((boundary) => !boundaries.includes(boundary)),
      )
      write(`${scenario.name}: ${boundaries.length} boundaries`)
      if (rareBoundaries.size > 0) write(`  not in every run: ${[...rareBoundaries].join(', ')}`)
      tasks[index] = select(boundaries, scenario).map(({ boundary, stopping }) => {
        return { scenario, boundary, stopping, number: boundaries.indexOf(boundary) + 1 }
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
    const victim = pair.startVictim({ boundary: task.boundary, signal: task.stopping.signal })
    // Awaited only after the present one: its failure must not be an unhandled one until then.
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

/** What no process may print: a secret; and the survivor, which saw no fault of its neighbours, an error. */
function outputProblems({ world, survivor }: Pair): string[] {
  const errors = errorsIn(survivor.output())
  return [
    ...secretsIn(world.output(), world.secrets).map((name) => `${name} was printed`),
    ...errors.slice(0, 5).map((error) => `the survivor has logged an error: ${error}`),
  ]
}
