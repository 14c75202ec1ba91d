import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bearerOf, isSecret } from '../../lib/http/secret.ts'

describe('a secret', () => {
  test('is itself and nothing else', () => {
    const secret = fc.string({ minLength: 1, unit: 'binary' })
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        expect(isSecret(one, one)).toBe(true)
        // Halves of surrogate pairs are all the same once encoded; no header carries them.
        fc.pre(one.isWellFormed() && other.isWellFormed())
        expect(isSecret(one, other)).toBe(one === other)
      }),
    )
  })

  test.each([undefined, null, ''])('that is %j is nobody’s', (missing) => {
    expect(isSecret(missing, 'secret')).toBe(false)
    expect(isSecret(missing, missing ?? undefined)).toBe(false)
    expect(isSecret('secret', missing ?? undefined)).toBe(false)
  })
})

describe('a bearer token', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER a.b-c_d~e+f/g=', 'a.b-c_d~e+f/g='],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['Bearer  abc', undefined],
    ['abc', undefined],
    ['x Bearer abc', undefined],
  ])('in %j is %j', (authorization, expected) => {
    const request = new Request('https://bot.example', { headers: { authorization } })
    expect(bearerOf(request)).toBe(expected)
  })

  test('is missing where there is no header', () => {
    expect(bearerOf(new Request('https://bot.example'))).toBeUndefined()
  })
})
