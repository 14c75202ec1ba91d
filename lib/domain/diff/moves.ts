import type { Operation } from './align.ts'
import { type Form, isSameLemma, isSlip } from './likeness.ts'

/** How far apart a word may be struck and added to be one that moved, in tokens: about a sentence. */
const FARTHEST_MOVE = 15

/**
 * Finds the words that one operation takes away and another one adds: they moved, farther than an alignment sees, and
 * become operations of their own. What is left of a replacement that they were part of stays one where it can.
 */
export function separateMoves(
  operations: readonly Operation[],
  said: readonly Form[],
  correction: readonly Form[],
): Operation[] {
  const { tokensAway, tokensHere } = movedTokens(operations, said, correction)
  if (tokensAway.size === 0) return [...operations]
  return operations.flatMap((operation) => {
    if (operation.kind === 'match' || operation.kind === 'move') return [operation]
    return split(operation, tokensAway, tokensHere)
  })
}

type Tokens = ReadonlySet<number>

/** The indexes of the tokens that moved, in both texts; each pairs with one of the other. */
function movedTokens(
  operations: readonly Operation[],
  said: readonly Form[],
  correction: readonly Form[],
): { tokensAway: Tokens; tokensHere: Tokens } {
  const [tokensAway, tokensHere] = [new Set<number>(), new Set<number>()]
  const changes = operations.filter(({ kind }) => kind !== 'match' && kind !== 'move')
  const struckTokens = changes.flatMap((operation) =>
    foreignTokens(operation, said, correction, 'said'),
  )
  for (const operation of changes) {
    for (const index of foreignTokens(operation, said, correction, 'correction')) {
      const word = correction[index]
      const origin = struckTokens.find(
        (from) =>
          !tokensAway.has(from) &&
          !isWithin(operation.said, from) &&
          Math.abs(from - operation.said[0]) <= FARTHEST_MOVE &&
          said[from]?.spelling === word?.spelling,
      )
      if (origin === undefined) continue
      tokensAway.add(origin)
      tokensHere.add(index)
    }
  }
  return { tokensAway, tokensHere }
}

/** The words on one side of an operation that have nothing like them on its other side. */
function foreignTokens(
  operation: Operation,
  said: readonly Form[],
  correction: readonly Form[],
  side: 'said' | 'correction',
): number[] {
  const forms = { said, correction }
  const otherSide = side === 'said' ? 'correction' : 'said'
  const counterparts = forms[otherSide].slice(...operation[otherSide])
  const [from, to] = operation[side]
  return Array.from({ length: to - from }, (_, index) => from + index).filter((index) => {
    const form = forms[side][index]
    if (form === undefined || form.class === 'punctuation') return false
    return !counterparts.some(
      (counterpart) => isSlip(form, counterpart) || isSameLemma(form, counterpart),
    )
  })
}

function isWithin([from, to]: Operation['said'], index: number): boolean {
  return index >= from && index < to
}

/** Takes what moved at the edges of an operation from it; where it moved from the middle, nothing is a replacement. */
function split(
  { said, correction }: Operation,
  tokensAway: Tokens,
  tokensHere: Tokens,
): Operation[] {
  const [from, to] = withoutMovedEdges(said, tokensAway)
  const [start, end] = withoutMovedEdges(correction, tokensHere)
  const middle: Operation = {
    kind: kindOf(from, to, start, end),
    said: [from, to],
    correction: [start, end],
  }
  const hasMoved =
    range(from, to).some((at) => tokensAway.has(at)) ||
    range(start, end).some((at) => tokensHere.has(at))
  const [saidStart, saidEnd] = said
  const [correctionStart, correctionEnd] = correction
  return [
    ...unlessEmpty('moved-away', [saidStart, from], [correctionStart, correctionStart]),
    ...unlessEmpty('moved-here', [from, from], [correctionStart, start]),
    ...(hasMoved
      ? takeApart(middle, tokensAway, tokensHere)
      : unlessEmpty(middle.kind, middle.said, middle.correction)),
    ...unlessEmpty('moved-away', [to, saidEnd], [end, end]),
    ...unlessEmpty('moved-here', [saidEnd, saidEnd], [end, correctionEnd]),
  ]
}

/** A run of tokens without those at its start and its end that moved. */
function withoutMovedEdges([start, end]: Operation['said'], movedTokens: Tokens): [number, number] {
  let [from, to] = [start, end]
  while (from < to && movedTokens.has(from)) from += 1
  while (to > from && movedTokens.has(to - 1)) to -= 1
  return [from, to]
}

function unlessEmpty(
  kind: Operation['kind'],
  said: Operation['said'],
  correction: Operation['correction'],
): Operation[] {
  const isEmpty = said[0] === said[1] && correction[0] === correction[1]
  return isEmpty ? [] : [{ kind, said, correction }]
}

/** Every run of moved or of other tokens as an operation of its own, those of said first. */
function takeApart(
  { said, correction }: Operation,
  tokensAway: Tokens,
  tokensHere: Tokens,
): Operation[] {
  const [, saidEnd] = said
  const [correctionStart] = correction
  return [
    ...runsOf(said, tokensAway).map(({ run, isMoved }): Operation => {
      return {
        kind: isMoved ? 'moved-away' : 'delete',
        said: run,
        correction: [correctionStart, correctionStart],
      }
    }),
    ...runsOf(correction, tokensHere).map(({ run, isMoved }): Operation => {
      return { kind: isMoved ? 'moved-here' : 'insert', said: [saidEnd, saidEnd], correction: run }
    }),
  ]
}

function runsOf(
  [from, to]: Operation['said'],
  movedTokens: Tokens,
): { run: [number, number]; isMoved: boolean }[] {
  const runs: { run: [number, number]; isMoved: boolean }[] = []
  for (const at of range(from, to)) {
    const isMoved = movedTokens.has(at)
    const lastRun = runs.at(-1)
    if (lastRun?.isMoved === isMoved) lastRun.run[1] = at + 1
    else runs.push({ run: [at, at + 1], isMoved })
  }
  return runs
}

function kindOf(from: number, to: number, start: number, end: number): Operation['kind'] {
  return from === to ? 'insert' : start === end ? 'delete' : 'replace'
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
