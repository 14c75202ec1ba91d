import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_LENGTH, plainText } from '../../../lib/bot/html.ts'
import { hintMessage } from '../../../lib/bot/lesson/hint.ts'
import {
  hasMore,
  replyTextMessage,
  transcriptMessage,
  type Verdict,
  verdictMessage,
} from '../../../lib/bot/lesson/verdict.ts'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { diffWords, type Edit } from '../../../lib/domain/diff/word-diff.ts'
import { CORRECTIONS_LEVELS } from '../../../lib/domain/learner/learner.ts'
import { parseTelegramHtml } from '../telegram-html.ts'

const SAID = 'Ahoj včera jsem šla do obchod protože bojím hlad'
const CORRECTED = 'Ahoj, včera jsem šla do obchodu, protože se bojím hladu.'

const VERDICT: Verdict = {
  kind: 'voice',
  said: SAID,
  correctedText: CORRECTED,
  edits: spokenEdits(SAID, CORRECTED),
  mistakes: [
    {
      original: 'do obchod',
      corrected: 'do obchodu',
      category: 'case',
      explanationCs: 'Po „do“ je druhý pád.',
      explanationNative: 'После «do» нужен родительный падеж.',
    },
  ],
  suggestion: 'Zkus říct, co jsi koupila.',
  newWords: [{ czech: 'pekárna', translation: 'пекарня' }],
  replyTranslation: '',
  readyAnswers: [],
  isReplyWritten: false,
  score: 70,
  starsEarned: 3,
  bonusStars: 0,
  totalStars: 120,
  streak: 12,
  lessonsOnDay: 3,
  reply: 'To zní dobře! A co sis koupila?',
  character: 'honzik',
  correctionsLevel: 'balanced',
  graded: true,
  doubtfulWords: [],
}

const FLAWLESS: Partial<Verdict> = {
  said: 'Mám se moc dobře.',
  correctedText: 'Mám se moc dobře.',
  edits: [],
  mistakes: [],
  score: 100,
}

describe('the verdict on a voice lesson', () => {
  it('the verdict reads from the transcript to the reply, and what is left is folded up', () => {
    expect(verdictMessage('ru', VERDICT)).toBe(`🎙 <b>Что я слышу</b>
Ahoj včera jsem šla do <s>obchod</s> <b>obchodu</b> protože <b>se</b> bojím <s>hlad</s> <b>hladu</b>

✏️ do obchod → <b>do obchodu</b>
После «do» нужен родительный падеж.

🎯 70 из 100 · ⭐ +3 · 🔥 12

🔊 <b>Honzík отвечает</b> (послушай и нажми)
<tg-spoiler>To zní dobře! A co sis koupila?</tg-spoiler>

<blockquote expandable>✏️ Po „do“ je druhý pád.
💡 Совет: Zkus říct, co jsi koupila.
📖 pekárna — пекарня
⭐ +3 звезды · всего 120 (урок +1, серия +2)
🔥 Серия: 12 дней
🏁 Задание дня: 3 из 5</blockquote>`)
  })

  it('at the first steps the translation stands under the reply, and two answers to say aloud behind it', () => {
    const message = verdictMessage('en', {
      ...VERDICT,
      replyTranslation: 'That sounds good!',
      readyAnswers: [
        { czech: 'Chleba.', translation: 'Bread.' },
        { czech: 'Nic.', translation: '' },
      ],
    })
    const [open = ''] = message.split('\n\n<blockquote expandable>')
    expect(
      open.slice(open.indexOf('<tg-spoiler>')),
    ).toBe(`<tg-spoiler>To zní dobře! A co sis koupila?</tg-spoiler>
<tg-spoiler>That sounds good!</tg-spoiler>

🗣 <b>You can answer aloud</b>
<b>Chleba.</b> – Bread.
<b>Nic.</b>`)
  })

  it('the verdict on a flawless utterance is short', () => {
    const verdict = {
      ...VERDICT,
      ...FLAWLESS,
      suggestion: '',
      newWords: [],
      starsEarned: 2,
      streak: 1,
    }
    expect(verdictMessage('cs', verdict)).toBe(`🎙 <b>Co slyším</b>
Mám se moc dobře.

👏 Bez chyb, paráda!

🎯 100 ze 100 · ⭐ +2 · 🔥 1

🔊 <b>Honzík odpovídá</b> (poslechni a klepni)
<tg-spoiler>To zní dobře! A co sis koupila?</tg-spoiler>

<blockquote expandable>⭐ +2 hvězdičky · celkem 120 (lekce +1, dobré skóre +1)
🔥 Série: 1 den
🏁 Denní výzva: 3 z 5</blockquote>`)
  })

  it('the minimal level marks and lists one mistake, and leaves the others to the button More', () => {
    const [mistake] = VERDICT.mistakes
    const mistakes = mistake ? [mistake, { ...mistake, original: 'hlad', corrected: 'hladu' }] : []
    const verdict: Verdict = { ...VERDICT, mistakes, correctionsLevel: 'minimal' }
    const message = verdictMessage('en', verdict)
    const [open = ''] = message.split('<blockquote expandable>')
    expect(open.match(/<s>/g)).toHaveLength(1)
    expect(open.match(/✏️/g)).toHaveLength(1)
    expect(message).not.toContain('hlad → ')
    expect(hasMore(verdict)).toBe(true)
    const detailedVerdict: Verdict = { ...verdict, correctionsLevel: 'detailed' }
    expect(verdictMessage('en', detailedVerdict)).toContain('hlad → <b>hladu</b>')
    expect(hasMore(detailedVerdict)).toBe(false)
    expect(hasMore({ ...verdict, ...FLAWLESS })).toBe(false)
  })

  it('a verdict of more than eight edits marks all of them in the corrected text, and none in what was said', () => {
    const said = Array.from({ length: 12 }, (_, index) => `slovo${index} do škola`).join(' ')
    const correctedText = said.replaceAll('škola', 'školy')
    const edits = spokenEdits(said, correctedText)
    expect(edits.length).toBe(12)
    const message = verdictMessage('en', {
      ...VERDICT,
      said,
      correctedText,
      edits,
      correctionsLevel: 'detailed',
    })
    expect(message).not.toContain('<s>')
    expect(message.match(/<b>školy<\/b>/g)).toHaveLength(12)
  })

  it('a corrected text that has the marks is read by sentence, and no comma or capital is marked', () => {
    const said = Array.from({ length: 9 }, (_, index) => `dnes${index} já jdu do škola`).join(' ')
    const correctedText = Array.from(
      { length: 9 },
      (_, index) => `Dnes${index}, já jdu do školy.`,
    ).join(' ')
    const edits = spokenEdits(said, correctedText)
    const verdict = {
      ...VERDICT,
      said,
      correctedText,
      edits,
      correctionsLevel: 'detailed' as const,
    }
    const lines = Array.from({ length: 9 }, (_, index) => `Dnes${index}, já jdu do <b>školy</b>.`)
    expect(verdictMessage('en', verdict)).toContain(lines.join('\n'))
  })

  it('a corrected text with more changes than Telegram marks has no marks at all', () => {
    const said = Array.from({ length: 61 }, (_, index) => `slovo${index} do škola`).join(' ')
    const correctedText = said.replaceAll('škola', 'školy')
    const edits = spokenEdits(said, correctedText)
    const message = verdictMessage('en', {
      ...VERDICT,
      said,
      correctedText,
      edits,
      mistakes: [],
      correctionsLevel: 'detailed',
    })
    expect(message).toContain(correctedText)
    expect(message).not.toMatch(/<b>školy/)
  })

  it('a lesson of which no correction could be trusted says so, and has no score', () => {
    const message = verdictMessage('uk', {
      ...VERDICT,
      ...FLAWLESS,
      suggestion: '',
      score: 0,
      graded: false,
      starsEarned: 1,
    })
    expect(message).toContain('🤷 Цього разу виправлення ненадійні')
    expect(message).not.toMatch(/🎯|👏|<s>/)
  })

  it('a word that was probably misheard has a question mark', () => {
    const message = verdictMessage('en', { ...VERDICT, doubtfulWords: ['včera'] })
    expect(message).toContain('Ahoj včera (?) jsem šla')
    expect(message).toContain('They cost no points.')
  })

  it('a usual verdict has twelve lines on a phone of forty columns', () => {
    const [open = ''] = verdictMessage('ru', VERDICT).split('\n\n<blockquote expandable>')
    const lines = plainText(open).split('\n')
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 40)), 0)
    expect(rows).toBeLessThanOrEqual(16)
    expect(lines.filter((line) => line !== '').length).toBeLessThanOrEqual(12)
  })

  it('the verdict does not praise where the settings leave the mistakes out', () => {
    const message = verdictMessage('en', { ...VERDICT, mistakes: [] })
    expect(message).not.toContain('No mistakes')
    expect(message).toContain('<s>obchod</s> <b>obchodu</b>')
  })

  it('the verdict does not praise right words that are too familiar for an office', () => {
    const message = verdictMessage('en', { ...VERDICT, ...FLAWLESS, mistakes: VERDICT.mistakes })
    expect(message).not.toContain('No mistakes')
    expect(message).toContain('do obchod → <b>do obchodu</b>')
  })

  it('an explanation that is the same in both languages stands once', () => {
    const [mistake] = VERDICT.mistakes
    const mistakes = mistake ? [{ ...mistake, explanationNative: mistake.explanationCs }] : []
    expect(verdictMessage('cs', { ...VERDICT, mistakes }).split('Po „do“')).toHaveLength(2)
  })

  it('the fifth lesson of a day completes the challenge, and the sixth shows none', () => {
    const fifth = verdictMessage('ru', { ...VERDICT, lessonsOnDay: 5, bonusStars: 5 })
    expect(fifth).toContain('🏁 Задание дня выполнено: +5 звёзд')
    expect(verdictMessage('ru', { ...VERDICT, lessonsOnDay: 6 })).not.toContain('🏁')
  })

  it('a streak of 0 days is not shown', () => {
    expect(verdictMessage('ru', { ...VERDICT, streak: 0 })).not.toContain('🔥')
  })
})

describe('the verdict on a text lesson', () => {
  it('the verdict on a text shows the reply openly, under its character’s name', () => {
    const message = verdictMessage('cs', { ...VERDICT, kind: 'text', character: 'novakova' })
    expect(message).toMatch(
      /💬 <b>Paní Nováková odpovídá<\/b>\nTo zní dobře! A co sis koupila\?\n\n<blockquote/,
    )
    expect(message).toMatch(/^✍️ <b>Tvůj text<\/b>\n/)
  })
})

describe('the marked utterance', () => {
  it.each([
    ['Bojím psa', 'Bojím se psa', 'Bojím <b>se</b> psa'],
    ['mám rád', 'Já mám rád', '<b>Já</b> mám rád'],
    ['Já se mám se dobře', 'Já se mám dobře', 'Já se mám <s>se</s> dobře'],
    ['nemohla jsem mít', 'jsem nemohla mít', '<s>nemohla jsem</s> <b>jsem nemohla</b> mít'],
    ['Jdu  do škola', 'Jdu do školy', 'Jdu  do <s>škola</s> <b>školy</b>'],
  ])('“%s”, corrected to “%s”, is marked “%s”', (said, correctedText, markedText) => {
    const edits = spokenEdits(said, correctedText)
    const verdict = { ...VERDICT, said, correctedText, edits, mistakes: [] }
    expect(verdictMessage('en', verdict)).toContain(`🎙 <b>What I heard</b>\n${markedText}\n\n`)
  })

  it('the marks keep all words of the utterance and of the correction, in order', () => {
    fc.assert(
      fc.property(sentence, sentence, (said, correctedText) => {
        const edits = diffWords(said, correctedText)
        const verdict = {
          ...VERDICT,
          said,
          correctedText,
          edits,
          correctionsLevel: 'detailed' as const,
        }
        fc.pre(edits.length <= 8 && edits.every(({ kind }) => kind !== 'diacritics'))
        const message = verdictMessage('en', verdict)
        const markedText = message.split('\n')[1] ?? ''
        const original = markedText.replace(/<[bu]>[^<]*<\/[bu]>/g, '').replace(/<\/?s>/g, '')
        const correction = markedText.replace(/<s>[^<]*<\/s>/g, '').replace(/<\/?[bu]>/g, '')
        expect(wordsIn(original)).toEqual(wordsIn(said))
        expect(wordsIn(correction)).toEqual(wordsIn(correctedText))
      }),
    )
  })
})

/** Up to eight words, so that all edits are marked. */
const sentence = fc
  .array(fc.constantFrom('já', 'jsem', 'se', 'bojím', 'škola', 'školy', 'psa', 'dobře'), {
    maxLength: 8,
  })
  .map((words) => words.join(' '))

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

describe('every message', () => {
  it('every message is valid, well-formed and short enough for any texts', () => {
    fc.assert(
      fc.property(verdicts, fc.constantFrom('ru', 'uk', 'en', 'cs'), (verdict, language) => {
        for (const message of [
          transcriptMessage(language, verdict.said),
          verdictMessage(language, verdict),
          replyTextMessage(language, verdict.character, verdict.reply),
          hintMessage(language, verdict, verdict.suggestion),
          verdictMessage(language, verdict, [[{ text: verdict.said, style: 'b' }]]),
        ]) {
          const { text, entities } = parseTelegramHtml(message)
          expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH)
          expect(text.isWellFormed()).toBe(true)
          expect(entities.length).toBeLessThanOrEqual(100)
          expect(plainText(message).replaceAll('→', ' ')).toBe(text.replaceAll('→', ' '))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('a long section is cut at a word, and a short one stays whole', () => {
    const said = 'Včera jsem potkala kamarádku 🙂 z práce. '.repeat(50).slice(0, 2000)
    const correctedText = `${said} Dobře.`
    const edits = diffWords(said, correctedText)
    const verdict = { ...VERDICT, said, correctedText, edits, suggestion: said.repeat(2) }
    const { text, entities } = parseTelegramHtml(verdictMessage('uk', verdict))
    expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH)
    expect(text.length).toBeGreaterThan(MAX_MESSAGE_LENGTH - 40)
    expect(entities).toContainEqual({ tag: 'tg-spoiler', text: VERDICT.reply })
    const quotation = entities.find(({ tag }) => tag.startsWith('blockquote'))?.text ?? ''
    const [, lastWord = ''] = /(\S+)…$/.exec(quotation) ?? []
    expect(said.split(' ')).toContain(lastWord)
  })

  it('a word that is too long for a message is cut between characters', () => {
    const { text } = parseTelegramHtml(transcriptMessage('en', '🙂'.repeat(2500)))
    expect(text).toMatch(/^🎙 What I heard\n(🙂)+…$/u)
    expect(text.length).toBeGreaterThanOrEqual(MAX_MESSAGE_LENGTH - 1)
  })

  it('the reply is hidden even where there are more errors than Telegram marks', () => {
    const said = 'škola '.repeat(150).trim()
    const edits = Array.from({ length: 150 }, (_, index): Edit => {
      const from = index * 6
      return {
        kind: 'replace',
        start: index,
        end: index + 1,
        original: 'škola',
        replacement: 'školy',
        patch: { from, to: from + 5, text: 'školy' },
      }
    })
    const mistakes = Array.from({ length: 40 }, () => VERDICT.mistakes).flat()
    const newWords = Array.from({ length: 40 }, () => VERDICT.newWords).flat()
    const message = verdictMessage('ru', { ...VERDICT, said, edits, mistakes, newWords })
    const { entities } = parseTelegramHtml(message)
    expect(entities.length).toBeLessThanOrEqual(100)
    expect(entities.map(({ tag }) => tag)).toContain('tg-spoiler')
  })

  it.each([
    ['Koukni na https://zly.cz/x?a=1 hned', 'Koukni na […] hned'],
    ['Piš na t.me/zlybot a www.zly.cz', 'Piš na […] a […]'],
    ['tg://resolve?domain=zly', '[…]'],
    ['Napiš @zlybot', 'Napiš @\u2060zlybot'],
    ['Je to na zly.cz.', 'Je to na zly.\u2060cz.'],
    ['V 10.30 ráno. Dobře.', 'V 10.30 ráno. Dobře.'],
    ['Jdi na 10.0.0.1 a 1968http://zly.cz', 'Jdi na 10.0.0.\u20601 a 1968[…]'],
  ])('a message makes no link of “%s”', (reply, safeReply) => {
    const { entities } = parseTelegramHtml(verdictMessage('en', { ...VERDICT, reply }))
    expect(entities.find(({ tag }) => tag === 'tg-spoiler')?.text).toBe(safeReply)
  })
})

describe('a message without its markup', () => {
  it('a message without its markup is its text, unescaped', () => {
    expect(plainText(transcriptMessage('en', '<b>1 & 2 "&amp;"</b>'))).toBe(
      '🎙 What I heard\n<b>1 & 2 "&amp;"</b>',
    )
  })

  it('a message without its markup still tells an error from its correction', () => {
    expect(plainText(verdictMessage('en', VERDICT))).toContain('do obchod→obchodu protože se bojím')
  })
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\n\n',
    '</b>',
    '<b>&"',
    '&amp;',
    '</tg-spoiler><a href="x">',
    '🙂\ud83d',
    '→',
  ),
  fc
    .tuple(fc.constantFrom('a', 'ř ', '🙂', '👩‍👩‍👧', '<b>&"', '@x ', '&lt;', 'a.b'), fc.nat(2000))
    .map(([piece, times]) => piece.repeat(times).slice(0, 2000)),
)

const verdicts: fc.Arbitrary<Verdict> = fc
  .record({
    kind: fc.constantFrom('voice', 'text'),
    said: hostile,
    correctedText: hostile,
    marks: fc.array(fc.tuple(fc.nat(), fc.nat(), hostile), { maxLength: 30 }),
    mistakes: fc.array(
      fc.record({
        original: hostile,
        corrected: hostile,
        category: fc.constant('other'),
        explanationCs: hostile,
        explanationNative: hostile,
      }),
      { maxLength: 12 },
    ),
    suggestion: hostile,
    newWords: fc.array(fc.record({ czech: hostile, translation: hostile }), { maxLength: 12 }),
    replyTranslation: hostile,
    isReplyWritten: fc.boolean(),
    readyAnswers: fc.array(fc.record({ czech: hostile, translation: hostile }), { maxLength: 2 }),
    score: fc.integer({ min: 0, max: 100 }),
    starsEarned: fc.integer({ min: 1, max: 7 }),
    bonusStars: fc.constantFrom(0, 5),
    totalStars: fc.nat(),
    streak: fc.nat(),
    lessonsOnDay: fc.integer({ min: 1, max: 11 }),
    reply: hostile,
    character: fc.constantFrom('honzik', 'novakova'),
    correctionsLevel: fc.constantFrom(...CORRECTIONS_LEVELS),
    graded: fc.boolean(),
    doubtfulWords: fc.array(fc.constantFrom('a', 'ř', 'x'), { maxLength: 2 }),
  })
  .map(({ marks, ...verdict }) => ({ ...verdict, edits: editsOf(verdict.said, marks) }))

/** Edits of any stretches of a text, in order and not overlapping. */
function editsOf(said: string, marks: readonly [number, number, string][]): Edit[] {
  const bounds = marks
    .flatMap(([from, to]) => [from % (said.length + 1), to % (said.length + 1)])
    .sort((a, b) => a - b)
  return marks.map(([, , replacement], index) => {
    const [from = 0, to = 0] = bounds.slice(2 * index, 2 * index + 2)
    const original = said.slice(from, to).trim()
    return {
      kind: 'replace',
      start: index,
      end: index + 1,
      original,
      replacement,
      patch: { from, to, text: replacement },
    }
  })
}

it('a text typed without diacritics is praised, and shown with them in one place', () => {
  const [said, correctedText] = ['ja mam rad ceske pivo', 'Já mám rád české pivo.']
  const edits = diffWords(said, correctedText)
  const html = verdictMessage('en', {
    ...VERDICT,
    kind: 'text',
    said,
    correctedText,
    edits,
    mistakes: [],
    score: 100,
  })
  expect(html).toContain('ja mam rad ceske pivo')
  expect(html.split(correctedText)).toHaveLength(2)
  expect(html).toContain('No mistakes, great!')
})
