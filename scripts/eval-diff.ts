import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { diffWords } from '../lib/domain/diff/word-diff.ts'
import { scoreOf } from '../lib/domain/lesson/score.ts'
import {
  DONE,
  failed,
  main,
  type Outcome,
  type Script,
  type Terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { type Agreement, f1, f1WithReplacement, precision, recall } from './eval/agreement.ts'
import { isHeard, parseCorpus, type Sentence } from './eval/corpus.ts'
import {
  type Boundaries,
  boundariesOf,
  misleadingMarksOf,
  roundTripsOf,
  scoreFitOf,
  spokenDiff,
  wordDiff,
} from './eval/measure.ts'
import { plainDiff } from './eval/plain-diff.ts'

/** `npm run eval:diff`: measures the word diff and the score. */
export const EVAL_DIFF: Script = {
  name: 'npm run eval:diff --',
  help: `Measures the word diff and the score against a corpus of corrected learner sentences.

  node scripts/eval-diff.ts --corpus <file>

The corpus has one JSON object a line: input, gold (corrections), slavic, tokens, and edits over the
tokens as [start, end, type, replacement], one list per correction. GECCC has the material: people wrote
its corrections; its edits were drawn from them by ERRANT, not by hand.

Exit code: 0, 1 where applying a diff did not give the correction, 2 where the corpus cannot be read.`,
  run,
}

async function run(args: string[], { write }: Terminal): Promise<Outcome> {
  const { values } = parseArgs({ args, options: { corpus: { type: 'string' } } })
  if (values.corpus === undefined) return wrongUsage('--corpus <file> is missing.')
  const sentences = readCorpus(values.corpus)
  if (!Array.isArray(sentences)) return sentences

  const { exact: exactCount, all: pairCount } = roundTripsOf(sentences)
  write(`sentences            ${sentences.length}`)
  write(`round trips exact    ${exactCount} of ${pairCount}`)
  write(boundariesTable(sentences))
  write(misleadingLines(sentences))
  write(scoreLines(sentences))
  write(timeLine(sentences))
  return exactCount === pairCount
    ? DONE
    : failed('Applying a diff did not always give the correction.')
}

function readCorpus(path: string): Sentence[] | Outcome {
  try {
    const sentences = parseCorpus(readFileSync(path, 'utf8'))
    return sentences.length > 0 ? sentences : wrongUsage(`${path} has no sentences.`)
  } catch (error) {
    // The message names the file, or the line of it.
    return wrongUsage(error instanceof Error ? error.message : String(error))
  }
}

function boundariesTable(sentences: readonly Sentence[]): string {
  const slavic = sentences.filter((sentence) => sentence.slavic)
  const otherWriters = sentences.filter((sentence) => !sentence.slavic)
  const rows: [string, Boundaries][] = [
    ['word diff', boundariesOf(sentences, wordDiff)],
    ['  Slavic writers', boundariesOf(slavic, wordDiff)],
    ['  other writers', boundariesOf(otherWriters, wordDiff)],
    ['heard edits only', boundariesOf(sentences, spokenDiff, isHeard)],
    ['plain diff', boundariesOf(sentences, plainDiff)],
  ]
  return [
    '',
    'Edit boundaries: precision, recall, F1, and F1 with the same replacement, edits pooled; with the',
    'annotator of each sentence that agrees best | with the first annotator of each sentence. Heard edits',
    'leave out punctuation, capitals, white space and spelling; the plain diff (longest common',
    "subsequence) is to compare with. The annotators' edits are ERRANT's of their corrections.",
    ...rows.map(
      ([name, { best, first }]) => `${name.padEnd(20)} ${figures(best)} | ${figures(first)}`,
    ),
    '',
  ].join('\n')
}

function figures(agreement: Agreement): string {
  return [precision, recall, f1, f1WithReplacement]
    .map((figure) => figure(agreement).toFixed(3))
    .join(' ')
}

function misleadingLines(sentences: readonly Sentence[]): string {
  const { corrections, ...counts } = misleadingMarksOf(sentences)
  const percent = (count: number) => `${count} (${((100 * count) / corrections).toFixed(1)} %)`
  return [
    `Marks that mislead, of ${corrections} corrections with edits:`,
    `a word replaced by one that is struck elsewhere    ${percent(counts.nonsensePairs)}`,
    `a word struck and added, not marked as moved       ${percent(counts.unmarkedMoves)}`,
    `a spoken word on the wrong side of the comma       ${percent(counts.wrongSideOfComma)}`,
    '',
  ].join('\n')
}

function scoreLines(sentences: readonly Sentence[]): string {
  const { correlation, clean, cleanMean, cleanBelow100 } = scoreFitOf(sentences)
  return [
    `score and heard errors per word, Spearman   ${correlation.toFixed(3)}`,
    `mean score of the ${clean} corrections without a heard error   ${cleanMean.toFixed(2)}` +
      ` (${cleanBelow100} below 100)`,
  ].join('\n')
}

function timeLine(sentences: readonly Sentence[]): string {
  const before = performance.now()
  for (const { input, gold } of sentences) {
    const [correction = input] = gold
    diffWords(input, correction)
    scoreOf('voice', input, correction)
  }
  const perSentence = (performance.now() - before) / sentences.length
  return `diff and score of a sentence   ${perSentence.toFixed(2)} ms`
}

if (import.meta.main) await main(EVAL_DIFF)
