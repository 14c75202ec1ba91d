import assert from 'node:assert/strict'
import fc from 'fast-check'
import { PRESSES } from '../../../lib/bot/features.ts'
import { MAX_MESSAGE_LENGTH, plainText } from '../../../lib/bot/html.ts'
import {
  replyTextMessage,
  transcriptMessage,
  type Verdict,
  verdictMessage,
} from '../../../lib/bot/lesson/verdict.ts'
import { readPress } from '../../../lib/bot/presses.ts'
import { type InterfaceLanguage, languageName } from '../../../lib/bot/texts/language.ts'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { diffWords } from '../../../lib/domain/diff/word-diff.ts'
import { CHARACTERS, CORRECTIONS_LEVELS } from '../../../lib/domain/learner/learner.ts'
import { MISTAKE_CATEGORIES } from '../../../lib/domain/lesson/lesson.ts'
import { parseHtml } from '../../../scripts/studio/telegram/html.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText, learnersText, saidAndCorrected } from './texts.ts'

const language = fc.constantFrom<InterfaceLanguage>('ru', 'uk', 'en', 'cs')
const character = fc.constantFrom(...CHARACTERS)

/** What a model or a learner may have written into a verdict. */
const verdict: fc.Arbitrary<Verdict> = fc
  .tuple(
    saidAndCorrected(),
    fc.record({
      kind: fc.constantFrom('voice' as const, 'text' as const),
      mistakes: fc.array(
        fc.record({
          original: hostileText(),
          corrected: hostileText(),
          category: fc.constantFrom(...MISTAKE_CATEGORIES),
          explanationCs: hostileText(),
          explanationNative: learnersText(),
        }),
        { maxLength: 12 },
      ),
      suggestion: learnersText(),
      replyTranslation: hostileText(),
      isReplyWritten: fc.boolean(),
      readyAnswers: fc.array(fc.record({ czech: hostileText(), translation: hostileText() }), {
        maxLength: 2,
      }),
      newWords: fc.array(fc.record({ czech: hostileText(), translation: hostileText() }), {
        maxLength: 10,
      }),
      score: fc.nat(100),
      starsEarned: fc.integer({ min: 1, max: 7 }),
      bonusStars: fc.nat(5),
      totalStars: fc.nat(),
      streak: fc.nat(10_000),
      lessonsOnDay: fc.integer({ min: 1, max: 10_000 }),
      correctionsLevel: fc.constantFrom(...CORRECTIONS_LEVELS),
      graded: fc.boolean(),
      doubtfulWords: fc.array(fc.constantFrom('a', 'se'), { maxLength: 2 }),
      reply: learnersText(),
      character,
    }),
  )
  .map(([[utterance, correctedText], fields]) => {
    const edits = (fields.kind === 'voice' ? spokenEdits : diffWords)(utterance, correctedText)
    return { ...fields, said: utterance, correctedText, edits }
  })

/** What the bot reads of a press, and what it writes. */
export const BOT_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'callback-data',
    fact: 'any callback data is a button of ours, packed just so, or none',
    weight: 100,
    arbitrary: fc.oneof(
      hostileText(),
      fc
        .tuple(
          fc.constantFrom(...PRESSES.map(({ name }) => `${name}:`), 'native', ''),
          fc.oneof(hostileText(4), fc.integer().map(String), fc.constantFrom('uk', 'beginner')),
        )
        .map((parts) => parts.join('')),
    ),
    holds(data) {
      const button = readPress(PRESSES, data)
      if (button === undefined) return
      assert.equal(`${button.press.name}:${button.value}`, data)
      assert.ok(Buffer.byteLength(data) <= 64)
    },
  }),
  fuzzTarget({
    name: 'language-name',
    fact: 'any code of a language has a name, if only itself',
    weight: 30,
    arbitrary: fc.tuple(language, fc.oneof(hostileText(4), fc.stringMatching(/^[a-zA-Z]{2,3}$/))),
    holds([inLanguage, code]) {
      assert.ok(languageName(inLanguage, code).length >= Math.min(1, code.length))
    },
  }),
  fuzzTarget({
    name: 'verdict',
    fact: 'Telegram accepts the messages of any lesson, and no text in them becomes a link',
    weight: 60,
    arbitrary: fc.tuple(language, verdict),
    holds([inLanguage, lesson]) {
      assertShowable(verdictMessage(inLanguage, lesson))
      assertShowable(transcriptMessage(inLanguage, lesson.said))
      assertShowable(replyTextMessage(inLanguage, lesson.character, lesson.reply))
    },
  }),
]

/** Telegram drops the markup behind so many stretches of it. */
const MAX_ENTITIES = 100
const STYLES = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'blockquote',
  'expandable_blockquote',
  'spoiler',
])

/**
 * What Telegram makes a link of by itself: a host with a scheme, a domain, four numbers, a name.
 * Source: tdlib/td, MessageEntity.cpp: find_urls, find_mentions.
 */
const LEADS_AWAY =
  /[a-z]:\/\/[^\s\u2060]*\.[\p{L}\p{N}]{2}|\p{L}\.\p{L}|(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])|@\w/iu

function assertShowable(html: string): void {
  const { text, entities } = parseHtml(html)
  assert.ok(text.trim() !== '' && text.length <= MAX_MESSAGE_LENGTH, `${text.length} units`)
  assert.ok(entities.length <= MAX_ENTITIES, `${entities.length} entities`)
  for (const { type } of entities) assert.ok(STYLES.has(type), type)
  assert.equal(LEADS_AWAY.exec(text)?.[0], undefined)
  const plain = plainText(html)
  assert.ok(plain.trim() !== '' && plain.length <= MAX_MESSAGE_LENGTH, `plain: ${plain.length}`)
}
