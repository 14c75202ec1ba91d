import { z } from 'zod'
import { spokenEdits } from '../../lib/domain/diff/spoken-edits.ts'

const sentence = z.object({
  input: z.string(),
  /** One correction per annotator. */
  gold: z.array(z.string()).min(1),
  /** Whether the writer's first language is Slavic. */
  slavic: z.boolean(),
  tokens: z.array(z.string()),
  /** Per annotator, over the tokens: start, end, ERRANT's type, replacement. */
  edits: z.array(z.array(z.tuple([z.int(), z.int(), z.string(), z.string()]))),
})

/** A learner's sentence with its corrections. */
export type Sentence = z.infer<typeof sentence>
export type AnnotatedEdit = Sentence['edits'][number][number]

/** Reads a corpus, one JSON object a line; throws an Error that names the first line that is wrong. */
export function parseCorpus(text: string): Sentence[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [parseLine(line, index + 1)]
  })
}

function parseLine(line: string, number: number): Sentence {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (cause) {
    throw new Error(`line ${number} is not JSON`, { cause })
  }
  const { data, error } = sentence.safeParse(json)
  if (data === undefined) {
    const [issue] = error.issues
    throw new Error(`line ${number}: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  if (data.edits.length !== data.gold.length) {
    throw new Error(`line ${number}: ${data.gold.length} corrections, but edits for another number`)
  }
  return data
}

/** Tells whether an annotated edit can be heard: not punctuation, capitals, white space or spelling alone. */
export function isHeard(
  [start, end, type, replacement]: AnnotatedEdit,
  { tokens }: Sentence,
): boolean {
  if (/PUNCT|QUOTATION|ORTH/.test(type)) return false
  return spokenEdits(tokens.slice(start, end).join(' '), replacement).length > 0
}
