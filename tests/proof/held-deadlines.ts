import { vi } from 'vitest'

export type Deadlines = {
  /** Lets every deadline of so many milliseconds pass that has been set until now. */
  pass(ms: number): void
}

/** Holds all deadlines of AbortSignal until `pass` ends them: none passes because a machine is slow. */
export function holdDeadlines(): Deadlines {
  const heldDeadlines: { ms: number; end: AbortController }[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const end = new AbortController()
    heldDeadlines.push({ ms, end })
    return end.signal
  })
  return {
    pass(ms) {
      for (const deadline of heldDeadlines) {
        if (deadline.ms === ms)
          deadline.end.abort(new DOMException('It is too late.', 'TimeoutError'))
      }
    },
  }
}
