import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { diffWords } from '../../../lib/domain/diff/word-diff.ts'
import { wordsOf } from '../../../lib/domain/diff/words.ts'
import { scoreOf } from '../../../lib/domain/lesson/score.ts'
import { czechText } from '../czech-texts.ts'

const marks = (diff: typeof diffWords, said: string, correction: string) =>
  diff(said, correction)
    .filter(({ kind }) => kind !== 'typography')
    .map(({ kind, original, replacement }) => `${kind}: ${original} -> ${replacement}`)

test.each([
  [
    'rodiče každou neděli oběd vaří',
    'rodiče vaří každou neděli oběd',
    ['moved-here:  -> vaří', 'moved-away: vaří -> '],
  ],
  [
    'tak ta cesta nebude suchá',
    'nebude ta cesta suchá',
    ['moved-here:  -> nebude', 'delete: tak -> ', 'moved-away: nebude -> '],
  ],
  [
    'Přijel jsem vlakem protože autobus nejezdí',
    'protože autobus nejezdí, přijel jsem vlakem',
    ['moved-away: Přijel jsem vlakem -> ', 'insert:  -> ,', 'moved-here:  -> přijel jsem vlakem'],
  ],
  ['Nemám li čas', 'Nemám-li čas', ['replace: Nemám li -> Nemám-li']],
  ['přijdu 3 květen', 'přijdu 3. května', ['replace: 3 květen -> 3. května']],
  ['v 5:30', 'v 5.30', ['replace: 5:30 -> 5.30']],
  ['Kdyby jsi věděl', 'Kdybys věděl', ['replace: Kdyby jsi -> Kdybys']],
  [
    'chtěl aby jsme přišli',
    'chtěl, abychom přišli',
    ['insert:  -> ,', 'replace: aby jsme -> abychom'],
  ],
  ['Včera mi doma smál', 'Včera jsem se doma smál', ['insert:  -> jsem', 'replace: mi -> se']],
])('%j against %j is marked %j', (said, correction, edits) => {
  expect(marks(diffWords, said, correction)).toEqual(edits)
})

test.each([
  ['Řekla, ráda přijde', 'Řekla, že ráda přijde', 'Řekla, že ráda přijde'],
  [
    'Pracuju v kanceláři, nerad chodím',
    'Pracuju v kanceláři, ale nerad chodím',
    'Pracuju v kanceláři, ale nerad chodím',
  ],
  ['bude hezky, pojedeme', 'bude slunečno, tak pojedeme', 'bude slunečno, tak pojedeme'],
  ['Vím, přijde, ráda', 'Vím, že přijde ráda', 'Vím, že přijde, ráda'],
])('of the spoken %j a word of %j is added on its side of the comma', (said, correction, shown) => {
  let text = ''
  let at = 0
  for (const { patch } of spokenEdits(said, correction)) {
    text += said.slice(at, patch.from) + patch.text
    at = patch.to
  }
  expect(text + said.slice(at)).toBe(shown)
})

test('a word that moved costs one point, however far', () => {
  expect(
    scoreOf('voice', 'rodiče každou neděli oběd vaří', 'rodiče vaří každou neděli oběd'),
  ).toEqual({
    score: 80,
    wordsTotal: 5,
    wordsCorrect: 4,
  })
})

test('for each word marked as moved to a place one is marked as moved away, and the other way round', () => {
  fc.assert(
    fc.property(czechText, czechText, (said, correction) => {
      for (const diff of [diffWords, spokenEdits]) {
        const edits = diff(said, correction)
        const wordsAt = (kind: string, side: 'original' | 'replacement') =>
          edits
            .filter((edit) => edit.kind === kind)
            .flatMap((edit) => wordsOf(edit[side]))
            .toSorted()
        expect(wordsAt('moved-here', 'replacement')).toEqual(wordsAt('moved-away', 'original'))
      }
    }),
  )
})
