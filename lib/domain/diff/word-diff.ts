import { align, type Operation } from './align.ts'
import { withGluedNeighbours } from './glued.ts'
import { type Form, formOf } from './likeness.ts'
import { mergeOperations } from './merge.ts'
import { separateMoves } from './moves.ts'
import { spellingOf, typographyOf, withoutDiacritics } from './spelling.ts'
import { isWord, type Token, textOf, tokensOf } from './words.ts'

/** One change from what was said to what is correct. */
export type Edit = {
  /**
   * `typography` where only white space, quotes, dashes or invisible characters differ, nothing to show; `diacritics`
   * where a replaced word differs in its diacritics alone.
   */
  readonly kind: Exclude<Operation['kind'], 'match'> | 'typography' | 'diacritics'
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
  const operations = withGluedNeighbours(
    changes(a.map(formOfToken), b.map(formOfToken)),
    b.map((token) => token.text),
    (index) => index > 0 && b[index]?.from === b[index - 1]?.to,
  )
  for (const operation of operations) {
    const saidPatch = withGap(said, a, operation.said)
    const correctionPatch = withGap(correctedText, b, operation.correction)
    if (operation.kind === 'match') {
      const token = textOf(said, a, operation.said)
      const [oldSpace, newSpace] = [
        dropEnd(saidPatch.text, token),
        dropEnd(correctionPatch.text, token),
      ]
      addSpace(edits, operation.said[0], saidPatch.from, oldSpace, newSpace)
    } else {
      const original = textOf(said, a, operation.said)
      const replacement = textOf(correctedText, b, operation.correction)
      edits.push({
        kind: kindOf(operation.kind, original, replacement),
        start: operation.said[0],
        end: operation.said[1],
        original,
        replacement,
        patch: withoutCommonGap(saidPatch, correctionPatch.text),
      })
    }
  }
  const [oldEnd, newEnd] = [afterLast(said, a), afterLast(correctedText, b)]
  addSpace(edits, a.length, said.length - oldEnd.length, oldEnd, newEnd)
  return edits
}

function kindOf(
  kind: Exclude<Operation['kind'], 'match'>,
  original: string,
  replacement: string,
): Edit['kind'] {
  if (typographyOf(original) === typographyOf(replacement)) return 'typography'
  const isRespelled = kind === 'replace' && isWord(original) && isWord(replacement)
  const hasSameLetters = withoutDiacritics(original) === withoutDiacritics(replacement)
  return isRespelled && hasSameLetters && spellingOf(original) !== spellingOf(replacement)
    ? 'diacritics'
    : kind
}

/** The text with its edits made; they must be in order and not overlap. */
export function withEdits(said: string, edits: readonly Pick<Edit, 'patch'>[]): string {
  let text = ''
  let position = 0
  for (const { patch } of edits) {
    text += said.slice(position, patch.from) + patch.text
    position = patch.to
  }
  return text + said.slice(position)
}

/** What becomes of each token of said, in order; matches are operations too. */
export function changes(said: readonly Form[], correction: readonly Form[]): Operation[] {
  const operations = mergeOperations(align(said, correction), said, correction)
  return separateMoves(operations, said, correction)
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

/** The patch that replaces the text of `saidPatch` by `text`, without the white space that both begin with. */
function withoutCommonGap(saidPatch: Patch, text: string): Patch {
  let gap = 0
  while (gap < text.length && /\s/.test(text[gap] ?? '') && text[gap] === saidPatch.text[gap])
    gap += 1
  return { from: saidPatch.from + gap, to: saidPatch.to, text: text.slice(gap) }
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
  const lastEdit = edits.at(-1)
  const to = from + oldSpace.length
  if (lastEdit?.patch.to === from) {
    const patch = { ...lastEdit.patch, to, text: lastEdit.patch.text + newSpace }
    edits.splice(-1, 1, { ...lastEdit, patch })
    return
  }
  const patch = { from, to, text: newSpace }
  edits.push({ kind: 'typography', start: token, end: token, original: '', replacement: '', patch })
}

function dropEnd(text: string, end: string): string {
  return text.slice(0, text.length - end.length)
}

function afterLast(text: string, tokens: readonly Token[]): string {
  return text.slice(tokens.at(-1)?.to ?? 0)
}
