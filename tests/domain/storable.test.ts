import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storable } from '../../lib/domain/storable.ts'

test('a storable text leaves out what PostgreSQL refuses, and keeps the rest', () => {
  expect(storable('ki\u0000no \ud83d je \ude00 tu 😀')).toBe('kino  je  tu 😀')
})

test('a letter and its accent become one character', () => {
  expect(storable('c\u030cas')).toBe('čas')
})

test('any text becomes storable, and a storable text stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 0xffff }), (text, unit) => {
      const result = storable(`${text}${String.fromCharCode(unit)}${text}`)
      expect(result).not.toContain('\u0000')
      expect(result.isWellFormed()).toBe(true)
      expect(storable(result)).toBe(result)
    }),
  )
})
