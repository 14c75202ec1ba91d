import type { Step } from './align.ts'
import { type Form, isSlip } from './likeness.ts'

/**
 * Joins the steps of an alignment that a teacher would mark as one mistake.
 *
 * ERRANT's rules (Bryant, Felice, Briscoe, ACL 2017), in the order in which they are tried on steps
 * that stand next to each other. Together: a word and the capital that went with it at the
 * start (`Kočka` -> `Ta kočka`), punctuation with the capital behind it, words written apart
 * or as one, words of one closed class. Apart: two replacements, and a replacement that is a slip
 * from its neighbour. What is left goes together if a content word is in it. Moves and matches stay alone.
 */
export function mergeSteps(
  steps: readonly Step[],
  said: readonly Form[],
  correction: readonly Form[],
): Step[] {
  const mergedSteps: Step[] = []
  let run: Side[] = []
  const close = () => {
    mergedSteps.push(...mergeRun(run))
    run = []
  }
  for (const step of steps) {
    if (step.kind === 'match' || step.kind === 'move') {
      close()
      mergedSteps.push(step)
    } else {
      run.push({
        step,
        said: said.slice(...step.said),
        correction: correction.slice(...step.correction),
      })
    }
  }
  close()
  return mergedSteps
}

/** A step with its tokens at hand. */
type Side = { step: Step; said: readonly Form[]; correction: readonly Form[] }

function mergeRun(run: readonly Side[]): Step[] {
  const mergedSteps: Step[] = []
  let loose: Side[] = []
  for (let at = 0; at < run.length; ) {
    const length = lengthOfUnit(run, at)
    const unit = run.slice(at, at + Math.max(1, length))
    const [first] = unit
    const previous = loose.at(-1)
    if (length > 0 || (previous && first && isApart(previous, first))) {
      mergedSteps.push(...mergeLoose(loose))
      loose = []
    }
    if (length > 0) mergedSteps.push(join(unit))
    else loose.push(...unit)
    at += unit.length
  }
  return [...mergedSteps, ...mergeLoose(loose)]
}

/** The most steps that one unit is looked for in. */
const LONGEST_UNIT = 6

/** How many steps from here on make one unit, whose parts a teacher never marks apart; or 0. */
function lengthOfUnit(run: readonly Side[], at: number): number {
  for (let length = Math.min(LONGEST_UNIT, run.length - at); length > 1; length -= 1) {
    if (isUnit(run.slice(at, at + length), at === 0)) return length
  }
  return 0
}

function isUnit(sides: readonly Side[], startsRun: boolean): boolean {
  if (!sides.some(({ step }) => step.kind === 'replace')) return false
  const said = sides.flatMap((side) => side.said)
  const correction = sides.flatMap((side) => side.correction)
  const classes = new Set([...said, ...correction].map((form) => form.class))
  return (
    isCaseUnit(said, correction, sides.length, startsRun) ||
    letters(said) === letters(correction) ||
    (said.length !== correction.length && classes.size === 1 && !classes.has('content'))
  )
}

function isCaseUnit(
  said: readonly Form[],
  correction: readonly Form[],
  steps: number,
  startsRun: boolean,
): boolean {
  if (said.at(-1)?.sound !== correction.at(-1)?.sound) return false
  const hidesFirst =
    (said.length === 1 && isCapital(correction[0])) ||
    (correction.length === 1 && isCapital(said[0]))
  const afterPunctuation =
    said.at(-2)?.class === 'punctuation' || correction.at(-2)?.class === 'punctuation'
  return (startsRun && hidesFirst) || (steps === 2 && afterPunctuation)
}

function isCapital(form: Form | undefined): boolean {
  return form !== undefined && /^\p{Lu}/u.test(form.text)
}

function letters(forms: readonly Form[]): string {
  return forms.map((form) => form.sound.replace(/['-]/g, '')).join('')
}

function isApart(side: Side, next: Side): boolean {
  const kinds = [side.step.kind, next.step.kind]
  if (kinds.every((kind) => kind === 'replace')) return true
  return [side, next].some(({ step, said: [a], correction: [b] }) => {
    return step.kind === 'replace' && a !== undefined && b !== undefined && isSlip(a, b)
  })
}

function mergeLoose(sides: readonly Side[]): Step[] {
  const kinds = new Set(sides.map(({ step }) => step.kind))
  const forms = sides.flatMap(({ said, correction }) => [...said, ...correction])
  const belongs = kinds.has('replace')
    ? forms.some((form) => form.class === 'content')
    : kinds.size === 1
  return sides.length > 1 && belongs ? [join(sides)] : sides.map(({ step }) => step)
}

function join(sides: readonly Side[]): Step {
  const steps = sides.map(({ step }) => step)
  const said: [number, number] = [steps[0]?.said[0] ?? 0, steps.at(-1)?.said[1] ?? 0]
  const correction: [number, number] = [
    steps[0]?.correction[0] ?? 0,
    steps.at(-1)?.correction[1] ?? 0,
  ]
  const kind =
    said[0] === said[1] ? 'insert' : correction[0] === correction[1] ? 'delete' : 'replace'
  return { kind, said, correction }
}
