import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storable } from '../../lib/domain/storable.ts'

test('what PostgreSQL refuses is left out, the rest stays', () => {
  expect(storable('ki\u0000no \ud83d je \ude00 tu 😀')).toBe('kino  je  tu 😀')
})

test('a letter and its accent become one', () => {
  expect(storable('c\u030cas')).toBe('čas')
})

test('any text becomes storable, and once is enough', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 0xffff }), (text, unit) => {
      const stored = storable(`${text}${String.fromCharCode(unit)}${text}`)
      expect(stored).not.toContain('\u0000')
      expect(stored.isWellFormed()).toBe(true)
      expect(storable(stored)).toBe(stored)
    }),
  )
})
