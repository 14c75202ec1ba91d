import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeHearing, judgeTyping } from '../../../lib/domain/lesson/hearing.ts'

const SILENCE = { kind: 'silence' } as const

describe('judgeHearing', () => {
  test.each([
    ['Ahoj, jak se máš?', ['cs']],
    ['  Jdu do školy.  ', []],
    ['Mám rád pivo', ['sk']],
    ['Bratislava', ['pl', 'cs']],
    ['A', []],
    ['Sleduji to video. Děkuji za sledování mé kočky!', ['cs']],
    ['Titulky mi pomáhají', ['cs']],
    ['Titulky vytvořil můj kamarád Petr včera', ['cs']],
    ['Řekl mi: привет', ['cs']],
    ['U nás se říká ахой, ale já říkám ahoj', []],
  ])('a transcript is Czech: "%s" %j', (text, languages) => {
    expect(judgeHearing(text, languages)).toEqual({ kind: 'czech', said: text.trim() })
  })

  test.each(['', ' \n ', '...', '♪ ♪', '1 2 3', '😀', '— —'])(
    'a transcript without a letter is silence: "%s"',
    (text) => {
      expect(judgeHearing(text, ['cs'])).toEqual(SILENCE)
    },
  )

  test.each([
    'Titulky vytvořil JohnyX.',
    'titulky vytvořila Anička',
    'Titulky připravil JohnyX',
    'Překlad a titulky: JohnyX',
    'www.hradeckesluzby.cz',
    'Titulky z Amara.org',
    'Děkuji za sledování.',
    'Děkujeme za sledování videa!',
    'Thank you for watching!',
    'Thanks for watching',
    'Thank you so much for watching',
    'Субтитры сделал DimaTorzok',
    'Субтитры создавал DimaTorzok',
    'Продолжение следует...',
    'Редактор субтитров А.Семкин Корректор А.Егорова',
    'Дякую за перегляд!',
  ])('what recognisers make up in silence is silence: "%s"', (text) => {
    expect(judgeHearing(text, ['cs'])).toEqual(SILENCE)
  })

  test.each([
    '[BLANK_AUDIO]',
    '(hudba)',
    '*hudba*',
    '<|nospeech|>',
    ' [ Smích ]\n (ticho v pozadí) ',
    '<|cs|> *hudba* <|0.00|>',
    'Titulky vytvořil JohnyX. Titulky vytvořil JohnyX.',
    'Titulky vytvořil JohnyX Titulky vytvořil JohnyX',
    'Děkuji za sledování. Děkujeme za sledování videa! (hudba)',
    'Thank you for watching! Děkuji za sledování.',
    'Děkuji za sledování videa '.repeat(5),
  ])('a recogniser’s notes, tokens and repeated phantoms are silence: "%s"', (text) => {
    expect(judgeHearing(text, ['cs'])).toEqual(SILENCE)
  })

  test.each([
    ['<|cs|><|transcribe|> Jdu do školy. <|endoftext|>', 'Jdu do školy.'],
    ['(hudba) Jdu [šum] do školy .', 'Jdu do školy.'],
    ['Jdu (prý zase a zase a zase) do školy', 'Jdu (prý zase a zase a zase) do školy'],
    ['Vidím tečku. [ticho]\n A čárku.', 'Vidím tečku.\nA čárku.'],
    ['Ne, ne, ne!', 'Ne, ne, ne!'],
    ['Děkuji za sledování. Teď jdu domů.', 'Děkuji za sledování. Teď jdu domů.'],
  ])('of "%s" what was spoken is "%s"', (text, said) => {
    expect(judgeHearing(text, ['cs'])).toEqual({ kind: 'czech', said })
  })

  test('judging what was spoken again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab <|>[]()*.\n') }), (text) => {
        const hearing = judgeHearing(text)
        if (hearing.kind === 'czech') expect(judgeHearing(hearing.said)).toEqual(hearing)
      }),
    )
  })

  test.each([
    ['Привет, как дела?', ['ru'], 'ru'],
    ['Привет, как дела?', [], 'ru'],
    ['Привіт, як справи?', ['cs'], 'uk'],
    ['Ґанок', [], 'uk'],
    ['Γειά σου', [], null],
    ['你好', ['cs'], null],
    ['Good morning', ['en'], 'en'],
    ['Dzień dobry', ['pl', 'de'], 'pl'],
  ])('a transcript is in another language: "%s" %j', (text, languages, language) => {
    expect(judgeHearing(text, languages)).toEqual({ kind: 'other-language', language })
  })

  test('white space around a transcript does not matter', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(['cs'], [], ['en']), (text, languages) => {
        expect(judgeHearing(` \n${text}\t`, languages)).toEqual(judgeHearing(text, languages))
      }),
    )
  })

  test('a transcript that counts as Czech has Latin letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hearing = judgeHearing(text, ['cs'])
        if (hearing.kind === 'czech') expect(hearing.said).toMatch(/\p{Script=Latin}/u)
      }),
    )
  })
})

test('what recognisers make up in silence is Czech where it was typed', () => {
  const text = 'Děkuji za sledování videa.'
  expect(judgeTyping(text)).toEqual({ kind: 'czech', said: text })
})
