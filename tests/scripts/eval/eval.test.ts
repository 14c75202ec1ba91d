import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runScript } from '../../../scripts/cli/command-line.ts'
import { EVAL } from '../../../scripts/eval.ts'
import type { RawAnswer } from '../../../scripts/studio/openai/faults.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { typeCommand } from '../../support/terminal.ts'
import { sentenceOf } from './recorded-answers.ts'

/** The stand-in corrects the first two, and repeats the others. */
const SENTENCES = [
  sentenceOf(
    'Včera jsem šel do obchod a koupil jsem chleba.',
    'Včera jsem šel do obchodu a koupil jsem chleba.',
  ),
  sentenceOf(
    'Já bydlím v Praha už dva roky.',
    'Bydlím v Praze už dva roky.',
    'Já bydlím v Praze už dva roky.',
  ),
  sentenceOf('Zítra jdu do škola.', 'Zítra jdu do školy.', undefined, {
    slavic: false,
    tokens: ['Zítra', 'jdu', 'do', 'škola', '.'],
    edits: [[[3, 4, 'R:NOUN:INFL', 'školy']], [[3, 4, 'R:NOUN:INFL', 'školy']]],
  }),
  sentenceOf('Rád čtu knihy.', 'Rád čtu knihy.'),
  { input: 'Jednou opravená věta.', gold: ['Jednou opravená věta.'] },
]

let openai: OpenaiStandIn
let folder = ''
beforeAll(async () => {
  openai = await startOpenai()
})
beforeEach(() => {
  openai.recover()
  folder = mkdtempSync(join(tmpdir(), 'eval-'))
  writeFileSync(
    join(folder, 'corpus.jsonl'),
    SENTENCES.map((line) => JSON.stringify(line)).join('\n'),
  )
  return () => rmSync(folder, { recursive: true })
})
afterAll(() => openai.stop())

/** A streamed completion with this answer in it. */
function completionOf(answer: object): RawAnswer {
  const choices = [{ index: 0, delta: { content: JSON.stringify(answer) }, finish_reason: 'stop' }]
  const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 }
  const chunks = [
    { id: 'c', model: 'm', choices },
    { id: 'c', model: 'm', choices: [], usage },
  ].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  return {
    kind: 'answer',
    status: 200,
    body: [...chunks, 'data: [DONE]\n\n'].join(''),
    headers: { 'content-type': 'text/event-stream' },
  }
}

/** Types `npm run eval` with the corpus; `DIR` stands for a folder of its own. */
async function evaluate(args: string, env: NodeJS.ProcessEnv = {}) {
  const before = openai.count('reply')
  const { code, stdout, stderr } = await typeCommand(
    EVAL,
    args.replace('CORPUS', `--corpus ${folder}/corpus.jsonl`).replaceAll('DIR', folder),
    { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: openai.url, ...env },
  )
  const output = stdout.join('\n')
  return {
    code,
    output,
    complaint: stderr.join('\n'),
    asked: openai.count('reply') - before,
    figures: () => JSON.parse(output) as Record<string, unknown>,
  }
}

test('npm run eval --json prints one object with the counts, those of the annotators, and the cost', async () => {
  const { code, figures, asked } = await evaluate('CORPUS --json')
  expect(code).toBe(0)
  expect(asked).toBe(4)
  expect(figures()).toMatchObject({
    model: 'gpt-6-luna',
    kind: 'voice',
    sentences: 4,
    agreed_errors: 3,
    found: 2,
    found_otherwise: 0,
    missed: 1,
    optional_changed: 0,
    invented: 0,
    clean: 1,
    false_alarms: 0,
    listed: 2,
    listed_unbacked: 0,
    over_limit: 0,
    explanations_in_wrong_language: 0,
    unusable: 0,
    guarded: 0,
    invented_forms: 0,
    human: { agreed_errors: 7, found: 6, missed: 1, invented: 1, clean: 2, false_alarms: 0 },
    slices: { 'other writers': { agreed_errors: 1, missed: 1 } },
    error_types: { 'NOUN:INFL': { agreed_errors: 1, missed: 1 } },
    cost_micro_usd: expect.any(Number),
  })
  expect(figures().cost_micro_usd).toBeGreaterThan(0)
})

test('npm run eval asks by the product’s own prompt for the kind, the level and the language', async () => {
  await evaluate('CORPUS --limit 1 --kind text --level advanced --corrections minimal --native uk')
  const request = openai.requests.at(-1)
  const prompt = JSON.stringify(request?.fields)
  expect(prompt).toContain('Level: advanced (B2)')
  expect(prompt).toContain('Corrections: minimal')
  expect(prompt).toContain('Ukrainian')
  expect(prompt).toContain('The learner types')
})

test('npm run eval prints the model beside the other annotator, the goals and the cost', async () => {
  const { output, complaint } = await evaluate('CORPUS')
  expect(output).toMatch(/^ +model +after the guard +other annotator$/m)
  expect(output).toMatch(/^agreed errors +3 +3 +7$/m)
  expect(output).toMatch(
    /^ {2}found: the very change +2 \(66\.7 %\) +2 \(66\.7 %\) +6 \(85\.7 %\)$/m,
  )
  expect(output).toMatch(/95 % interval \(Wilson\) +0\.0 to 79\.3 %/)
  expect(output).toMatch(/false alarms at most 2 % of the clean sentences: reached/)
  expect(output).toMatch(/^cost: \$0\.00\d\d, of which this run paid \$0\.00\d\d$/m)
  expect(complaint).toMatch(/^1 sentences with one correction are left out\.$/m)
  expect(complaint).toMatch(/^4 answers to ask for: about \$0\.\d{4} at most$/m)
  expect(complaint).toMatch(/^\[#{24}\] 4 of 4 {2}\$0\.00\d\d$/m)
})

test('a smaller sample is part of a larger one, so that resuming with a higher limit asks for the rest', async () => {
  expect((await evaluate('CORPUS --limit 2 --record DIR/a')).asked).toBe(2)
  expect((await evaluate('CORPUS --limit 3 --record DIR/a --resume')).asked).toBe(1)
})

test('what is recorded is not paid again, and judged as before', async () => {
  const first = await evaluate('CORPUS --runs 2 --record DIR/a --json')
  const second = await evaluate('CORPUS --runs 2 --record DIR/a --resume --json')
  expect([first.asked, second.asked]).toEqual([8, 0])
  const { paid_now_micro_usd: paid, ...figures } = first.figures()
  expect(paid).toBeGreaterThan(0)
  expect(second.figures()).toEqual({ ...figures, paid_now_micro_usd: 0 })
  expect(figures.judged_alike_in_all_runs).toBe(1)
  const lines = readFileSync(join(folder, 'a/answers.jsonl'), 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(8)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    prompt: expect.stringMatching(/^[0-9a-f]{16}$/),
    model: 'gpt-6-luna',
    sentence: expect.any(String),
    level: 'beginner',
    run: expect.any(Number),
  })
})

test('a sentence that two learners wrote is asked about once, and judged for each', async () => {
  appendFileSync(join(folder, 'corpus.jsonl'), `\n${JSON.stringify(SENTENCES[3])}`)
  const { asked, figures } = await evaluate('CORPUS --json')
  expect(asked).toBe(4)
  expect(figures()).toMatchObject({ sentences: 5, clean: 2 })
})

test('another level, model or prompt is another answer', async () => {
  await evaluate('CORPUS --record DIR/a')
  for (const option of ['--level native', '--corrections detailed', '--kind text', '--native en']) {
    expect((await evaluate(`CORPUS --record DIR/a --resume ${option}`)).asked).toBe(4)
  }
  const env = { CHAT_MODEL: 'gpt-5.6-luna' }
  expect((await evaluate('CORPUS --record DIR/a --resume', env)).asked).toBe(4)
})

test('a line that was left half written is asked for again, and breaks no other', async () => {
  await evaluate('CORPUS --limit 2 --record DIR/a')
  appendFileSync(join(folder, 'a/answers.jsonl'), '{"prompt":"half wri')
  expect((await evaluate('CORPUS --limit 3 --record DIR/a --resume')).asked).toBe(1)
  expect((await evaluate('CORPUS --limit 3 --record DIR/a --resume')).asked).toBe(0)
})

test('a record is not written into without --resume', async () => {
  await evaluate('CORPUS --limit 1 --record DIR/a')
  const { code, complaint, asked } = await evaluate('CORPUS --limit 1 --record DIR/a')
  expect([code, asked]).toEqual([2, 0])
  expect(complaint).toContain('add --resume')
})

test('two records are compared answer by answer', async () => {
  await evaluate('CORPUS --record DIR/a')
  await evaluate('CORPUS --record DIR/b --level native')
  const { code, output } = await evaluate('--compare DIR/a DIR/b')
  expect(code).toBe(0)
  expect(output).toMatch(/^4 pairs of answers/)
  expect(output).toMatch(/^agreed errors, found or missed +3 +0 +0 +p = 1\.0000$/m)
  const json = await evaluate('--compare DIR/a DIR/b --json')
  expect(json.figures()).toMatchObject({ pairs: 4, flips: [] })
})

test('an answer that the tutor declines, or that is unreadable, is counted, recorded and not paid again', async () => {
  openai.failAll('reply', { kind: 'refusal' })
  const declined = await evaluate('CORPUS --limit 1 --record DIR/a --json')
  expect(declined.figures()).toMatchObject({ declined: 1, unreadable: 0, answers: 0 })
  openai.recover()
  openai.failAll('reply', { kind: 'schema-violated' })
  const unreadable = await evaluate('CORPUS --limit 1 --record DIR/b --json')
  expect(unreadable.code).toBe(0)
  expect(unreadable.figures()).toMatchObject({ unreadable: 1, agreed_errors: 0 })
  expect(unreadable.figures().cost_micro_usd).toBeGreaterThan(0)
  openai.recover()
  expect((await evaluate('CORPUS --limit 1 --record DIR/a --resume')).asked).toBe(0)
  expect((await evaluate('CORPUS --limit 1 --record DIR/b --resume')).asked).toBe(0)
})

test('why the tutor asked again is recorded with the answer that it was for', async () => {
  openai.failNext('reply', { kind: 'schema-violated' })
  await evaluate('CORPUS --record DIR/a')
  const lines = readFileSync(join(folder, 'a/answers.jsonl'), 'utf8').trimEnd().split('\n')
  const rejections = lines.map((line) => (JSON.parse(line) as { rejections: string[] }).rejections)
  expect(rejections.flat()).toEqual([expect.stringContaining('corrected_text')])
})

test('npm run eval counts the model’s answers before the guard, and what the guard made of them', async () => {
  const translation = {
    reply: 'Jasně. A co dál?',
    said_language: 'cs',
    doubtful_words: [],
    corrected_text: 'Сегодня я ничего не делал целый день.',
    mistakes: [],
    suggestion: '',
    new_words: [],
  }
  openai.failNext('reply', completionOf(translation))
  const { figures, asked } = await evaluate('CORPUS --limit 1 --record DIR/a --json')
  expect(asked).toBe(2)
  expect(figures()).toMatchObject({
    answers: 1,
    unusable: 1,
    guarded: 1,
    ungraded: 0,
    found: 0,
    after_guard: { answers: 1, unusable: 0, guarded: 0 },
  })
  const again = await evaluate('CORPUS --limit 1 --record DIR/a --resume --json')
  expect(again.asked).toBe(0)
  expect(again.figures()).toMatchObject({ unusable: 1, guarded: 1, found: 0 })
})

test('an answer that fails is missing from the report, and asked for by --resume', async () => {
  openai.failAll('reply', { kind: 'answer', status: 401, body: '{"error":{"message":"no"}}' })
  const { code, complaint, figures } = await evaluate('CORPUS --record DIR/a --json')
  expect(code).toBe(1)
  expect(complaint).toMatch(/Answers missing: 4\. .*, and the rest was not asked/)
  expect(figures()).toMatchObject({ sentences: 0, agreed_errors: 0 })
  openai.recover()
  expect((await evaluate('CORPUS --record DIR/a --resume')).asked).toBe(4)
})

test('an evaluation above a dollar does not begin where nobody can agree to it, and begins with --yes', async () => {
  const env = { CHAT_MODEL: 'gpt-5.6-sol' }
  const { code, complaint, asked } = await evaluate('CORPUS --runs 20', env)
  expect([code, asked]).toEqual([1, 0])
  expect(complaint).toMatch(/about \$\d\.\d\d at most\nThat is more than \$1: add --yes/)
  expect((await evaluate('CORPUS --runs 20 --yes', env)).asked).toBe(80)
})

test.each([
  ['y', 0, 80],
  ['n', 1, 0],
  ['', 1, 0],
])(
  'a person who is asked about more than a dollar and answers "%s" decides',
  async (answer, code, asked) => {
    const before = openai.count('reply')
    const env = {
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: openai.url,
      CHAT_MODEL: 'gpt-5.6-sol',
    }
    const args = ['--corpus', join(folder, 'corpus.jsonl'), '--runs', '20']
    const drawn: string[] = []
    const terminal = {
      env,
      write() {},
      complain() {},
      redraw: (line: string) => void drawn.push(line),
      ask: async () => answer,
    }
    expect(await runScript(EVAL, args, terminal)).toBe(code)
    expect(openai.count('reply') - before).toBe(asked)
    expect(drawn).toHaveLength(asked === 0 ? 0 : asked + 1)
  },
)

test.each([
  ['no corpus', '', /--corpus <file> is missing/],
  ['a corpus that is not there', '--corpus /no/such/corpus', /ENOENT/],
  ['a level that does not exist', 'CORPUS --level expert', /--level is one of/],
  ['no number of runs', 'CORPUS --runs 0', /whole numbers/],
  ['--resume without a record', 'CORPUS --resume', /--record/],
  ['one folder to compare', '--compare DIR/a', /two folders/],
  ['a record that is not there', '--compare DIR/a DIR/b', /is not there/],
  ['a language that no learner has', 'CORPUS --native xx', /--native/],
])('npm run eval with %s ends with 2 and says why', async (_, args, message) => {
  const { code, complaint, asked } = await evaluate(args)
  expect([code, asked]).toEqual([2, 0])
  expect(complaint).toMatch(message)
})

test('npm run eval without a key ends with 1 and names the variable', async () => {
  const { code, complaint } = await evaluate('CORPUS', { OPENAI_API_KEY: '' })
  expect(code).toBe(1)
  expect(complaint).toContain('OPENAI_API_KEY is required, unless CHAT_API_KEY is set')
  expect(existsSync(join(folder, 'answers.jsonl'))).toBe(false)
})
