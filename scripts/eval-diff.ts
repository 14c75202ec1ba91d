import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { diffWords } from '../lib/domain/diff/word-diff.ts'
import { scoreOf } from '../lib/domain/lesson/score.ts'
import { type Agreement, f1, f1WithReplacement, precision, recall } from './eval/agreement.ts'
import { isHeard, parseCorpus, type Sentence } from './eval/corpus.ts'
import {
  type Boundaries,
  boundariesOf,
  roundTripsOf,
  scoreFitOf,
  spokenDiff,
  wordDiff,
} from './eval/measure.ts'
import { plainDiff } from './eval/plain-diff.ts'

const HELP = `Measures the word diff and the score against a corpus of corrected learner sentences.

  node scripts/eval-diff.ts --corpus <file>

The corpus has one JSON object a line: input, gold (corrections), slavic, tokens, and edits over the
tokens as [start, end, type, replacement], one list per correction. GECCC has the material.

Exit code: 0, 1 where applying a diff did not give the correction, 2 where the corpus cannot be read.
`

/** Runs the command, printing figures by `write` and what is wrong by `complain`; returns its exit code. */
export function evalDiff(
  args: string[],
  write: (text: string) => void,
  complain: (text: string) => void,
): number {
  let sentences: Sentence[]
  try {
    const options = { corpus: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
    const { values } = parseArgs({ args, options })
    if (values.help) {
      write(HELP)
      return 0
    }
    if (values.corpus === undefined) throw new Error('--corpus <file> is missing; see --help')
    sentences = readCorpus(values.corpus)
  } catch (error) {
    complain(`eval-diff: ${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  }
  const { exact, all } = roundTripsOf(sentences)
  write(`sentences            ${sentences.length}\n`)
  write(`round trips exact    ${exact} of ${all}\n`)
  write(boundariesTable(sentences))
  write(scoreLines(sentences))
  write(timeLine(sentences))
  return exact === all ? 0 : 1
}

function readCorpus(path: string): Sentence[] {
  const sentences = parseCorpus(readFileSync(path, 'utf8'))
  if (sentences.length === 0) throw new Error(`${path} has no sentences`)
  return sentences
}

function boundariesTable(sentences: readonly Sentence[]): string {
  const slavic = sentences.filter((sentence) => sentence.slavic)
  const others = sentences.filter((sentence) => !sentence.slavic)
  const rows: [string, Boundaries][] = [
    ['word diff', boundariesOf(sentences, wordDiff)],
    ['  Slavic writers', boundariesOf(slavic, wordDiff)],
    ['  other writers', boundariesOf(others, wordDiff)],
    ['heard edits only', boundariesOf(sentences, spokenDiff, isHeard)],
    ['plain diff', boundariesOf(sentences, plainDiff)],
  ]
  return [
    '',
    'Edit boundaries: precision, recall, F1, and F1 with the same replacement, edits pooled; with the',
    'annotator of each sentence that agrees best | with the first annotator of each sentence. Heard edits',
    'leave out punctuation, capitals and white space; the plain diff (longest common subsequence) is to',
    'compare with.',
    ...rows.map(
      ([name, { best, first }]) => `${name.padEnd(20)} ${figures(best)} | ${figures(first)}`,
    ),
    '',
    '',
  ].join('\n')
}

function figures(agreement: Agreement): string {
  return [precision, recall, f1, f1WithReplacement]
    .map((figure) => figure(agreement).toFixed(3))
    .join(' ')
}

function scoreLines(sentences: readonly Sentence[]): string {
  const { correlation, clean, cleanMean, cleanBelow100 } = scoreFitOf(sentences)
  return [
    `score and heard errors per word, Spearman   ${correlation.toFixed(3)}`,
    `mean score of the ${clean} corrections without a heard error   ${cleanMean.toFixed(2)}` +
      ` (${cleanBelow100} below 100)`,
    '',
  ].join('\n')
}

function timeLine(sentences: readonly Sentence[]): string {
  const before = performance.now()
  for (const { input, gold } of sentences) {
    const [corrected = input] = gold
    diffWords(input, corrected)
    scoreOf(input, corrected)
  }
  const perSentence = (performance.now() - before) / sentences.length
  return `diff and score of a sentence   ${perSentence.toFixed(2)} ms\n`
}

if (import.meta.main) {
  process.exitCode = evalDiff(
    process.argv.slice(2),
    (text) => process.stdout.write(text),
    (text) => process.stderr.write(text),
  )
}
