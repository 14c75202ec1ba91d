import { z } from 'zod'

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
export type Annotated = Sentence['edits'][number][number]

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
  const parsed = sentence.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`line ${number}: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  if (parsed.data.edits.length !== parsed.data.gold.length) {
    throw new Error(
      `line ${number}: ${parsed.data.gold.length} corrections, but edits for another number`,
    )
  }
  return parsed.data
}

/** Tells whether an annotated edit can be heard: not punctuation, capitals or white space alone. */
export function isHeard([, , type]: Annotated): boolean {
  return !/PUNCT|QUOTATION|ORTH/.test(type)
}
