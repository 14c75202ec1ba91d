import { tokensOf } from '../../lib/domain/diff/words.ts'

/**
 * The plain diff, to compare with: it keeps the longest common subsequence of the tokens, and the differing
 * tokens between two kept ones are one edit.
 */
export function plainDiff(
  said: string,
  correction: string,
): { start: number; end: number; replacement: string }[] {
  const [a, b] = [textsOf(said), textsOf(correction)]
  const edits = []
  let [start, from] = [0, 0]
  for (const [end, to] of [...keptPairs(a, b), [a.length, b.length] as const]) {
    if (end > start || to > from) {
      edits.push({ start, end, replacement: b.slice(from, to).join(' ') })
    }
    ;[start, from] = [end + 1, to + 1]
  }
  return edits
}

function textsOf(text: string): string[] {
  return tokensOf(text).map((token) => token.text)
}

function keptPairs(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  // lengths[i][j]: of the longest common subsequence of a from i and b from j.
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  )
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const length = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
      lengths[i]?.splice(j, 1, length)
    }
  }
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      pairs.push([i, j])
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return pairs
}
