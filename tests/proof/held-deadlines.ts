import { vi } from 'vitest'

export type Deadlines = {
  /** Lets every deadline of so many milliseconds pass that has been set until now. */
  pass(ms: number): void
}

/** Keeps all deadlines of AbortSignal from passing but as told: none strikes because a machine is slow. */
export function holdDeadlines(): Deadlines {
  const held: { ms: number; end: AbortController }[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const end = new AbortController()
    held.push({ ms, end })
    return end.signal
  })
  return {
    pass(ms) {
      for (const each of held) {
        if (each.ms === ms) each.end.abort(new DOMException('It is too late.', 'TimeoutError'))
      }
    },
  }
}
