import fc from 'fast-check'
import { commandLists, type Model, type ModelCommand } from './commands.ts'
import { listsPart } from './lists-part.ts'
import { judge, settle } from './oracle.ts'
import { beginRun, type Figures, noFigures } from './run.ts'
import type { Settings } from './settings.ts'
import { type ModelWorld, openModelWorld, PGLITE_PLAN } from './world.ts'

export type ModelOptions = {
  seed: number
  runs: number
  /** Of one run, at most. */
  commands: number
  /** Real PostgreSQL, with several instances that can be killed; else PGlite with one. */
  isReal: boolean
  /** To repeat the one counterexample that a failure has named. */
  path?: string
  /** After so many milliseconds no further run begins, nor the search for a smaller counterexample. */
  endAfterMs?: number
  /** Takes the violations of every failing run, those of the search for a smaller counterexample included. */
  tell?(line: string): void
}

/**
 * Plays random lists of commands against the product, and checks after each list whether the promise holds.
 *
 * `failure` names the violations of the smallest failing list of commands, and how to repeat it.
 */
export async function proveModel({
  seed,
  runs,
  commands,
  isReal,
  path,
  endAfterMs,
  tell = () => {},
}: ModelOptions): Promise<{ figures: Figures; failure: string | undefined }> {
  const world = await openModelWorld({ isReal, seed })
  const figures = noFigures()
  try {
    const property = fc.asyncProperty(
      arbitrarySettings(isReal),
      commandLists(commands),
      (settings, list) =>
        runOnce(world, figures, settings, list).catch((error: unknown) => {
          tell(`${fc.stringify(settings)} ${fc.stringify(list)}\n${String(error)}`)
          throw error
        }),
    )
    const result = await fc.check(property, {
      seed,
      numRuns: runs,
      ...(path !== undefined && { path }),
      ...(endAfterMs !== undefined && { interruptAfterTimeLimit: endAfterMs }),
    })
    return { figures, failure: result.failed ? failureOf(result) : undefined }
  } finally {
    await world.close()
  }
}

function failureOf<Drawn>(result: fc.RunDetails<Drawn>): string {
  const { errorInstance: error } = result
  return [fc.defaultReportMessage(result), error instanceof Error ? error.message : error].join(
    '\n',
  )
}

/** Draws small plans, and large ones under which no lesson is refused. */
function arbitrarySettings(isReal: boolean): fc.Arbitrary<Settings> {
  if (!isReal) return fc.constant({ plan: PGLITE_PLAN, instances: 1 })
  return fc.record({
    plan: fc.record({ text: fc.constantFrom(1, 3, 20), voice: fc.constantFrom(1, 2, 20) }),
    instances: fc.constantFrom(1, 2),
  })
}

async function runOnce(
  world: ModelWorld,
  figures: Figures,
  settings: Settings,
  list: Iterable<ModelCommand>,
): Promise<void> {
  const run = await beginRun(world, settings)
  try {
    const model: Model = { isReal: world.isReal, deliveries: 0, apiRequests: 0 }
    await fc.asyncModelRun(() => ({ model, real: run }), list)
    await settle(run)
    const violations = await judge(run)
    if (violations.length > 0) throw new Error(violations.join('\n'))
  } finally {
    await run.close()
    for (const name of FIGURES) figures[name] += run.count[name]
  }
}

const FIGURES = Object.keys(noFigures()) as (keyof Figures)[]

/** Lists of commands for one unit of `--scale`. */
const RUNS = 100
const COMMANDS = 40

/** Everything at once, in an order that chance draws and that is made smaller where something breaks. */
export const MODEL = listsPart({
  name: 'model',
  about: 'lists of deliveries, kills, faults and jumps of time, drawn by chance, against a model',
  runs: RUNS,
  longest: `${COMMANDS} commands`,
  prove: (options) => proveModel({ ...options, commands: COMMANDS, isReal: true }),
})
