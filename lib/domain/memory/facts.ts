import { wordsOf } from '../diff/words.ts'
import { factOf } from './fact-check.ts'

/** Facts that are remembered of a learner at once. */
export const MAX_FACTS = 20

/** What is remembered of a learner, in their language. */
export type Fact = { id: number; text: string }

/** What a learner has said in one lesson. */
export type Saying = { lessonId: number; said: string }

/** What a model proposes to remember. It names facts and sayings by their numbers, from 1, in the lists that it was given. */
export type Proposal = {
  /** `replaces` is 0 where a fact contradicts none. */
  facts: readonly { text: string; turn: number; replaces: number }[]
  outdated: readonly number[]
}

/** The facts to add and the ids of those to remove. */
export type FactChanges = {
  added: { text: string; lessonId: number }[]
  removedIds: number[]
}

/**
 * The changes that a proposal makes to the facts. Left out is what is no statement about the learner (`factOf`), what
 * names none of the sayings, and what is remembered already. Where there are too many facts, the oldest give way.
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
  const surplusCount = Math.max(0, stayingFacts.length + newFacts.length - MAX_FACTS)
  for (const { id } of stayingFacts.slice(0, surplusCount)) removedIds.add(id)
  return { added: newFacts, removedIds: [...removedIds] }
}

function idAt(facts: readonly Fact[], number: number): number[] {
  const fact = facts[number - 1]
  return fact === undefined ? [] : [fact.id]
}

/** The words of a text: equal for texts that differ only in punctuation and capitals. */
function wordingOf(text: string): string {
  return wordsOf(text).join(' ')
}
