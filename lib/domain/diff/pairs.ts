import { type Form, isSlip, leastCost, substitutionCost } from './likeness.ts'

/** How two lists of tokens compare, by their indexes. */
export type Pairs = {
  isSame(i: number, j: number): boolean
  /** What it costs to take a's token for b's; where that is above the limit, maybe Infinity. */
  cost(i: number, j: number, limit: number): number
  isSlip(i: number, j: number): boolean
}

/** Compares two lists of tokens; every two different words at most once, and only when a caller asks for them. */
export function comparePairs(a: readonly Form[], b: readonly Form[]): Pairs {
  const ids = new Map<string, number>()
  const idOf = ({ text }: Form) => {
    const id = ids.get(text) ?? ids.size
    ids.set(text, id)
    return id
  }
  const idsA = Uint32Array.from(a, idOf)
  const distinctA = ids.size
  const idsB = Uint32Array.from(b, idOf)
  const costs = new Float64Array(distinctA * ids.size).fill(Number.NaN)
  const slips = new Int8Array(costs.length).fill(-1)
  const pairOf = (i: number, j: number) => (idsA[i] ?? 0) * ids.size + (idsB[j] ?? 0)
  return {
    isSame: (i, j) => idsA[i] === idsB[j],
    cost: (i, j, limit) => {
      const pair = pairOf(i, j)
      const cachedCost = costs[pair] ?? Number.NaN
      if (!Number.isNaN(cachedCost)) return cachedCost
      const [said, correction] = [a[i], b[j]]
      if (!said || !correction || leastCost(said, correction) > limit)
        return Number.POSITIVE_INFINITY
      const cost = substitutionCost(said, correction)
      costs[pair] = cost
      return cost
    },
    isSlip: (i, j) => {
      const pair = pairOf(i, j)
      const [said, correction] = [a[i], b[j]]
      if (slips[pair] === -1) slips[pair] = said && correction && isSlip(said, correction) ? 1 : 0
      return slips[pair] === 1
    },
  }
}
