import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openaiFactFinder } from '../../../lib/adapters/openai/fact-finder.ts'
import type { Notebook } from '../../../lib/app/memory/memory.ts'
import { MAX_FACT_LENGTH } from '../../../lib/domain/memory/fact-check.ts'
import { factChanges, MAX_FACTS } from '../../../lib/domain/memory/facts.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { changes, editedJson } from './json.ts'
import { resultOf, TOOLS } from './provider.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText, learnersText } from './texts.ts'

const WORK = { signal: new AbortController().signal, charge() {}, run: undefined }
const LESSON_IDS = [3, 4]
const FACTS = Array.from({ length: MAX_FACTS - 1 }, (_, index) => {
  return { id: index + 1, text: `likes the book number ${index}` }
})

/** What a model would have remembered, each part as it should be or changed. */
const proposal = fc
  .tuple(
    fc.array(
      fc.record({
        text: fc.oneof(hostileText(), fc.constantFrom('is called Jana', 'lives in Brno')),
        turn: fc.integer({ min: -1, max: 3 }),
        replaces: fc.integer({ min: -1, max: MAX_FACTS }),
      }),
      { maxLength: 30 },
    ),
    fc.array(fc.integer({ min: -1, max: MAX_FACTS }), { maxLength: 4 }),
    changes(['facts', 'text', 'turn', 'replaces', 'outdated'], 2),
  )
  .map(([facts, outdated, edits]) => editedJson({ facts, outdated }, edits))

/** What is remembered of learners: it goes back into prompts. */
export const MEMORY_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'facts',
    fact: 'of any answer only short lines about lessons that were looked at are kept, and never too many',
    weight: 8,
    arbitrary: fc.tuple(proposal, learnersText()),
    async holds([content, said], subject) {
      const provider = await subject.provider()
      provider.behave({
        answer(response) {
          response.writeHead(200, { 'content-type': 'text/event-stream' })
          response.end(streamOf(content))
        },
      })
      const endpoint = { baseUrl: provider.url, apiKey: 'no-key', extraBody: {} }
      const finder = openaiFactFinder({ endpoint, model: 'gpt-6-luna', ...TOOLS })
      const exchanges = LESSON_IDS.map((lessonId) => ({
        lessonId,
        jobId: 1,
        replyBefore: '',
        said,
      }))
      const learner = { nativeLanguage: 'en' } as Notebook['learner']
      const notebook = { learner, facts: FACTS, exchanges, after: 2, upto: 4 }
      const result = await resultOf(finder.find(notebook, WORK))
      if (result === undefined) return
      const { added, removedIds } = factChanges(FACTS, exchanges, result, 'en')
      for (const { text, lessonId } of added) {
        assert.ok(LESSON_IDS.includes(lessonId))
        assert.ok([...text].length <= MAX_FACT_LENGTH && /^\S(?:[^\p{Cc}]*\S)?$/u.test(text))
        assert.equal(storable(text), text)
      }
      assert.ok(removedIds.every((id) => FACTS.some((fact) => fact.id === id)))
      assert.equal(new Set(removedIds).size, removedIds.length)
      assert.ok(FACTS.length - removedIds.length + added.length <= MAX_FACTS)
    },
  }),
]

function streamOf(content: string): string {
  const chunks = [
    { choices: [{ index: 0, delta: { content }, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ]
  return [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
    .map((data) => `data: ${data}\n\n`)
    .join('')
}
