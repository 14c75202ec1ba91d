import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerObjects, answerStartFinder } from '../../../lib/adapters/openai/answer-object.ts'
import { readAnswer, replyFinder } from '../../../lib/adapters/openai/tutor-answer.ts'

const ANSWER = { reply: 'Super!', corrected_text: 'Jdu do školy.' }
const JSON_ANSWER = JSON.stringify(ANSWER)
const SKETCH = '{"reply":"Náčrt.","corrected_text":"Náčrt."}'

function read(content: string) {
  const reading = readAnswer(content, undefined)
  return reading.kind === 'answer' ? [reading.answer.reply, reading.answer.correctedText] : []
}

test.each([
  ['as it should be', JSON_ANSWER],
  ['in a fence', `\`\`\`json\n${JSON_ANSWER}\n\`\`\``],
  ['behind a sentence', `Here you are: ${JSON_ANSWER}`],
  ['before a sentence with braces', `${JSON_ANSWER}\nDoes {that} help? {}`],
  ['before a smiley that opens a brace', `${JSON_ANSWER} :-{`],
  ['behind braces that are no JSON', `As {asked}: ${JSON_ANSWER}`],
  ['behind a brace that is not closed', `{ ${JSON_ANSWER}`],
  ['in a field', `{"lesson": ${JSON_ANSWER}}`],
  ['in a field of a field', `{"data": {"lesson": ${JSON_ANSWER}}}`],
  ['in a list', `[${JSON_ANSWER}]`],
  ['in a list in a field', `{"lessons": [${JSON_ANSWER}]}`],
  ['behind an object that is none', `{"status": "ok"} ${JSON_ANSWER}`],
  ['behind a draft', `<think>${SKETCH}</think>${JSON_ANSWER}`],
  ['behind a draft without its opening', `So: ${SKETCH}\n</think>\n\n${JSON_ANSWER}`],
  ['behind a draft that is nothing but a sketch', `${SKETCH}</think>${JSON_ANSWER}`],
  ['behind two drafts', `<think>a ${SKETCH}</think>${SKETCH}<think></think>${JSON_ANSWER}`],
  ['behind a draft of Mistral’s', `[THINK]${SKETCH}[/THINK]${JSON_ANSWER}`],
  ['behind a draft of Kimi’s', `◁think▷${SKETCH}◁/think▷${JSON_ANSWER}`],
  ['behind thoughts', `<Thinking>${SKETCH}</Thinking>\n${JSON_ANSWER}`],
  [
    'in the last channel of gpt-oss',
    `<|channel|>analysis<|message|>${SKETCH}<|end|><|start|>assistant<|channel|>final<|message|>${JSON_ANSWER}`,
  ],
])('an answer is read %s', (_, content) => {
  expect(read(content)).toEqual(['Super!', 'Jdu do školy.'])
})

test.each([
  ['a draft that is not closed', `<think>${SKETCH}`],
  ['a draft without an answer behind it', `<think>${SKETCH}</think>`],
  ['an answer without its correction', '{"reply": "Super!"}'],
  ['a text', 'Super! A co dál?'],
  ['nothing', ''],
])('%s is no answer', (_, content) => {
  expect(read(content)).toEqual([])
})

test('a mark that a learner wrote stays in the answer, and ends no draft', () => {
  const said = `Ahoj </think> {"reply": "x", "corrected_text": "y"}`
  const content = JSON.stringify({ ...ANSWER, corrected_text: said })
  expect(read(content)).toEqual(['Super!', said])
  expect(read(`<think>${SKETCH}</think>${content}`)).toEqual(['Super!', said])
})

test('no letter of a draft is given out while it streams, however it is split', () => {
  const drafts = fc.constantFrom(
    `<think>${SKETCH}</think>`,
    `  <think>\n{"reply": "Ná</think>\n`,
    `Let me think: ${SKETCH}.\n</think>\n\n`,
    `[THINK]${SKETCH}[/THINK]`,
    `◁think▷${SKETCH}◁/think▷`,
    '',
  )
  const wrappedAnswer = fc.constantFrom(
    JSON_ANSWER,
    `\`\`\`json\n${JSON_ANSWER}`,
    `{"a":${JSON_ANSWER}}`,
  )
  fc.assert(
    fc.property(
      drafts,
      wrappedAnswer,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (draft, answer, lengths) => {
        const content = draft + answer
        const find = replyFinder()
        const texts: string[] = []
        for (let end = 0, piece = 0; end < content.length; piece += 1) {
          end += lengths[piece % lengths.length] ?? 1
          const reply = find(content.slice(0, end))
          if (reply !== undefined) texts.push(reply.text)
        }
        expect(texts.every((text) => 'Super!'.startsWith(text))).toBe(true)
        expect(texts.at(-1)).toBe('Super!')
      },
    ),
  )
})

test('an answer that begins with words is held back until it is whole', () => {
  const find = answerStartFinder()
  expect(find(`Here you are: ${JSON_ANSWER}`)).toBeUndefined()
  expect(read(`Here you are: ${JSON_ANSWER}`)).toEqual(['Super!', 'Jdu do školy.'])
})

test.each([
  ['braces', '{'.repeat(60_000)],
  ['marks', '</think>'.repeat(7_500)],
  ['objects', '{}'.repeat(30_000)],
  ['quotes', '{"'.repeat(30_000)],
  ['depth', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
])('an answer of nothing but %s is read in time', (_, content) => {
  // This takes some ten milliseconds; a quadratic search would take minutes, and outlast the test's time.
  expect(read(content)).toEqual([])
})

test('objects come in their order, those inside another one behind it', () => {
  expect(answerObjects('{"a":{"b":{"c":{}}}} {"d":1}')).toEqual([
    { a: { b: { c: {} } } },
    { b: { c: {} } },
    { c: {} },
    { d: 1 },
  ])
})
