import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutSlips } from '../../../lib/domain/diff/slips-of-speech.ts'
import { soundSame } from '../../../lib/domain/diff/sound.ts'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { spokenWordsOf } from '../../../lib/domain/diff/spoken-words.ts'
import { withEdits } from '../../../lib/domain/diff/word-diff.ts'
import { anyText, czechText } from '../czech-texts.ts'

const pairs = fc.oneof(fc.tuple(anyText, anyText), fc.tuple(czechText, czechText))

const marksOf = (said: string, correction: string) =>
  spokenEdits(said, correction).map(({ original, replacement }) => `${original} -> ${replacement}`)

test('punctuation, capitals and white space are no spoken edits', () => {
  expect(spokenEdits('ahoj  jak se máš na shledanou', 'Ahoj, jak se máš? Nashledanou!')).toEqual([])
})

test('a spoken edit beside missing punctuation holds the words alone', () => {
  expect(marksOf('vim že jdeš do škola', 'Vím, že jdeš do školy.')).toEqual([
    'vim -> Vím',
    'škola -> školy',
  ])
})

test('a spoken edit counts the tokens of what was said, punctuation among them', () => {
  expect(spokenEdits('Ano, jdu do škola.', 'Ano, jdu do školy!')).toEqual([
    {
      kind: 'replace',
      start: 4,
      end: 5,
      original: 'škola',
      replacement: 'školy',
      patch: { from: 12, to: 17, text: 'školy' },
    },
  ])
})

test('spoken edits applied keep the punctuation of what was said', () => {
  const [said, correction] = ['Ano, jdu škola. Já ten vlak!', 'ano jdu do školy já vlak']
  expect(withEdits(said, spokenEdits(said, correction))).toBe('Ano, jdu do školy. Já vlak!')
})

test('with its spoken edits applied a text without slips of speech sounds as the corrected one', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      const [words, wordsOfCorrection] = spokenWordsOf(said, correction)
      fc.pre(withoutSlips(said, words, wordsOfCorrection).length === words.length)
      const spoken = withEdits(said, spokenEdits(said, correction))
      expect(spokenEdits(spoken, correction)).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

test('texts that sound the same have no spoken edits', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      fc.pre(soundSame(said, correction))
      expect(spokenEdits(said, correction)).toEqual([])
    }),
  )
})

test.each([
  ['Sleva je 20 %', 'Sleva je dvacet procent.'],
  ['Sejdeme se v 7:30', 'Sejdeme se v sedm třicet.'],
  ['Sejdeme se v 7:30', 'Sejdeme se v půl osmé.'],
  ['v 19:15', 've čtvrt na osm'],
  ['ve tři čtvrtě na osm', 'v 7:45'],
  ['v 8:00', 'v osm hodin'],
  ['Narodil jsem se 3. května', 'Narodil jsem se třetího května.'],
  ['3. 5.', 'třetího května'],
  ['v roce 1968', 'v roce devatenáct set šedesát osm'],
  ['v roce 2007', 'v roce dva tisíce sedm'],
  ['25 480 korun', 'dvacet pět tisíc čtyři sta osmdesát korun'],
  ['pětadvacet let', '25 let'],
  ['stojí to 3,5 eura', 'stojí to tři a půl eura'],
  ['mám rád ovoce, např. jablka atd.', 'Mám rád ovoce, například jablka a tak dále.'],
  ['Venku je 20 °C', 'Venku je dvacet stupňů Celsia.'],
  ['500 Kč', 'pět set korun'],
  ['byt má 50 m²', 'byt má padesát metrů čtverečních'],
  ['v 5. patře', 'v pátém patře'],
  ['s 5 kamarády', 's pěti kamarády'],
  ['dva kilogramy', '2 kg'],
  ['ﬁlm', 'film'],
  ['v 14:05', 'v čtrnáct nula pět'],
  ['v 18.30', 'v osmnáct třicet'],
  ['7. 11. v 8:15', 'sedmého listopadu ve čtvrt na devět'],
  ['otevřeno 9–17 h', 'otevřeno devět až sedmnáct hodin'],
  ['1.500 Kč', 'tisíc pět set korun'],
  ['2,50 Kč', 'dvě koruny padesát'],
  ['99,90 Kč', 'devadesát devět korun a devadesát haléřů'],
  ['3 mil. Kč', 'tři miliony korun'],
  ['stojí to $5', 'stojí to pět dolarů'],
  ['-5 °C', 'minus pět stupňů Celsia'],
  ['60 km/h', 'šedesát kilometrů za hodinu'],
  ['36,6', 'třicet šest celých šest'],
  ['tel. 777 123 456', 'telefon sedm set sedmdesát sedm sto dvacet tři čtyři sta padesát šest'],
  ['777123456', 'sedm set sedmdesát sedm sto dvacet tři čtyři sta padesát šest'],
  ['2x týdně', 'dvakrát týdně'],
  ['3× denně', 'třikrát denně'],
  ['2krát', 'dvakrát'],
  ['1/2 hodiny', 'půl hodiny'],
  ['250', 'dvěstě padesát'],
  ['500 Kč', 'pětset korun'],
  ['Karel IV.', 'Karel Čtvrtý'],
  ['v XX. století', 'v dvacátém století'],
  ['na VŠ', 'na vysoké škole'],
  ['jedu MHD', 'jedu em há dé'],
  ['pošlu ti SMS', 'pošlu ti es em es'],
  ['mám CD', 'mám cédé'],
  ['v USA', 've Spojených státech'],
  ['v EU', 'v Evropské unii'],
  ['2 ks', 'dva kusy'],
  ['pí Nováková', 'paní Nováková'],
])('%j and %j are the same thing said', (a, b) => {
  expect([spokenEdits(a, b), spokenEdits(b, a)]).toEqual([[], []])
})

test.each([
  ['20 %', 'třicet procent'],
  ['v 7:30', 'v osm třicet'],
  ['v 7:30', 'v půl sedmé'],
  ['s pět kamarády', 's pěti kamarády'],
  ['dva ženy', 'dvě ženy'],
  ['2x', 'třikrát'],
  ['1/2', 'třetina'],
  ['2,50 Kč', 'dvě koruny šedesát'],
  ['60 km/h', 'šedesát kilometrů'],
  ['-5 °C', 'pět stupňů'],
  ['Karel IV.', 'Karel Pátý'],
  ['USB', 'ú es pé'],
  ['3 mil.', 'tři tisíce'],
  ['777123456', 'sedm set sedmdesát sedm sto dvacet tři'],
  ['v roce 1968', 'v roce devatenáct set sedmdesát osm'],
])('%j and %j are not the same thing said', (a, b) => {
  expect([spokenEdits(a, b), spokenEdits(b, a)]).not.toContainEqual([])
})

test.each([
  ['Já já bydlím v Praze', 'Já bydlím v Praze.'],
  ['já jsem byl já jsem byl doma', 'Já jsem byl doma.'],
  ['ehm mám no rád hm čaj', 'Mám rád čaj.'],
  ['Byd- bydlím tady', 'Bydlím tady.'],
  ['эм já bydlím tady', 'Já bydlím tady.'],
])('slips of speech are no spoken edits: %j for %j', (said, correction) => {
  expect(spokenEdits(said, correction)).toEqual([])
})

test.each([
  ['ano', 'ano ano'],
  ['mám rád ten čaj', 'mám rád čaj'],
  ['já mám rád', 'mám rád'],
])('a word too many or missing is a spoken edit: %j for %j', (said, correction) => {
  expect(spokenEdits(said, correction)).toHaveLength(1)
})
