import assert from 'node:assert/strict'
import fc from 'fast-check'
import { changedWords } from '../../../lib/domain/diff/faithful.ts'
import { withoutSlips } from '../../../lib/domain/diff/slips-of-speech.ts'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { spokenWordsOf } from '../../../lib/domain/diff/spoken-words.ts'
import { diffWords, type Edit, withEdits } from '../../../lib/domain/diff/word-diff.ts'
import { wordsOf } from '../../../lib/domain/diff/words.ts'
import { CITIES } from '../../../lib/domain/learner/cities.ts'
import { findLanguage } from '../../../lib/domain/learner/languages.ts'
import { findZone, findZones, timeIn } from '../../../lib/domain/learner/time-zones.ts'
import { isOtherLanguage, judgeHearing } from '../../../lib/domain/lesson/hearing.ts'
import { costMicroUsd } from '../../../lib/domain/lesson/prices.ts'
import { scoreOf } from '../../../lib/domain/lesson/score.ts'
import { spokenWords } from '../../../lib/domain/lesson/transcript.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText, learnersText, saidAndCorrected } from './texts.ts'

/** What the adapters let through of what a provider reports. */
const count = fc.nat(1_000_000_000)

/** The rules of the domain, under hostile texts. */
export const DOMAIN_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'hearing',
    fact: 'any transcript is a sentence, silence or another language, and none gets longer',
    weight: 100,
    arbitrary: fc.tuple(learnersText(), fc.array(hostileText(4), { maxLength: 3 })),
    holds([text, languages]) {
      const hearing = judgeHearing(text, languages)
      if (hearing.kind === 'czech') assert.equal(hearing.said, spokenWords(text))
      assert.ok(spokenWords(text).length <= text.length)
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
    holds([utterance, correction]) {
      const edits = diffWords(utterance, correction)
      assertInOrder(utterance, edits)
      assert.equal(withEdits(utterance, edits), correction)
    },
  }),
  fuzzTarget({
    name: 'spoken-edits',
    fact: 'with the edits that can be heard a text without slips of speech sounds as the other',
    weight: 100,
    arbitrary: saidAndCorrected(),
    holds([utterance, correctedText]) {
      const edits = spokenEdits(utterance, correctedText)
      assertInOrder(utterance, edits)
      const [words, correction] = spokenWordsOf(utterance, correctedText)
      if (withoutSlips(utterance, words, correction).length < words.length) return
      assert.deepEqual(spokenEdits(withEdits(utterance, edits), correctedText), [])
    },
  }),
  fuzzTarget({
    name: 'score',
    fact: 'any two texts have a whole score from 0 to 100 of words that were counted',
    weight: 100,
    arbitrary: saidAndCorrected(),
    holds([utterance, correction]) {
      for (const kind of ['voice', 'text'] as const) {
        const { score, wordsTotal, wordsCorrect } = scoreOf(kind, utterance, correction)
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
    holds([requestedText, speechText]) {
      const changes = changedWords(requestedText, speechText)
      const longerCount = Math.max(wordsOf(requestedText).length, wordsOf(speechText).length)
      assert.ok(Number.isInteger(changes) && changes >= 0 && changes <= longerCount, `${changes}`)
    },
  }),
  fuzzTarget({
    name: 'time-zone',
    fact: 'whatever is said for a place, six zones at most are meant, each with a time and a button of its own',
    weight: 50,
    arbitrary: fc.tuple(
      fc.oneof(
        hostileText(),
        fc
          .tuple(fc.constantFrom('UTC', 'gmt ', '+', '−', 'Europe/'), hostileText(6))
          .map((parts) => parts.join('')),
        fc.constantFrom(...Object.values(CITIES).flat()),
      ),
      fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
    ),
    holds([words, instant]) {
      const zones = findZones(words, instant)
      assert.ok(zones.length <= 6)
      for (const zone of zones) {
        assert.equal(findZone(zone), zone)
        assert.match(timeIn(zone, instant), /^\d\d:\d\d$/)
      }
    },
  }),
  fuzzTarget({
    name: 'storable',
    fact: 'a text that was made storable has nothing that a database refuses, and stays as it is',
    weight: 100,
    arbitrary: hostileText(),
    holds(text) {
      const storedText = storable(text)
      assert.ok(storedText.isWellFormed() && !storedText.includes('\u0000'))
      assert.equal(storable(storedText), storedText)
    },
  }),
  fuzzTarget({
    name: 'prices',
    fact: 'any usage of any model costs a whole number that can be stored',
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
          audioInSeconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
          audioOutSeconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
          characters: count,
        },
        { requiredKeys: [] },
      ),
    ),
    holds([model, usage]) {
      const cost = costMicroUsd(model, usage)
      assert.ok(cost === null || (Number.isSafeInteger(cost) && cost >= 0), `${cost}`)
    },
  }),
]

function assertInOrder(utterance: string, edits: readonly Edit[]): void {
  let lastEnd = 0
  for (const { patch } of edits) {
    assert.ok(patch.from >= lastEnd && patch.to >= patch.from && patch.to <= utterance.length)
    lastEnd = patch.to
  }
}
