/** A predicate that is true at its first call, and then once in an interval. */
export function every(intervalMs: number, monotonicMs: () => number): () => boolean {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = monotonicMs()
    if (nowMs - lastMs < intervalMs) return false
    lastMs = nowMs
    return true
  }
}
