import type { LessonKind } from '../../lib/domain/lesson/lesson.ts'
import { overlap, type Place, placesOf } from './places.ts'

/** What annotators say about a sentence, as a correction of it is judged by. */
export type AnswerKey = {
  readonly kind: LessonKind
  readonly input: string
  /** The places that each annotator changes. */
  readonly annotators: readonly (readonly Place[])[]
  /** Errors that all of them change, in order. */
  readonly agreed: readonly AgreedError[]
  /** Places that some of them leave alone. */
  readonly disputed: readonly Place[]
}

/** An error, by the places that each annotator changes there. */
export type AgreedError = { readonly places: readonly (readonly Place[])[] }

/** The key that annotators' corrections make; with a single one, each change is an error. */
export function answerKey(
  kind: LessonKind,
  input: string,
  corrections: readonly string[],
): AnswerKey {
  const annotators = corrections.map((correction) => placesOf(kind, input, correction))
  const groups = groupsOf(annotators)
  const isAgreed = ({ places }: AgreedError) => places.every((list) => list.length > 0)
  return {
    kind,
    input,
    annotators,
    agreed: groups.filter(isAgreed),
    disputed: groups.filter((group) => !isAgreed(group)).flatMap(({ places }) => places.flat()),
  }
}

/** The key that one of the annotators makes alone, to judge another by. */
export function keyOfOne({ kind, input, annotators }: AnswerKey, annotator: number): AnswerKey {
  const places = annotators[annotator] ?? []
  return {
    kind,
    input,
    annotators: [places],
    agreed: places.map((place) => ({ places: [[place]] })),
    disputed: [],
  }
}

/** Tells whether no annotator changes anything. */
export function isClean({ annotators }: AnswerKey): boolean {
  return annotators.every((places) => places.length === 0)
}

/** Puts places of different annotators together that overlap, by way of others, too. */
function groupsOf(annotators: readonly (readonly Place[])[]): AgreedError[] {
  const otherPlaces = new Map(
    annotators.flatMap((places, annotator) => places.map((place) => [place, annotator] as const)),
  )
  const groups: AgreedError[] = []
  for (const [seed, first] of otherPlaces) {
    const members = new Map([[seed, first]])
    // A map's iteration reaches what is added meanwhile.
    for (const [member, annotator] of members) {
      otherPlaces.delete(member)
      for (const [place, otherPlace] of otherPlaces) {
        if (otherPlace !== annotator && overlap(place, member)) members.set(place, otherPlace)
      }
    }
    const places = annotators.map((list) => list.filter((place) => members.has(place)))
    groups.push({ places })
  }
  return groups.sort((a, b) => startOf(a) - startOf(b))
}

function startOf({ places }: AgreedError): number {
  return Math.min(...places.flat().map(({ start }) => start))
}
