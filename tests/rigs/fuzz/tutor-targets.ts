import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readAnswer, replyFinder } from '../../../lib/adapters/openai/tutor-answer.ts'
import type { ReplySoFar } from '../../../lib/app/lesson/tutor.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { type Change, changes, editedJson } from './json.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

const mistake = fc.record({
  original: hostileText(10),
  corrected: hostileText(10),
  category: fc.constantFrom('case', 'other', 'no such category'),
  explanation_cs: hostileText(10),
  explanation_native: hostileText(10),
})

/** An answer of the right form with hostile content. */
const answer = fc.record({
  reply: hostileText(),
  said_language: fc.oneof(fc.constantFrom('cs', 'uk', ''), hostileText(3)),
  corrected_text: hostileText(),
  mistakes: fc.array(mistake, { maxLength: 3 }),
  suggestion: hostileText(),
  new_words: fc.array(fc.record({ czech: hostileText(5), translation: hostileText(5) }), {
    maxLength: 5,
  }),
})

const KEYS = ['reply', 'corrected_text', 'mistakes', 'new_words', 'original', 'czech']
const changedAnswer = fc
  .tuple(answer, fc.oneof(fc.constant<Change[]>([]), changes(KEYS)))
  .map(([tree, edits]) => editedJson(tree, edits))

/** What models write around an answer: drafts with and without their marks, fences, fields, sentences. */
const wrapping = fc.constantFrom(
  ...[
    '<think>',
    '</think>',
    '[THINK]',
    '[/THINK]',
    '◁think▷',
    '◁/think▷',
    '<thinking>',
    '</Thinking>',
  ],
  ...[
    '```json\n',
    '\n```',
    '{"lesson":',
    '}',
    '[',
    ']',
    'Here: ',
    ' {ok}',
    '\n',
    '{"reply":"náčrt"}',
  ],
  '<|start|>assistant<|channel|>final<|message|>',
)
const wrappings = fc.array(wrapping, { maxLength: 5 }).map((parts) => parts.join(''))

/** What a model may write as its answer: what was asked for, changed, cut off, wrapped, or something else. */
export const modelsText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: changedAnswer },
  {
    weight: 1,
    arbitrary: fc
      .tuple(changedAnswer, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([json, share]) => json.slice(0, Math.floor(json.length * share))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(hostileText(5), changedAnswer, hostileText(5))
      .map((parts) => parts.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(wrappings, changedAnswer, wrappings, changedAnswer, wrappings)
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: hostileText().map((text) => `{"reply" : "${text}`) },
  { weight: 1, arbitrary: hostileText() },
)

/** What is made of a model's answer. */
export const TUTOR_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'tutor-answer',
    fact: 'any answer is read or called unusable, and what is read of it can be stored',
    weight: 100,
    arbitrary: fc.tuple(modelsText, fc.option(hostileText(5), { nil: undefined })),
    holds([content, givenReply]) {
      const read = readAnswer(content, givenReply)
      if (read.kind === 'unusable') {
        // By name and not by what it said.
        for (const issue of read.issues) assert.match(issue, /^[\w. ]*$/)
        return
      }
      const {
        reply,
        mistakes,
        newWords,
        readyAnswers,
        doubtfulWords = [],
        hint = '',
        fault: _,
        ...texts
      } = read.answer
      assert.ok(reply !== '' && texts.correctedText !== '')
      if (givenReply !== undefined) assert.equal(reply, givenReply)
      const listTexts = [...mistakes, ...newWords, ...readyAnswers].flatMap((entry) =>
        Object.values(entry),
      )
      const storedTexts = [
        ...Object.values(texts),
        ...listTexts,
        ...doubtfulWords,
        hint,
        ...(givenReply === undefined ? [reply] : []),
      ]
      for (const text of storedTexts) assert.equal(storable(text), text)
    },
  }),
  fuzzTarget({
    name: 'streamed-reply',
    fact: 'the reply of any answer is the same however it is split into pieces',
    weight: 100,
    arbitrary: fc.tuple(modelsText, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 })),
    holds([content, lengths]) {
      const wholeReply = completeReply(replyFinder()(content))
      const find = replyFinder()
      const violations: string[] = []
      for (let end = 0, piece = 0; end < content.length; piece += 1) {
        end += lengths[piece % lengths.length] ?? 1
        const reply = completeReply(find(content.slice(0, end)))
        if (reply !== undefined) violations.push(reply)
      }
      assert.deepEqual(violations, wholeReply === undefined ? [] : [wholeReply])
      if (wholeReply === undefined) return
      assert.equal(storable(wholeReply), wholeReply)
      const read = readAnswer(content, wholeReply)
      if (read.kind === 'answer') assert.equal(read.answer.reply, wholeReply)
    },
  }),
]

function completeReply(reply: ReplySoFar | undefined): string | undefined {
  return reply?.isComplete && reply.saidLanguage === undefined ? reply.text : undefined
}
