/** A length of time for a person: `340 ms`, `2.14 s`. */
export function milliseconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`
}

/** A part of a whole, as a percentage without decimals. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((part / whole) * 100)} %`
}

/** Micro-dollars as dollars; what has no known price has none here. */
export function dollars(microUsd: number | null): string {
  return microUsd === null ? 'no price' : `$${(microUsd / 1_000_000).toFixed(6)}`
}
