import type { Edit } from '../diff/word-diff.ts'
import { wordsOf } from '../diff/words.ts'
import type { CorrectionsLevel, Learner } from '../learner/learner.ts'
import type { Mistake } from './lesson.ts'

/** How many mistakes a learner is shown at once; the rest is behind a tap. */
export const SHOWN_MISTAKES: Readonly<Record<CorrectionsLevel, number>> = {
  minimal: 1,
  balanced: 3,
  detailed: 8,
}

/** How much of a lesson's correction a learner is shown: at the first steps one mistake, whatever they have chosen. */
export function correctionsShownTo({
  level,
  correctionsLevel,
}: Pick<Learner, 'level' | 'correctionsLevel'>): CorrectionsLevel {
  return level === 'first_steps' ? 'minimal' : correctionsLevel
}

/**
 * The edits that are marked in what was said: as many as the level shows, those of the listed mistakes first, in their
 * order in the text. Typography and diacritics are never marked.
 */
export function shownEdits(
  edits: readonly Edit[],
  mistakes: readonly Mistake[],
  level: CorrectionsLevel,
): Edit[] {
  const visible = edits.filter(({ kind }) => kind !== 'typography' && kind !== 'diacritics')
  // Of a word that moved both places are marked, as one mistake.
  const countable = visible.filter(({ kind }) => kind !== 'moved-away')
  const listed = mistakes.flatMap((mistake) => countable.filter((edit) => isOf(edit, mistake)))
  const chosen = new Set([...new Set([...listed, ...countable])].slice(0, SHOWN_MISTAKES[level]))
  const movedWords = new Set(
    [...chosen].flatMap(({ kind, replacement }) =>
      kind === 'moved-here' ? wordsOf(replacement) : [],
    ),
  )
  return visible.filter(
    (edit) =>
      chosen.has(edit) ||
      (edit.kind === 'moved-away' && wordsOf(edit.original).some((word) => movedWords.has(word))),
  )
}

function isOf({ original, replacement }: Edit, mistake: Mistake): boolean {
  const [before, after] = [wordsOf(mistake.original), wordsOf(mistake.corrected)]
  return (
    wordsOf(original).some((word) => before.includes(word) && !after.includes(word)) ||
    wordsOf(replacement).some((word) => after.includes(word) && !before.includes(word))
  )
}
