import { align, type Operation } from './align.ts'
import { type Form, formOf } from './likeness.ts'
import { mergeOperations } from './merge.ts'
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
 * The changes that turn said into the corrected text, marked as a teacher would: `jdu do škola` -> `jdu do školy`
 * is `škola` -> `školy`, `nemohla jsem mít` -> `jsem nemohla mít` is one move of two words.
 *
 * In order and not overlapping. Their patches, applied to said, give the corrected text for any two strings,
 * white space included.
 */
export function diffWords(said: string, correctedText: string): Edit[] {
  const a = tokensOf(said)
  const b = tokensOf(correctedText)
  const edits: Edit[] = []
  for (const operation of changes(a, b)) {
    const before = withGap(said, a, operation.said)
    const after = withGap(correctedText, b, operation.correction)
    if (operation.kind === 'match') {
      const token = textOf(said, a, operation.said)
      const [oldSpace, newSpace] = [dropEnd(before.text, token), dropEnd(after.text, token)]
      addSpace(edits, operation.said[0], before.from, oldSpace, newSpace)
    } else {
      edits.push({
        kind: operation.kind,
        start: operation.said[0],
        end: operation.said[1],
        original: textOf(said, a, operation.said),
        replacement: textOf(correctedText, b, operation.correction),
        patch: withoutCommonGap(before, after.text),
      })
    }
  }
  const [oldEnd, newEnd] = [afterLast(said, a), afterLast(correctedText, b)]
  addSpace(edits, a.length, said.length - oldEnd.length, oldEnd, newEnd)
  return edits
}

/** What becomes of each token of said, in order; matches are operations too. */
export function changes(said: readonly Token[], correction: readonly Token[]): Operation[] {
  const [a, b] = [said.map(formOfToken), correction.map(formOfToken)]
  return mergeOperations(align(a, b), a, b)
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

/** The patch that replaces `before` by `text`, without the white space that both begin with. */
function withoutCommonGap(before: Patch, text: string): Patch {
  let gap = 0
  while (gap < text.length && /\s/.test(text[gap] ?? '') && text[gap] === before.text[gap]) gap += 1
  return { from: before.from + gap, to: before.to, text: text.slice(gap) }
}

/** Changes the white space at an offset: as part of the edit that ends there, if one does. */
function addSpace(
  edits: Edit[],
  token: number,
  from: number,
  oldSpace: string,
  newSpace: string,
): void {
  if (oldSpace === newSpace) return
  const last = edits.at(-1)
  const to = from + oldSpace.length
  if (last?.patch.to === from) {
    const patch = { ...last.patch, to, text: last.patch.text + newSpace }
    edits.splice(-1, 1, { ...last, patch })
    return
  }
  const patch = { from, to, text: newSpace }
  edits.push({ kind: 'space', start: token, end: token, original: '', replacement: '', patch })
}

function dropEnd(text: string, end: string): string {
  return text.slice(0, text.length - end.length)
}

function afterLast(text: string, tokens: readonly Token[]): string {
  return text.slice(tokens.at(-1)?.to ?? 0)
}
