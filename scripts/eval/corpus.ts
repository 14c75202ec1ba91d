import { z } from 'zod'
import { spokenEdits } from '../../lib/domain/diff/spoken-edits.ts'

const learnerSentence = z.object({
  input: z.string(),
  /** One correction per annotator. */
  gold: z.array(z.string()).min(1),
  /** Whether the writer's first language is Slavic. */
  slavic: z.boolean().optional(),
  tokens: z.array(z.string()).optional(),
  /** Per annotator, over the tokens: start, end, ERRANT's type, replacement. */
  edits: z.array(z.array(z.tuple([z.int(), z.int(), z.string(), z.string()]))).optional(),
})

const sentence = learnerSentence
  .required()
  .refine(({ gold, edits }) => edits.length === gold.length, {
    path: ['edits'],
    error: 'as many lists of edits are needed as corrections',
  })

/** A learner's sentence with its corrections, and with annotated edits where the corpus has them. */
export type LearnerSentence = z.infer<typeof learnerSentence>
/** A learner's sentence whose corrections are annotated. */
export type Sentence = z.infer<typeof sentence>
export type AnnotatedEdit = Sentence['edits'][number][number]

/** Reads an annotated corpus, one JSON object a line; throws an Error that names the first line that is wrong. */
export function parseCorpus(text: string): Sentence[] {
  return parseLines(text, sentence)
}

/** The same for a corpus that need not be annotated. */
export function parseSentences(text: string): LearnerSentence[] {
  return parseLines(text, learnerSentence)
}

function parseLines<Line>(text: string, schema: z.ZodType<Line>): Line[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [parseLine(line, index + 1, schema)]
  })
}

function parseLine<Line>(line: string, number: number, schema: z.ZodType<Line>): Line {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (cause) {
    throw new Error(`line ${number} is not JSON`, { cause })
  }
  const { data, error } = schema.safeParse(json)
  if (data !== undefined) return data
  const [issue] = error?.issues ?? []
  throw new Error(`line ${number}: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** Tells whether an annotated edit can be heard: not punctuation, capitals, white space or spelling alone. */
export function isHeard(
  [start, end, type, replacement]: AnnotatedEdit,
  { tokens }: Sentence,
): boolean {
  if (/PUNCT|QUOTATION|ORTH/.test(type)) return false
  return spokenEdits(tokens.slice(start, end).join(' '), replacement).length > 0
}
