import { test } from 'vitest'

/** Whether every row of the proof is played, as by `npm run test:proof`; `npm test` plays a bounded part. */
export const IS_WHOLE_PROOF = process.env.PROOF === 'whole'

/** One number for the whole proof, another for its bounded part. */
export function proofWidth(width: { whole: number; bounded: number }): number {
  return IS_WHOLE_PROOF ? width.whole : width.bounded
}

/**
 * A test that only the whole proof plays. The bounded part does not register it, because the gate allows no skipped test;
 * a file or a `describe` needs one other test, as vitest refuses empty ones.
 */
export function wholeProofTest(
  title: string,
  body: () => void | Promise<void>,
  timeoutMs?: number,
): void {
  if (IS_WHOLE_PROOF) test(title, body, timeoutMs)
}

/** All rows in the whole proof, else the first of each kind: always the same ones, and each kind once. */
export function rowsOfProof<Row>(
  rows: readonly Row[],
  kindOf: (row: Row) => unknown,
  isWhole = IS_WHOLE_PROOF,
): Row[] {
  if (isWhole) return [...rows]
  const kinds = rows.map((row) => JSON.stringify(kindOf(row)))
  return rows.filter((_, index) => kinds.indexOf(kinds[index] ?? '') === index)
}
