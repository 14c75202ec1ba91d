import type { Latency } from '../../../scripts/studio/openai/stand-in.ts'

/** How a part of the benchmark is to run. */
export type PartOptions = {
  /** How often it measures; undefined means the part's own number. */
  runs: number | undefined
  /** Of the part's own measure; below 1 to try it out. */
  scale: number
  /** What OpenAI's stand-in takes its time by. */
  latency: Latency
  /** Lessons in the database that has grown. */
  rows: number
  /** A folder that `.ci/vercel-build` has filled; undefined means to build. */
  output: string | undefined
  /** Prints what was counted, too, not only how much. */
  verbose: boolean
  /** Prints a line at once. */
  write(line: string): void
}

/** One thing that was measured, with each of its values. */
export type Figure = {
  label: string
  unit: string
  values: readonly number[]
  /** What the median may reach. */
  limit?: number
}

export type Measured = {
  figures: Figure[]
  /** What one has to know to read them. */
  notes: string[]
}

/** A part of the benchmark: one question about how fast the product is. */
export type Part = {
  /** As it is typed. */
  name: string
  /** One line of `--help`. */
  about: string
  /** Measures; throws where it cannot. */
  run(options: PartOptions): Promise<Measured>
}
