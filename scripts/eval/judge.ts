import { wordsOf } from '../../lib/domain/diff/words.ts'
import type { AgreedError, AnswerKey } from './answer-key.ts'
import { changedText, isSame, type Place, placesOf, spanOf, touching } from './places.ts'

/** What became of an error that the annotators agree on. */
export type Fate = 'found' | 'found-otherwise' | 'missed'

/** A correction beside the annotators' ones. */
export type Judgement = {
  /** One for each agreed error of the key. */
  fates: Fate[]
  /** Changed places in all. */
  edits: number
  /** Changes where some annotators have one. */
  optional: Place[]
  /** Changes where none has one. */
  invented: Place[]
  /** Changes that delete more words than the errors they overlap have. */
  overreaching: Place[]
}

/** Judges a corrected text by a key. */
export function judge(key: AnswerKey, correctedText: string): Judgement {
  return judgeEdits(key, placesOf(key.kind, key.input, correctedText))
}

/** Judges a correction by the places that it changes. */
export function judgeEdits(key: AnswerKey, edits: readonly Place[]): Judgement {
  const agreedPlaces = key.agreed.flatMap(({ places }) => places.flat())
  const onErrors = touching(edits, agreedPlaces)
  const otherEdits = edits.filter((edit) => !onErrors.includes(edit))
  const optionalEdits = touching(otherEdits, key.disputed)
  const fates = key.agreed.map((error) => fateOf(key, error, edits))
  return {
    fates,
    edits: edits.length,
    optional: optionalEdits,
    invented: otherEdits.filter((edit) => !optionalEdits.includes(edit)),
    overreaching: onErrors.filter((edit) => isOverreach(key, edit)),
  }
}

function fateOf(key: AnswerKey, error: AgreedError, edits: readonly Place[]): Fate {
  const changes = touching(edits, error.places.flat())
  if (changes.length === 0) return 'missed'
  const isFound = error.places.some(
    (places, annotator) =>
      places.every((place) => isAmong(key.kind, place, changes)) ||
      isVeryChange(key, key.annotators[annotator] ?? [], places, edits),
  )
  if (isFound) return 'found'
  return changes.some((edit) => isOverreach(key, edit)) ? 'missed' : 'found-otherwise'
}

/**
 * Tells whether the edits make an annotator's very change at an error: the words there are the same afterwards. The
 * span grows until no edit of either side sticks out of it, because two diffs may cut one change differently.
 */
function isVeryChange(
  { kind, input }: AnswerKey,
  annotator: readonly Place[],
  error: readonly Place[],
  edits: readonly Place[],
): boolean {
  let [theirPlaces, ourPlaces] = [[...error], touching(edits, error)]
  for (;;) {
    const nextTheirs = annotator.filter(
      (place) => theirPlaces.includes(place) || touching([place], ourPlaces).length > 0,
    )
    const nextOurs = edits.filter(
      (place) => ourPlaces.includes(place) || touching([place], nextTheirs).length > 0,
    )
    const hasGrown = nextTheirs.length > theirPlaces.length || nextOurs.length > ourPlaces.length
    ;[theirPlaces, ourPlaces] = [nextTheirs, nextOurs]
    if (!hasGrown) break
  }
  const span = spanOf([...theirPlaces, ...ourPlaces])
  const words = wordsOf(input)
  const targetsOf = (places: readonly Place[]) => String(places.map(({ movedTo }) => movedTo))
  if (targetsOf(theirPlaces.filter(isMove)) !== targetsOf(ourPlaces.filter(isMove))) return false
  return isSame(kind, changedText(words, span, theirPlaces), changedText(words, span, ourPlaces))
}

/** Tells whether an edit deletes more words than the agreed errors have that it overlaps, and no annotator does it. */
function isOverreach({ kind, agreed, annotators }: AnswerKey, edit: Place): boolean {
  if (isMove(edit) || isAmong(kind, edit, annotators.flat())) return false
  const spans = agreed
    .filter(({ places }) => touching([edit], places.flat()).length > 0)
    .map(({ places }) => spanOf(places.flat()))
  const size = spans.reduce((sum, { start, end }) => sum + end - start, 0)
  return edit.end - edit.start - edit.words.length > size
}

/** Tells whether one of the edits changes the same words to the same. */
function isAmong(
  kind: AnswerKey['kind'],
  { start, end, words, movedTo }: Place,
  edits: readonly Place[],
): boolean {
  return edits.some(
    (edit) =>
      edit.start === start &&
      edit.end === end &&
      edit.movedTo === movedTo &&
      isSame(kind, edit.words.join(' '), words.join(' ')),
  )
}

function isMove({ movedTo }: Place): boolean {
  return movedTo !== undefined
}
