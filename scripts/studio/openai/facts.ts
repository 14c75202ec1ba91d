import { parseJson } from '../../../lib/domain/json.ts'
import { languageOf } from './answers.ts'
import { fieldOf } from './schema.ts'
import type { Language } from './tutor/rules.ts'

/** What the stand-in would remember, by its request's numbers. */
type Proposal = {
  facts: { text: string; turn: number; replaces: number }[]
  outdated: number[]
}

/** What learners say of themselves in so many words, and how it is noted; a note of the same beginning replaces another. */
const SENTENCES: readonly { said: RegExp; denied?: RegExp; note: Record<Language, string> }[] = [
  {
    said: /Jmenuji se (\p{L}+)/iu,
    note: { ru: 'зовут', uk: 'звати', en: 'is called', cs: 'jméno:' },
  },
  {
    said: /(?<!ne)bydlím v(?:e)? (\p{L}+)/iu,
    denied: /nebydlím/iu,
    note: { ru: 'живёт в', uk: 'живе в', en: 'lives in', cs: 'bydlí v' },
  },
  {
    said: /(?<!ne)pracuj[iu] jako (\p{L}+)/iu,
    denied: /nepracuj[iu]/iu,
    note: { ru: 'работа:', uk: 'робота:', en: 'works as', cs: 'práce:' },
  },
  {
    // One word alone: the next one may be the noun of an adjective.
    said: /Mám ráda? (\p{L}+)(?! ?\p{L})/iu,
    note: { ru: 'любит', uk: 'любить', en: 'likes', cs: 'baví ho či ji' },
  },
]

/** Tells whether an answer's schema is that of facts. */
export function asksForFacts(schema: object): boolean {
  return fieldOf(schema, 'properties', 'outdated') !== undefined
}

/** Finds facts in what the stand-in is given as JSON: the facts so far, and what was said. */
export function factsIn(material: string, systemPrompt: string): Proposal {
  const language = languageOf(systemPrompt)
  const { facts, turns } = readMaterial(parseJson(material))
  const numberOf = (note: string) => facts.findIndex((text) => text.startsWith(note)) + 1
  return {
    facts: turns.flatMap((said, index) =>
      SENTENCES.flatMap((sentence) => {
        const [, word] = sentence.said.exec(said) ?? []
        const note = sentence.note[language]
        if (word === undefined) return []
        return [{ text: `${note} ${word}`, turn: index + 1, replaces: numberOf(note) }]
      }),
    ),
    outdated: SENTENCES.flatMap(({ denied, note }) => {
      const number = numberOf(note[language])
      return number > 0 && turns.some((said) => denied?.test(said)) ? [number] : []
    }),
  }
}

function readMaterial(material: unknown): { facts: string[]; turns: string[] } {
  return {
    facts: list(fieldOf(material, 'facts')).map((fact) => String(fieldOf(fact, 'text'))),
    turns: list(fieldOf(material, 'turns')).map((turn) => String(fieldOf(turn, 'said'))),
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
