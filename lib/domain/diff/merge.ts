import type { Operation } from './align.ts'
import { type Form, isSlip } from './likeness.ts'

/**
 * Joins the operations of an alignment that a teacher would mark as one mistake.
 *
 * ERRANT's rules (Bryant, Felice, Briscoe, ACL 2017), in the order in which they are tried on operations
 * that stand next to each other. Together: a word and the capital that went with it at the
 * start (`Kočka` -> `Ta kočka`), punctuation with the capital behind it, words written apart
 * or as one, words of one closed class. Apart: two replacements, and a replacement that is a slip
 * from its neighbour. What is left goes together if a content word is in it. Moves and matches stay alone.
 */
export function mergeOperations(
  operations: readonly Operation[],
  said: readonly Form[],
  correction: readonly Form[],
): Operation[] {
  const mergedOperations: Operation[] = []
  let group: Change[] = []
  const close = () => {
    mergedOperations.push(...mergeGroup(group))
    group = []
  }
  for (const operation of operations) {
    if (operation.kind === 'match' || operation.kind === 'move') {
      close()
      mergedOperations.push(operation)
    } else {
      group.push({
        operation,
        said: said.slice(...operation.said),
        correction: correction.slice(...operation.correction),
      })
    }
  }
  close()
  return mergedOperations
}

/** An operation with its tokens at hand. */
type Change = { operation: Operation; said: readonly Form[]; correction: readonly Form[] }

function mergeGroup(group: readonly Change[]): Operation[] {
  const mergedOperations: Operation[] = []
  let looseChanges: Change[] = []
  for (let at = 0; at < group.length; ) {
    const length = lengthOfUnit(group, at)
    const unit = group.slice(at, at + Math.max(1, length))
    const [firstChange] = unit
    const previousChange = looseChanges.at(-1)
    if (length > 0 || (previousChange && firstChange && isApart(previousChange, firstChange))) {
      mergedOperations.push(...mergeLoose(looseChanges))
      looseChanges = []
    }
    if (length > 0) mergedOperations.push(join(unit))
    else looseChanges.push(...unit)
    at += unit.length
  }
  return [...mergedOperations, ...mergeLoose(looseChanges)]
}

/** The most operations that one unit is looked for in. */
const LONGEST_UNIT = 6

/** How many operations from here on make one unit, whose parts a teacher never marks apart; or 0. */
function lengthOfUnit(group: readonly Change[], at: number): number {
  for (let length = Math.min(LONGEST_UNIT, group.length - at); length > 1; length -= 1) {
    if (isUnit(group.slice(at, at + length), at === 0)) return length
  }
  return 0
}

function isUnit(changes: readonly Change[], startsGroup: boolean): boolean {
  if (!changes.some(({ operation }) => operation.kind === 'replace')) return false
  const said = changes.flatMap((change) => change.said)
  const correction = changes.flatMap((change) => change.correction)
  const classes = new Set([...said, ...correction].map((form) => form.class))
  return (
    isConditionalUnit(said, correction) ||
    isCaseUnit(said, correction, changes.length, startsGroup) ||
    letters(said) === letters(correction) ||
    (said.length !== correction.length && classes.size === 1 && !classes.has('content'))
  )
}

/** `aby jsme` -> `abychom`, `kdyby jsi` -> `kdybys`: the conjunction holds the form of `být`. */
function isConditionalUnit(said: readonly Form[], correction: readonly Form[]): boolean {
  const [conjunction, auxiliary, ...moreWords] = said
  const [form, ...moreForms] = correction
  return (
    moreWords.length + moreForms.length === 0 &&
    /^(?:aby|kdyby)$/u.test(conjunction?.spelling ?? '') &&
    auxiliary?.class === 'auxiliary' &&
    /^(?:aby|kdyby)(?:ch|s|chom|ste)$/u.test(form?.spelling ?? '')
  )
}

function isCaseUnit(
  said: readonly Form[],
  correction: readonly Form[],
  operationCount: number,
  startsGroup: boolean,
): boolean {
  if (said.at(-1)?.spelling !== correction.at(-1)?.spelling) return false
  const hidesFirst =
    (said.length === 1 && isCapital(correction[0])) ||
    (correction.length === 1 && isCapital(said[0]))
  const isAfterPunctuation =
    said.at(-2)?.class === 'punctuation' || correction.at(-2)?.class === 'punctuation'
  return (startsGroup && hidesFirst) || (operationCount === 2 && isAfterPunctuation)
}

function isCapital(form: Form | undefined): boolean {
  return form !== undefined && /^\p{Lu}/u.test(form.text)
}

function letters(forms: readonly Form[]): string {
  return forms.map((form) => form.spelling.replace(/['-]/g, '')).join('')
}

function isApart(change: Change, nextChange: Change): boolean {
  const kinds = [change.operation.kind, nextChange.operation.kind]
  if (kinds.every((kind) => kind === 'replace')) return true
  return [change, nextChange].some(({ operation, said: [a], correction: [b] }) => {
    return operation.kind === 'replace' && a !== undefined && b !== undefined && isSlip(a, b)
  })
}

function mergeLoose(changes: readonly Change[]): Operation[] {
  const kinds = new Set(changes.map(({ operation }) => operation.kind))
  const forms = changes.flatMap(({ said, correction }) => [...said, ...correction])
  const belongs = kinds.has('replace')
    ? forms.some((form) => form.class === 'content')
    : kinds.size === 1
  return changes.length > 1 && belongs ? [join(changes)] : changes.map(({ operation }) => operation)
}

function join(changes: readonly Change[]): Operation {
  const operations = changes.map(({ operation }) => operation)
  const said: [number, number] = [operations[0]?.said[0] ?? 0, operations.at(-1)?.said[1] ?? 0]
  const correction: [number, number] = [
    operations[0]?.correction[0] ?? 0,
    operations.at(-1)?.correction[1] ?? 0,
  ]
  const kind =
    said[0] === said[1] ? 'insert' : correction[0] === correction[1] ? 'delete' : 'replace'
  return { kind, said, correction }
}
