import type { PaidRun, PaidWork, Usage } from '../../lib/app/usage.ts'

const NEVER = new AbortController().signal

/** What a port that calls a provider needs for it; `charges` has what it was charged. */
export function paidWork(signal = NEVER): PaidWork & { charges: Usage[] } {
  const charges: Usage[] = []
  return { signal, charge: (usage) => void charges.push(usage), run: undefined, charges }
}

/** A run that is never frozen, and that nothing ends. */
export const WAKING_RUN: PaidRun = { confirm: async () => {}, whileUnderWay: (call) => call }

/** What calls have cost together, in millionths of a US dollar. */
export function costOf(charges: readonly Usage[]): number {
  return charges.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0)
}
