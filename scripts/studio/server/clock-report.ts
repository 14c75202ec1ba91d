/** Longer than a restart of the functions. */
const CLOCK_SET_MS = 10_000

export type ClockReport = ReturnType<typeof createClockReport>

/** Lets callers wait until the functions' process has set its clock; where it never says so, for a while. */
export function createClockReport() {
  const waiters = new Set<() => void>()

  return {
    next(): Promise<void> {
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiters.delete(end)
          resolve()
        }
        const timer = setTimeout(end, CLOCK_SET_MS)
        waiters.add(end)
      })
    },
    set(): void {
      for (const end of waiters) end()
    },
  }
}
