/** Runs a piece of work in a slot, once one is free. */
export type InSlot = <T>(work: () => Promise<T>) => Promise<T>

/** Lets so many pieces of work run at once; the others get a slot in the order of their arrival. */
export function slots(count: number): InSlot {
  const waiters: (() => void)[] = []
  let free = count

  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiters.push(resolve))
    try {
      return await work()
    } finally {
      // Pass the slot to the next waiter; freeing it would let a newcomer overtake.
      const next = waiters.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
