import type { Part } from '../part.ts'

/** A part that plays lists which chance draws, and prints how often each thing came about in them. */
export function listsPart({
  name,
  about,
  runs: runsOfScale,
  longest,
  prove,
}: {
  name: string
  about: string
  /** Lists for one unit of `--scale`. */
  runs: number
  /** How long a list is at most, in words. */
  longest: string
  prove(options: {
    seed: number
    runs: number
    tell(line: string): void
  }): Promise<{ figures: Readonly<Record<string, number>>; failure: string | undefined }>
}): Part {
  return {
    name,
    about,
    async run({ seed, scale, write }) {
      const runs = Math.max(1, Math.round(runsOfScale * scale))
      write(`seed ${seed}: ${runs} lists of at most ${longest}`)
      const { figures, failure } = await prove({ seed, runs, tell: write })
      const counts = Object.entries(figures).map(([figure, count]) => `${figure} ${count}`)
      write(counts.join(', '))
      return { violations: failure === undefined ? [] : [failure] }
    },
  }
}
