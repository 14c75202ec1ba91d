/** Runs a piece of work when its turn has come. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** Lets so many pieces of work run at once; the others wait, and are let in as they came. */
export function turns(atOnce: number): InTurn {
  const waiting: (() => void)[] = []
  let free = atOnce

  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Handed on, not given back: whoever comes at this moment must not overtake those who wait.
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
