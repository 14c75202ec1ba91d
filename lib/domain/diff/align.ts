import type { Form } from './likeness.ts'
import { comparePairs, type Pairs } from './pairs.ts'

/** What stands in the corrected text for some tokens of said; [from, to) on both sides. */
export type Operation = {
  /** `moved-away` and `moved-here`: a word that stands elsewhere in the corrected text, once for each place. */
  readonly kind: 'match' | 'replace' | 'delete' | 'insert' | 'move' | 'moved-away' | 'moved-here'
  readonly said: readonly [from: number, to: number]
  readonly correction: readonly [from: number, to: number]
}

/**
 * Aligns two lists of tokens at the least cost: what was kept, replaced, left out, added, moved.
 *
 * Damerau-Levenshtein over tokens with ERRANT's costs: 1 for a token left out or added, the unlikeness of
 * two tokens for taking one for the other, 1 less than their number for up to six in another order.
 * The operations cover both lists in order. Memory grows with the product of the lengths: above a million
 * (texts of some 6,000 characters, three times the longest a learner may send) what differs is one operation.
 */
export function align(said: readonly Form[], correction: readonly Form[]): Operation[] {
  const [start, end] = commonEnds(said, correction)
  const a = said.slice(start, said.length - end)
  const b = correction.slice(start, correction.length - end)
  const middle = a.length * b.length > MAX_CELLS ? oneReplacement(a, b) : cheapest(a, b)
  return [
    ...matches(0, 0, start),
    ...middle.map((operation) => shift(operation, start)),
    ...matches(said.length - end, correction.length - end, end),
  ]
}

const MAX_CELLS = 1_000_000

function commonEnds(a: readonly Form[], b: readonly Form[]): [start: number, end: number] {
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start]?.text === b[start]?.text) start += 1
  let end = 0
  while (end < shorter - start && a.at(-1 - end)?.text === b.at(-1 - end)?.text) end += 1
  return [start, end]
}

function matches(said: number, correction: number, count: number): Operation[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: 'match',
    said: [said + i, said + i + 1],
    correction: [correction + i, correction + i + 1],
  }))
}

function oneReplacement(a: readonly Form[], b: readonly Form[]): Operation[] {
  return [{ kind: 'replace', said: [0, a.length], correction: [0, b.length] }]
}

function shift({ kind, said, correction }: Operation, by: number): Operation {
  return {
    kind,
    said: [said[0] + by, said[1] + by],
    correction: [correction[0] + by, correction[1] + by],
  }
}

/** How a cell of the table was reached; from MOVE on, a move of so many tokens. */
const DELETE = 0
const INSERT = 1
const MATCH = 2
const REPLACE = 3
const MOVE = 4
const LONGEST_MOVE = 6
/** How many tokens out of its place a word is looked for, on top of the difference in length. */
const FARTHEST = 32

function cheapest(a: readonly Form[], b: readonly Form[]): Operation[] {
  const width = b.length + 1
  const costs = new Float64Array((a.length + 1) * width).fill(Number.POSITIVE_INFINITY)
  const ways = new Uint8Array(costs.length)
  const pairs = comparePairs(a, b)
  const maxAhead = FARTHEST + Math.max(0, b.length - a.length)
  const maxBehind = FARTHEST + Math.max(0, a.length - b.length)
  for (let j = 0; j < width; j += 1) {
    costs[j] = j
    ways[j] = INSERT
  }
  for (let i = 1; i <= a.length; i += 1) {
    costs[i * width] = i
    const [from, to] = [Math.max(1, i - maxBehind), Math.min(b.length, i + maxAhead)]
    for (let j = from; j <= to; j += 1) {
      const cell = i * width + j
      const diagonal = costs[cell - width - 1] ?? 0
      if (pairs.isSame(i - 1, j - 1)) {
        costs[cell] = diagonal
        ways[cell] = MATCH
        continue
      }
      const insertCost = (costs[cell - 1] ?? 0) + 1
      const deleteCost = (costs[cell - width] ?? 0) + 1
      let [way, cost] = deleteCost < insertCost ? [DELETE, deleteCost] : [INSERT, insertCost]
      const replaceCost = diagonal + pairs.cost(i - 1, j - 1, cost - diagonal)
      if (replaceCost <= cost) [way, cost] = [REPLACE, replaceCost]
      const move = moveEndingAt(i, j, cost, costs, width, pairs.isSlip)
      if (move > 0) [way, cost] = [MOVE + move, costOfMove(cell, move, costs, width)]
      costs[cell] = cost
      ways[cell] = way
    }
  }
  return walkBack(ways, a.length, b.length)
}

function walkBack(ways: Uint8Array, rows: number, columns: number): Operation[] {
  const operations: Operation[] = []
  let [i, j] = [rows, columns]
  while (i > 0 || j > 0) {
    const way = ways[i * (columns + 1) + j] ?? DELETE
    const length = way > MOVE ? way - MOVE : 1
    const [fromI, fromJ] = [way === INSERT ? i : i - length, way === DELETE ? j : j - length]
    const kind = KINDS[Math.min(way, MOVE)] ?? 'move'
    operations.push({ kind, said: [fromI, i], correction: [fromJ, j] })
    ;[i, j] = [fromI, fromJ]
  }
  return operations.reverse()
}

const KINDS = ['delete', 'insert', 'match', 'replace', 'move'] as const

/**
 * The length of the shortest row of tokens that ends in this cell, is the same in another order, and costs no
 * more than `limit`; or 0.
 */
function moveEndingAt(
  i: number,
  j: number,
  limit: number,
  costs: Float64Array,
  width: number,
  isSlipAt: Pairs['isSlip'],
): number {
  const cell = i * width + j
  for (let length = 2; length <= Math.min(LONGEST_MOVE, i, j); length += 1) {
    const from = cell - length * (width + 1)
    // A move does not reach back over a match.
    if ((costs[from + width + 1] ?? 0) <= (costs[from] ?? 0)) return 0
    const isCheap = costOfMove(cell, length, costs, width) <= limit
    if (isCheap && isReordered(i - length, j - length, length, isSlipAt)) return length
  }
  return 0
}

function costOfMove(cell: number, length: number, costs: Float64Array, width: number): number {
  return (costs[cell - length * (width + 1)] ?? 0) + length - 1
}

/** Whether the runs pair up word for word, slips allowed, with neither the first nor the last in place. */
function isReordered(
  fromA: number,
  fromB: number,
  length: number,
  isSlipAt: Pairs['isSlip'],
): boolean {
  const lastIndex = length - 1
  const pairUp = (index: number, takenIndexes: number): boolean => {
    if (index < 0) return true
    for (let place = 0; place < length; place += 1) {
      const isInPlace = index === place && (index === 0 || index === lastIndex)
      if (isInPlace || takenIndexes & (1 << place) || !isSlipAt(fromA + index, fromB + place))
        continue
      if (pairUp(index - 1, takenIndexes | (1 << place))) return true
    }
    return false
  }
  return pairUp(lastIndex, 0)
}
