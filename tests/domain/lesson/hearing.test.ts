import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeHearing } from '../../../lib/domain/lesson/hearing.ts'

const SILENCE = { kind: 'silence' } as const

describe('What was heard', () => {
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
  ])('is Czech: "%s" %j', (text, languages) => {
    expect(judgeHearing(text, languages)).toEqual({ kind: 'heard', said: text.trim() })
  })

  test.each(['', ' \n ', '...', '♪ ♪', '1 2 3', '😀', '— —'])(
    'is silence without a letter: "%s"',
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
  ])('is silence where a recogniser makes it up: "%s"', (text) => {
    expect(judgeHearing(text, ['cs'])).toEqual(SILENCE)
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
  ])('is another language: "%s" %j', (text, languages, language) => {
    expect(judgeHearing(text, languages)).toEqual({ kind: 'other-language', language })
  })

  test('does not depend on white space around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(['cs'], [], ['en']), (text, languages) => {
        expect(judgeHearing(` \n${text}\t`, languages)).toEqual(judgeHearing(text, languages))
      }),
    )
  })

  test('is mostly in Latin letters where it counts as heard', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hearing = judgeHearing(text, ['cs'])
        if (hearing.kind === 'heard') expect(hearing.said).toMatch(/\p{Script=Latin}/u)
      }),
    )
  })
})
