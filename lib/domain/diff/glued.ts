import type { Operation } from './align.ts'

/** What tells that no white space stands before a token of a text. */
export type IsGlued = (index: number) => boolean

/**
 * Widens a change of punctuation by what it is glued to: `Nemám li` -> `Nemám-li` and `3 květen` -> `3. května` are one
 * change, for the mark alone (`-`, `.`) is nothing to read.
 *
 * `texts` are the corrected text's tokens.
 */
export function withGluedNeighbours(
  operations: readonly Operation[],
  texts: readonly string[],
  isGlued: IsGlued,
): Operation[] {
  const wideOperations: Operation[] = []
  let skipsNext = false
  operations.forEach((operation, index) => {
    if (skipsNext) {
      skipsNext = false
      return
    }
    const [start, end] = operation.correction
    const [first, last] = [texts[start] ?? '', texts[end - 1] ?? '']
    const isChange = operation.kind === 'insert' || operation.kind === 'replace'
    const previous = wideOperations.at(-1)
    const next = operations[index + 1]
    const pullsLeft =
      isChange &&
      isGlued(start) &&
      previous?.kind === 'match' &&
      (JOINING.test(first) || (first === '.' && NUMBER.test(texts[start - 1] ?? '')))
    const isInTime =
      last === '.' && NUMBER.test(texts[start - 1] ?? '') && NUMBER.test(texts[end] ?? '')
    const pullsRight =
      isChange && (JOINING.test(last) || isInTime) && isGlued(end) && next?.kind === 'match'
    if (pullsLeft) wideOperations.pop()
    wideOperations.push({
      kind: pullsLeft || pullsRight ? 'replace' : operation.kind,
      said: [
        pullsLeft && previous ? previous.said[0] : operation.said[0],
        pullsRight && next ? next.said[1] : operation.said[1],
      ],
      correction: [
        pullsLeft && previous ? previous.correction[0] : start,
        pullsRight && next ? next.correction[1] : end,
      ],
    })
    skipsNext = pullsRight
  })
  return wideOperations
}

const NUMBER = /^\p{N}+$/u

/** Marks that join what stands on both sides: hyphens in words, points and colons in times. */
const JOINING = /^[-‐:]$/u
