import { expect, test } from 'vitest'
import { faultOf } from '../../../lib/domain/lesson/correction-check.ts'
import { isInLanguage } from '../../../lib/domain/lesson/language-check.ts'

const SAID = 'Včera já být v kino s kamarád a potom jsme šli na pivo.'
const CORRECTED = 'Včera jsem byl v kině s kamarádem a potom jsme šli na pivo.'

const fault = (said: string, correctedText: string, explanation = '', nativeLanguage = 'ru') =>
  faultOf(
    said,
    {
      correctedText,
      mistakes: [
        {
          original: 'kino',
          corrected: 'kině',
          category: 'case',
          explanationCs: '',
          explanationNative: explanation,
        },
      ],
      suggestion: '',
    },
    nativeLanguage,
  )

test.each([
  ['a correction of endings', SAID, CORRECTED],
  ['a text that is right', CORRECTED, CORRECTED],
  ['one word made a sentence', 'Ano', 'Ano, jsem.'],
  ['a short sentence with a missing verb', 'Já student', 'Já jsem student.'],
  ['two words of a language that became Czech', 'Rozumiem dobre', 'Rozumím dobře.'],
  ['an infinitive that became a past tense', 'Já být kino', 'Já jsem byl v kině.'],
])('%s is believed', (_name, said, correctedText) => {
  expect(fault(said, correctedText)).toBeUndefined()
})

test.each([
  [
    'a translation into Russian',
    SAID,
    'Вчера я был в кино с другом, а потом мы пошли пить пиво.',
    'other-script',
  ],
  [
    'a translation into English',
    SAID,
    'Yesterday I went to the cinema with a friend and then for a beer.',
    'other-script',
  ],
  [
    'a translation into Slovak',
    SAID,
    'Včera som bol v kine s kamarátom a potom sme išli na pivo.',
    'other-script',
  ],
  ['a short translation into English', 'Mám rád pivo.', 'I like beer.', 'other-words'],
  [
    'a rewrite',
    SAID,
    'Večer strávený sledováním filmu jsem zakončil příjemným posezením u dobrého moku.',
    'other-words',
  ],
  [
    'the last of three sentences alone',
    'Dneska já vstávat v sedm hodin. Pak já šla do práce autobusem. Večer mám rád čtu knihu.',
    'Večer ráda čtu knihu.',
    'other-words',
  ],
  [
    'a text twice as long',
    SAID,
    `${CORRECTED} Bylo to moc hezké a určitě tam půjdeme zase příští týden znovu.`,
    'other-length',
  ],
])('%s is not believed', (_name, said, correctedText, expected) => {
  expect(fault(said, correctedText)).toBe(expected)
})

test.each([
  ['ru', 'После предлога «v» со значением места нужен предложный падеж: v kině.'],
  ['ru', 'Po předložce v je šestý pád: v kině – как в русском «в кино», но с окончанием.'],
  ['uk', 'Після прийменника «v» потрібен місцевий відмінок: v kině, v práci.'],
  ['en', 'After the preposition "v" the place takes the locative: v kině, v práci.'],
  ['de', 'Nach der Präposition „v“ steht der Lokativ: v kině, v práci.'],
  ['pl', 'Po przyimku „v” jest miejscownik, jak po polsku: w kinie.'],
  ['cs', 'Po předložce v je šestý pád: v kině, protože říkáme, kde jsme.'],
  ['vi', 'Sau giới từ "v" chỉ nơi chốn dùng cách vị trí: v kině.'],
  ['ka', 'წინდებული "v" მოითხოვს ლოკატივს: v kině, v práci.'],
  ['zh', '介词 v 表示地点时用位格，所以说 v kině，不说 v kino。这里的词尾变化很重要。'],
  ['sr', 'Posle predloga „v“ ide lokativ, kao i kod nas: u bioskopu.'],
  ['ru', 'v kině'],
])('an explanation for %s is in that language: %j', (code, text) => {
  expect(isInLanguage(text, code)).toBe(true)
})

test.each([
  [
    'ru',
    'After the preposition "v" the place takes the locative case, because you say where it is.',
  ],
  ['ru', 'Po předložce v je šestý pád, protože říkáme, kde jsme: v kině.'],
  ['ru', 'Після прийменника потрібен місцевий відмінок, тому що це місце, і слово має закінчення.'],
  ['uk', 'После предлога нужен предложный падеж, потому что это место, и слово имеет окончание.'],
  ['en', 'После предлога нужен предложный падеж: v kině.'],
  ['en', 'Po předložce v je šestý pád, protože slovo tady musí být v jiném tvaru.'],
  ['vi', 'After the preposition the place takes the locative case, because it is not the subject.'],
  ['ka', 'After the preposition the place takes the locative case.'],
])('an explanation for %s is in another language: %j', (code, text) => {
  expect(isInLanguage(text, code)).toBe(false)
  if (code === 'ru') expect(fault(SAID, CORRECTED, text)).toBe('explanation-language')
})
