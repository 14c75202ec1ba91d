import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffWords, withEdits } from '../../../lib/domain/diff/word-diff.ts'
import { tokensOf } from '../../../lib/domain/diff/words.ts'
import { anyText, czechText } from '../czech-texts.ts'

const pairs = fc.oneof(fc.tuple(anyText, anyText), fc.tuple(czechText, czechText))

const marksOf = (said: string, correction: string) =>
  diffWords(said, correction).map(
    ({ kind, original, replacement }) => `${kind}: ${original} -> ${replacement}`,
  )

test.each([
  ['jdu do škola', 'jdu do školy', ['replace: škola -> školy']],
  ['nemohla jsem mít', 'jsem nemohla mít', ['move: nemohla jsem -> jsem nemohla']],
  ['v sobotu spala jsem dlouho', 'v sobotu jsem spala dlouho', ['move: spala jsem -> jsem spala']],
  ['Bydlim v Praha', 'Bydlím v Praze', ['diacritics: Bydlim -> Bydlím', 'replace: Praha -> Praze']],
  ['dívám televizi', 'dívám se na televizi', ['insert:  -> se na']],
  ['mám rád ten čaj moc', 'mám rád čaj', ['delete: ten -> ', 'delete: moc -> ']],
  ['Vím že ano', 'Vím, že ano', ['insert:  -> ,']],
  ['přijel do praha vlakem', 'přijel do Prahy vlakem', ['replace: praha -> Prahy']],
])('a teacher marks %j against %j as %j', (said, correction, edits) => {
  expect(marksOf(said, correction)).toEqual(edits)
})

test('a move may hold a misspelt word', () => {
  expect(marksOf('dlouho spála jsem', 'dlouho jsem spala')).toEqual([
    'move: spála jsem -> jsem spala',
  ])
})

test('words written as one or apart are one edit', () => {
  expect(marksOf('ne vím nic', 'nevím nic')).toEqual(['replace: ne vím -> nevím'])
})

test('a full stop and the capital behind it are one edit', () => {
  expect(marksOf('přišel, potom spal', 'přišel. Potom spal')).toEqual([
    'replace: , potom -> . Potom',
  ])
})

test('a word that goes takes the capital along to the next one', () => {
  expect(marksOf('Já jdu domů', 'Jdu domů')).toEqual(['replace: Já jdu -> Jdu'])
})

test('an edit tells which tokens it changes, and where a word is added both are the same', () => {
  expect(diffWords('Tak jdu, domů', 'Tak jdu, rychle domů')[0]).toMatchObject({ start: 3, end: 3 })
  expect(diffWords('Tak jdu, doma', 'Tak jdu, domů')[0]).toMatchObject({ start: 3, end: 4 })
})

test('white space alone is an edit with nothing to show', () => {
  expect(diffWords('jdu  domů', 'jdu domů')).toEqual([
    {
      kind: 'typography',
      start: 1,
      end: 1,
      original: '',
      replacement: '',
      patch: { from: 3, to: 5, text: ' ' },
    },
  ])
})

test('the edits applied to what was said give the corrected text, for any two texts', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      expect(withEdits(said, diffWords(said, correction))).toBe(correction)
    }),
    { numRuns: 1000 },
  )
})

test('equal texts have no edits', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, czechText), (text) => {
      expect(diffWords(text, text)).toEqual([])
    }),
  )
})

test('edits stand in order, do not overlap, and show what they change', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      const tokens = tokensOf(said)
      let [token, unit] = [0, 0]
      for (const { start, end, original, patch } of diffWords(said, correction)) {
        expect(start).toBeGreaterThanOrEqual(token)
        expect(end).toBeGreaterThanOrEqual(start)
        expect(patch.from).toBeGreaterThanOrEqual(unit)
        expect(patch.to).toBeGreaterThanOrEqual(patch.from)
        const originalText = said.slice(
          tokens[start]?.from ?? said.length,
          tokens[end - 1]?.to ?? 0,
        )
        expect(original).toBe(start === end ? '' : originalText)
        token = end
        unit = patch.to
      }
      expect(token).toBeLessThanOrEqual(tokens.length)
      expect(unit).toBeLessThanOrEqual(said.length)
    }),
  )
})

test('the longest text a learner may send is compared to its end, whatever it holds', () => {
  const longPairs = [
    ['jo ne '.repeat(333), 'ne jo '.repeat(333)],
    ['a b c d e '.repeat(200), 'f g h i j '.repeat(200)],
    ['!'.repeat(2000), '?'.repeat(2000)],
    ['x'.repeat(2000), 'y'.repeat(2000)],
  ] as const
  for (const [said, correction] of longPairs) {
    expect(withEdits(said, diffWords(said, correction))).toBe(correction)
  }
})

test.each([
  ['"Ahoj"', '„Ahoj“'],
  ['No...', 'No…'],
  ['a - b', 'a – b'],
  ['je\u200b to\u200e', 'je to'],
  ['mar\u00adná', 'marná'],
  ['Bydlím tаdy', 'Bydlím tady'],
  ['ﬁlm', 'film'],
])('between %j and %j there is nothing to show', (said, correction) => {
  const edits = diffWords(said, correction)
  expect(edits.filter(({ kind }) => kind !== 'typography')).toEqual([])
  expect(withEdits(said, edits)).toBe(correction)
})

test('each word typed without its diacritics is an edit of its own kind', () => {
  const kinds = diffWords('ja mam rad ceske pivo', 'Já mám rád české pivo.').map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'diacritics')).toHaveLength(4)
})
