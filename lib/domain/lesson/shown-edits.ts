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

/** How much of a lesson's correction a learner is shown: at the first steps always one mistake. */
export function correctionsShownTo({
  level,
  correctionsLevel,
}: Pick<Learner, 'level' | 'correctionsLevel'>): CorrectionsLevel {
  return level === 'first_steps' ? 'minimal' : correctionsLevel
}

/**
 * The edits that are marked in what was said, in their order in the text: all of each mistake that the level shows, then
 * single ones until there are as many as it shows. Typography and diacritics are never marked.
 */
export function shownEdits(
  edits: readonly Edit[],
  mistakes: readonly Mistake[],
  level: CorrectionsLevel,
): Edit[] {
  const visible = edits.filter(({ kind }) => kind !== 'typography' && kind !== 'diacritics')
  // Of a word that moved both places are marked, as one mistake.
  const countable = visible.filter(({ kind }) => kind !== 'moved-away')
  const chosenEdits = new Set<Edit>()
  let places = SHOWN_MISTAKES[level]
  for (const mistake of mistakes.slice(0, places)) {
    const newEdits = placeOf(mistake, countable).filter((edit) => !chosenEdits.has(edit))
    if (newEdits.length > 0) places -= 1
    for (const edit of newEdits) chosenEdits.add(edit)
  }
  for (const edit of countable.filter((candidate) => !chosenEdits.has(candidate)).slice(0, places))
    chosenEdits.add(edit)
  const movedWords = new Set(
    [...chosenEdits].flatMap(({ kind, replacement }) =>
      kind === 'moved-here' ? wordsOf(replacement) : [],
    ),
  )
  return visible.filter(
    (edit) =>
      chosenEdits.has(edit) ||
      (edit.kind === 'moved-away' && wordsOf(edit.original).some((word) => movedWords.has(word))),
  )
}

/** The edits of a mistake where most of them stand together, in the room of its words: it may have been made again. */
function placeOf(mistake: Mistake, edits: readonly Edit[]): Edit[] {
  const editsOfMistake = edits.filter((edit) => isOf(edit, mistake))
  const room = Math.max(1, wordsOf(mistake.original).length)
  const places = editsOfMistake.map(({ start }) =>
    editsOfMistake.filter((edit) => edit.start >= start && edit.start < start + room),
  )
  return places.reduce((longest, place) => (place.length > longest.length ? place : longest), [])
}

function isOf({ original, replacement }: Edit, mistake: Mistake): boolean {
  const [originalWords, correctedWords] = [wordsOf(mistake.original), wordsOf(mistake.corrected)]
  return (
    wordsOf(original).some(
      (word) => originalWords.includes(word) && !correctedWords.includes(word),
    ) ||
    wordsOf(replacement).some(
      (word) => correctedWords.includes(word) && !originalWords.includes(word),
    )
  )
}
