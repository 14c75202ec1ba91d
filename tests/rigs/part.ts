/** How a part of the proof is to run. */
export type PartOptions = {
  /** What chance is drawn from: the same seed draws the same. */
  seed: number
  /** How much of it: 1 is the part's own measure, 2 twice as much. */
  scale: number
  /** Only scenarios with such a word in their name; empty means all. */
  only: readonly string[]
  /** Prints a line at once. */
  write(line: string): void
}

/** A part of the proof: one kind of harm, done to the product again and again. */
export type Part = {
  /** Its name on the command line. */
  name: string
  /** One line of `--help`. */
  about: string
  /** Runs to its end, printing what it finds; returns what was broken of the promise, a line each. */
  run(options: PartOptions): Promise<{ violations: string[] }>
}
