import { wordsOf } from '../diff/words.ts'
import { factOf } from './fact-check.ts'

/** Facts that are remembered of a learner at once. */
export const MAX_FACTS = 20

/** What is remembered of a learner, in their language. */
export type Fact = { id: number; text: string }

/** What a learner has said in one lesson. */
export type Saying = { lessonId: number; said: string }

/** What a model would remember, by the numbers of lists that it was given, from 1: of facts and of what was said. */
export type Proposal = {
  /** `replaces` is 0 where a fact contradicts none. */
  facts: readonly { text: string; turn: number; replaces: number }[]
  outdated: readonly number[]
}

/** What becomes of the facts. */
export type FactChanges = {
  added: { text: string; lessonId: number }[]
  removedIds: number[]
}

/**
 * The changes that a proposal makes: what is no statement about the learner, what was said in none of these lessons, and
 * what is remembered already is left out. Where there are too many facts, the oldest give way.
 */
export function factChanges(
  facts: readonly Fact[],
  sayings: readonly Saying[],
  { facts: proposedFacts, outdated }: Proposal,
  nativeLanguage: string,
): FactChanges {
  const texts = new Set(facts.map(({ text }) => wordingOf(text)))
  const removedIds = new Set(outdated.flatMap((number) => idAt(facts, number)))
  const newFacts: FactChanges['added'] = []
  for (const { text, turn, replaces } of proposedFacts) {
    const saying = sayings[turn - 1]
    const fact = saying && factOf(text, { nativeLanguage, said: saying.said })
    if (fact === undefined || saying === undefined || newFacts.length === MAX_FACTS) continue
    if (texts.has(wordingOf(fact))) continue
    texts.add(wordingOf(fact))
    newFacts.push({ text: fact, lessonId: saying.lessonId })
    for (const id of idAt(facts, replaces)) removedIds.add(id)
  }
  const stayingFacts = facts.filter(({ id }) => !removedIds.has(id))
  const surplus = Math.max(0, stayingFacts.length + newFacts.length - MAX_FACTS)
  for (const { id } of stayingFacts.slice(0, surplus)) removedIds.add(id)
  return { added: newFacts, removedIds: [...removedIds] }
}

function idAt(facts: readonly Fact[], number: number): number[] {
  const fact = facts[number - 1]
  return fact === undefined ? [] : [fact.id]
}

/** The same for texts that differ only in punctuation and capitals. */
function wordingOf(text: string): string {
  return wordsOf(text).join(' ')
}
