import assert from 'node:assert/strict'
import fc from 'fast-check'
import { changedWords } from '../../../lib/domain/diff/faithful.ts'
import { withoutSlips } from '../../../lib/domain/diff/slips-of-speech.ts'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { spokenWordsOf } from '../../../lib/domain/diff/spoken-words.ts'
import { diffWords, type Edit } from '../../../lib/domain/diff/word-diff.ts'
import { wordsOf } from '../../../lib/domain/diff/words.ts'
import { findLanguage } from '../../../lib/domain/learner/languages.ts'
import { isOtherLanguage, judgeHearing } from '../../../lib/domain/lesson/hearing.ts'
import { costMicroUsd } from '../../../lib/domain/lesson/prices.ts'
import { scoreOf } from '../../../lib/domain/lesson/score.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { applyEdits } from '../../../scripts/eval/apply-edits.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText, learnersText, saidAndCorrected } from './texts.ts'

/** What the adapters let through of what a provider reports. */
const count = fc.nat(1_000_000_000)

/** The rules, under texts that nobody would say. */
export const DOMAIN_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'hearing',
    fact: 'whatever was heard is a sentence, silence or another language, and none gets longer',
    weight: 100,
    arbitrary: fc.tuple(learnersText(), fc.array(hostileText(4), { maxLength: 3 })),
    holds([text, languages]) {
      const hearing = judgeHearing(text, languages)
      if (hearing.kind === 'czech') assert.equal(hearing.said, text.trim())
      if (hearing.kind === 'czech') assert.ok(wordsOf(hearing.said).length > 0)
      for (const code of [...languages, text]) {
        assert.ok(!isOtherLanguage(code) || findLanguage(code) !== undefined)
      }
    },
  }),
  fuzzTarget({
    name: 'word-diff',
    fact: 'the edits of any two texts turn the one into the other',
    weight: 100,
    arbitrary: saidAndCorrected(),
    holds([said, corrected]) {
      const edits = diffWords(said, corrected)
      assertInOrder(said, edits)
      assert.equal(applyEdits(said, edits), corrected)
    },
  }),
  fuzzTarget({
    name: 'spoken-edits',
    fact: 'with the edits that can be heard a text without slips of speech sounds as the other',
    weight: 100,
    arbitrary: saidAndCorrected(),
    holds([said, corrected]) {
      const edits = spokenEdits(said, corrected)
      assertInOrder(said, edits)
      const [words, correction] = spokenWordsOf(said, corrected)
      if (withoutSlips(said, words, correction).length < words.length) return
      assert.deepEqual(spokenEdits(applyEdits(said, edits), corrected), [])
    },
  }),
  fuzzTarget({
    name: 'score',
    fact: 'any two texts have a whole score from 0 to 100 of words that were counted',
    weight: 100,
    arbitrary: saidAndCorrected(),
    holds([said, corrected]) {
      for (const kind of ['voice', 'text'] as const) {
        const { score, wordsTotal, wordsCorrect } = scoreOf(kind, said, corrected)
        assert.ok(Number.isInteger(score) && score >= 0 && score <= 100, `score ${score}`)
        assert.ok(wordsCorrect >= 0 && wordsCorrect <= wordsTotal, `${wordsCorrect}/${wordsTotal}`)
      }
    },
  }),
  fuzzTarget({
    name: 'faithful-speech',
    fact: 'no more words of any text are changed than there are in the longer one',
    weight: 50,
    arbitrary: saidAndCorrected(),
    holds([asked, spoken]) {
      const changed = changedWords(asked, spoken)
      const longer = Math.max(wordsOf(asked).length, wordsOf(spoken).length)
      assert.ok(Number.isInteger(changed) && changed >= 0 && changed <= longer, `${changed}`)
    },
  }),
  fuzzTarget({
    name: 'storable',
    fact: 'a text that was made storable has nothing that a database refuses, and stays as it is',
    weight: 100,
    arbitrary: hostileText(),
    holds(text) {
      const stored = storable(text)
      assert.ok(stored.isWellFormed() && !stored.includes('\u0000'))
      assert.equal(storable(stored), stored)
    },
  }),
  fuzzTarget({
    name: 'prices',
    fact: 'whatever is used of whatever model costs a whole number that can be stored',
    weight: 50,
    arbitrary: fc.tuple(
      fc.oneof(
        fc.constantFrom('gpt-6-luna', 'gpt-4o-mini-tts', 'whisper-1', '__proto__'),
        hostileText(),
      ),
      fc.record(
        {
          inputTokens: count,
          cachedTokens: count,
          cacheWriteTokens: count,
          outputTokens: count,
          audioOutputTokens: count,
          audioSeconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
          characters: count,
        },
        { requiredKeys: [] },
      ),
    ),
    holds([model, used]) {
      const cost = costMicroUsd(model, used)
      assert.ok(Number.isSafeInteger(cost) && cost >= 0, `${cost}`)
    },
  }),
]

function assertInOrder(said: string, edits: readonly Edit[]): void {
  let done = 0
  for (const { patch } of edits) {
    assert.ok(patch.from >= done && patch.to >= patch.from && patch.to <= said.length)
    done = patch.to
  }
}
