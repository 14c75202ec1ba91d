import type { Edit } from '../../lib/domain/diff/word-diff.ts'

/** The text with its edits made; they must be in order and not overlap. */
export function applyEdits(said: string, edits: readonly Pick<Edit, 'patch'>[]): string {
  let text = ''
  let position = 0
  for (const { patch } of edits) {
    text += said.slice(position, patch.from) + patch.text
    position = patch.to
  }
  return text + said.slice(position)
}
