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
  let isTaken = false
  operations.forEach((operation, index) => {
    if (isTaken) {
      isTaken = false
      return
    }
    const previousOperation = wideOperations.at(-1)
    const nextOperation = operations[index + 1]
    const isGluedTo = gluedSides(operation, texts, isGlued)
    const leftNeighbour =
      isGluedTo.left && previousOperation?.kind === 'match' ? previousOperation : undefined
    const rightNeighbour =
      isGluedTo.right && nextOperation?.kind === 'match' ? nextOperation : undefined
    if (leftNeighbour !== undefined) wideOperations.pop()
    wideOperations.push(
      leftNeighbour || rightNeighbour
        ? join(leftNeighbour ?? operation, rightNeighbour ?? operation)
        : operation,
    )
    isTaken = rightNeighbour !== undefined
  })
  return wideOperations
}

/** On which sides a change begins or ends with a mark that its neighbour there is glued to. */
function gluedSides(
  { kind, correction: [start, end] }: Operation,
  texts: readonly string[],
  isGlued: IsGlued,
): { left: boolean; right: boolean } {
  if (kind !== 'insert' && kind !== 'replace') return { left: false, right: false }
  const [firstText, lastText] = [texts[start] ?? '', texts[end - 1] ?? '']
  const isBehindNumber = NUMBER.test(texts[start - 1] ?? '')
  const isInTime = lastText === '.' && isBehindNumber && NUMBER.test(texts[end] ?? '')
  return {
    left: isGlued(start) && (JOINING.test(firstText) || (firstText === '.' && isBehindNumber)),
    right: isGlued(end) && (JOINING.test(lastText) || isInTime),
  }
}

/** The replacement from the beginning of one operation to the end of another. */
function join(firstOperation: Operation, lastOperation: Operation): Operation {
  return {
    kind: 'replace',
    said: [firstOperation.said[0], lastOperation.said[1]],
    correction: [firstOperation.correction[0], lastOperation.correction[1]],
  }
}

const NUMBER = /^\p{N}+$/u

/** Marks that join what stands on both sides: hyphens in words, points and colons in times. */
const JOINING = /^[-‐:]$/u
