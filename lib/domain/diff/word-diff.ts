import { align, type Step } from './align.ts'
import { type Form, formOf } from './likeness.ts'
import { mergeSteps } from './merge.ts'
import { type Token, textOf, tokensOf } from './words.ts'

/** One change from what was said to what is correct. */
export type Edit = {
  /** `space` where only white space differs: nothing to show. */
  readonly kind: 'replace' | 'delete' | 'insert' | 'move' | 'space'
  /** The tokens of said that it changes (`tokensOf`): [start, end), equal where something is added. */
  readonly start: number
  readonly end: number
  /** What to show: what was said and what stands for it, no white space around. Either may be empty. */
  readonly original: string
  readonly replacement: string
  /** What to apply: said's UTF-16 units [from, to) become `text`, which brings its white space. */
  readonly patch: Patch
}
export type Patch = { readonly from: number; readonly to: number; readonly text: string }

/**
 * The changes that turn said into corrected, marked as a teacher would: `jdu do škola` -> `jdu do školy`
 * is `škola` -> `školy`, `nemohla jsem mít` -> `jsem nemohla mít` is one move of two words.
 *
 * In order and not overlapping. Their patches, applied to said, give corrected for any two strings, white space
 * included.
 */
export function diffWords(said: string, corrected: string): Edit[] {
  const a = tokensOf(said)
  const b = tokensOf(corrected)
  const edits: Edit[] = []
  for (const step of changes(a, b)) {
    const old = withGap(said, a, step.said)
    const wanted = withGap(corrected, b, step.corrected)
    if (step.kind === 'match') {
      const token = textOf(said, a, step.said)
      addSpace(edits, step.said[0], old.from, dropEnd(old.text, token), dropEnd(wanted.text, token))
    } else {
      edits.push({
        kind: step.kind,
        start: step.said[0],
        end: step.said[1],
        original: textOf(said, a, step.said),
        replacement: textOf(corrected, b, step.corrected),
        patch: leavingGap(old, wanted.text),
      })
    }
  }
  const [rest, wantedRest] = [afterLast(said, a), afterLast(corrected, b)]
  addSpace(edits, a.length, said.length - rest.length, rest, wantedRest)
  return edits
}

/** What becomes of each token of said, in order; matches are steps too. */
export function changes(said: readonly Token[], corrected: readonly Token[]): Step[] {
  const [a, b] = [said.map(formOfToken), corrected.map(formOfToken)]
  return mergeSteps(align(a, b), a, b)
}

function formOfToken(token: Token): Form {
  return formOf(token.text)
}

/** Some tokens with the white space before them; nothing, after the token before, where there are none. */
function withGap(
  text: string,
  tokens: readonly Token[],
  [start, end]: readonly [number, number],
): Patch {
  const from = tokens[start - 1]?.to ?? 0
  const to = start === end ? from : (tokens[end - 1]?.to ?? from)
  return { from, to, text: text.slice(from, to) }
}

/** The patch from old to wanted, without the white space that both begin with. */
function leavingGap(old: Patch, wanted: string): Patch {
  let same = 0
  while (same < wanted.length && /\s/.test(wanted[same] ?? '') && wanted[same] === old.text[same]) {
    same += 1
  }
  return { from: old.from + same, to: old.to, text: wanted.slice(same) }
}

/** Changes the white space at an offset: as part of the edit that ends there, if one does. */
function addSpace(edits: Edit[], token: number, from: number, old: string, wanted: string): void {
  if (old === wanted) return
  const last = edits.at(-1)
  const to = from + old.length
  if (last?.patch.to === from) {
    const patch = { ...last.patch, to, text: last.patch.text + wanted }
    edits.splice(-1, 1, { ...last, patch })
    return
  }
  const patch = { from, to, text: wanted }
  edits.push({ kind: 'space', start: token, end: token, original: '', replacement: '', patch })
}

function dropEnd(text: string, end: string): string {
  return text.slice(0, text.length - end.length)
}

function afterLast(text: string, tokens: readonly Token[]): string {
  return text.slice(tokens.at(-1)?.to ?? 0)
}
