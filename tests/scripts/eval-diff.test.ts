import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreementOf, f1, offsetsOf, precision, recall } from '../../scripts/eval/agreement.ts'
import { parseCorpus } from '../../scripts/eval/corpus.ts'
import { boundariesOf, roundTripsOf, scoreFitOf, wordDiff } from '../../scripts/eval/measure.ts'
import { plainDiff } from '../../scripts/eval/plain-diff.ts'
import { spearman } from '../../scripts/eval/spearman.ts'
import { EVAL_DIFF } from '../../scripts/eval-diff.ts'
import { typeCommand } from '../support/terminal.ts'

const LINES = [
  {
    input: 'Jdu do škola.',
    gold: ['Jdu do obchodu.', 'Jdu do školy.'],
    slavic: true,
    tokens: ['Jdu', 'do', 'škola', '.'],
    edits: [[[1, 3, 'R:OTHER', 'do obchodu']], [[2, 3, 'R:NOUN:INFL', 'školy']]],
  },
  {
    input: 'Mám se dobře',
    gold: ['Mám se dobře.'],
    slavic: false,
    tokens: ['Mám', 'se', 'dobře'],
    edits: [[[3, 3, 'M:PUNCT', '.']]],
  },
  {
    input: 'Já mám bratr',
    gold: ['Já mám bratra'],
    slavic: false,
    tokens: ['Já', 'mám', 'bratr'],
    edits: [[[2, 3, 'R:NOUN:INFL', 'bratra']]],
  },
].map((line) => JSON.stringify(line))
const SENTENCES = parseCorpus(LINES.join('\n'))

describe('eval-diff', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eval-diff-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const run = async (args: string) => {
    const { code, stdout, stderr } = await typeCommand(EVAL_DIFF, args)
    return { exitCode: code, output: stdout.join('\n'), complaint: stderr.join('\n') }
  }
  const corpusOf = (text: string) => {
    const path = join(folder, 'corpus.jsonl')
    writeFileSync(path, text)
    return path
  }

  test('eval-diff prints the figures of a corpus and ends with 0 where every round trip is exact', async () => {
    const { exitCode, output } = await run(`--corpus ${corpusOf(LINES.join('\n'))}`)
    expect(exitCode).toBe(0)
    expect(output).toMatch(/^sentences +3$/m)
    expect(output).toMatch(/^round trips exact +4 of 4$/m)
    expect(output).toMatch(/^word diff +1\.000 1\.000 1\.000 1\.000 \| 0\.667/m)
    expect(output).toMatch(/mean score of the 1 corrections .* 100\.00 \(0 below 100\)/)
  })

  test('eval-diff --help says what it measures', async () => {
    expect(await run('--help')).toEqual({
      exitCode: 0,
      output: expect.stringContaining('eval-diff.ts --corpus'),
      complaint: '',
    })
  })

  test.each([
    ['no corpus', '', /--corpus <file> is missing/],
    ['a corpus that is not there', '--corpus /no/such/corpus', /ENOENT.*\/no\/such\/corpus/],
    ['an option it does not know', '--speed', /--speed/],
  ])('eval-diff with %s ends with 2 and says why', async (_, args, message) => {
    const { exitCode, complaint } = await run(args)
    expect(exitCode).toBe(2)
    expect(complaint).toMatch(message)
  })

  test.each([
    ['is not JSON', 'Jdu do školy', /line 4 is not JSON/],
    ['lacks a field', '{"input":"Jdu"}', /line 4: gold/],
    [
      'has a correction without edits',
      LINES[1]?.replace('[[[3,3,"M:PUNCT","."]]]', '[]'),
      /line 4/,
    ],
  ])('eval-diff with a line that %s ends with 2 and names the line', async (_, line, message) => {
    const { exitCode, complaint } = await run(`--corpus ${corpusOf([...LINES, line].join('\n'))}`)
    expect(exitCode).toBe(2)
    expect(complaint).toMatch(message)
  })

  test('eval-diff with an empty corpus ends with 2', async () => {
    expect(await run(`--corpus ${corpusOf('\n')}`)).toMatchObject({
      exitCode: 2,
      complaint: expect.stringContaining('no sentences'),
    })
  })
})

test('precision is of our marks, recall of theirs, F1 lies between', () => {
  const mark = (from: number, to: number) => ({ from, to, replacement: 'x' })
  const agreement = agreementOf([mark(0, 2), mark(3, 4)], [mark(0, 2), mark(5, 6), mark(7, 8)])
  expect(precision(agreement)).toBeCloseTo(1 / 2)
  expect(recall(agreement)).toBeCloseTo(1 / 3)
  expect(f1(agreement)).toBeCloseTo(2 / 5)
})

test('a mark with another replacement shares the boundaries only', () => {
  const ourMarks = [{ from: 0, to: 2, replacement: 'na shledanou' }]
  const theirMarks = [{ from: 0, to: 2, replacement: 'ahoj' }]
  expect(agreementOf(ourMarks, theirMarks)).toMatchObject({ shared: 1, sameReplacement: 0 })
})

test('no marks on either side agree fully', () => {
  const agreement = agreementOf([], [])
  expect([precision(agreement), recall(agreement), f1(agreement)]).toEqual([1, 1, 1])
})

test('boundaries count letters, so differing tokens agree', () => {
  expect(offsetsOf(['8.30', 'hodin'])[1]).toBe(offsetsOf(['8', '.', '30', 'hodin'])[3])
})

test('Spearman compares ranks, and ties share theirs', () => {
  expect(spearman([1, 2, 3, 4], [10, 20, 300, 4000])).toBeCloseTo(1)
  expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1)
  expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(0.9487, 4)
  expect(spearman([1, 1], [1, 2])).toBeNaN()
})

test('the best annotator of a sentence is the one who marks as we do', () => {
  const { best, first } = boundariesOf(SENTENCES.slice(0, 1), wordDiff)
  expect(best).toEqual({ ours: 1, theirs: 1, shared: 1, sameReplacement: 1 })
  expect(first).toMatchObject({ ours: 1, theirs: 1, shared: 0 })
})

test('every correction is tried, not one of each sentence', () => {
  expect(roundTripsOf(SENTENCES)).toEqual({ exact: 4, all: 4 })
})

test('a correction that changes punctuation only is clean', () => {
  expect(scoreFitOf(SENTENCES)).toMatchObject({ clean: 1, cleanMean: 100, cleanBelow100: 0 })
})

test('the plain diff joins neighbouring differences', () => {
  expect(plainDiff('já jdu do kino dnes', 'jdu na koncert dnes')).toEqual([
    { start: 0, end: 1, replacement: '' },
    { start: 2, end: 4, replacement: 'na koncert' },
  ])
})
