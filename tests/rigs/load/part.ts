import type { Latency } from '../../../scripts/studio/openai/stand-in.ts'

/** How a part of the load is to run. */
export type LoadOptions = {
  /** Learners who send at once. */
  chats: number
  /** What each of them sends at once, of the part `lessons`. */
  notes: number
  /** Lessons that one process gives at once; undefined means the product's own number. */
  slots: number | undefined
  /** Processes of `npm start`; undefined means the part's own numbers. */
  instances: number | undefined
  /** Jobs that an outage has left. */
  jobs: number
  /** What OpenAI's stand-in takes its time by. */
  latency: Latency
  /** Of each process; the product's own is 20. */
  leaseSeconds: number
  /** How often each statement is measured. */
  repeats: number
  /** Prints a line at once. */
  write(line: string): void
}

/** What became of the jobs that were brought to the product. */
export type Totals = { delivered: number; lost: number; doubled: number }

export type Loaded = {
  totals: Totals
  /** What was broken of the promise, a line each. */
  violations: string[]
}

/** A part of the load: more work than one learner makes, and whether all of it is done, once and in order. */
export type LoadPart = {
  /** As it is typed. */
  name: string
  /** One line of `--help`. */
  about: string
  run(options: LoadOptions): Promise<Loaded>
}

/** The violations whose promise is broken. */
export function brokenOf(
  promises: readonly (readonly [isBroken: boolean, violation: string])[],
): string[] {
  return promises.flatMap(([isBroken, violation]) => (isBroken ? [violation] : []))
}

export const NOTHING: Totals = { delivered: 0, lost: 0, doubled: 0 }

export function sumOf(all: readonly Totals[]): Totals {
  return all.reduce(
    (sum, totals) => ({
      delivered: sum.delivered + totals.delivered,
      lost: sum.lost + totals.lost,
      doubled: sum.doubled + totals.doubled,
    }),
    NOTHING,
  )
}
