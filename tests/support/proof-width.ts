/** Whether every row of the proof is played, as by `npm run test:proof`; `npm test` plays a bounded part. */
export const IS_WHOLE_PROOF = process.env.PROOF === 'whole'

/** One number for the whole proof, another for its bounded part. */
export function proofWidth(width: { whole: number; bounded: number }): number {
  return IS_WHOLE_PROOF ? width.whole : width.bounded
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
