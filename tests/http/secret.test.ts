import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bearerOf, isSecret } from '../../lib/http/secret.ts'

describe('a secret', () => {
  test('a secret equals itself and nothing else', () => {
    const secret = fc.string({ minLength: 1, unit: 'binary' })
    fc.assert(
      fc.property(secret, secret, (secretText, otherText) => {
        expect(isSecret(secretText, secretText)).toBe(true)
        // Halves of surrogate pairs are all the same once encoded; no header carries them.
        fc.pre(secretText.isWellFormed() && otherText.isWellFormed())
        expect(isSecret(secretText, otherText)).toBe(secretText === otherText)
      }),
    )
  })

  test.each([undefined, null, ''])('a missing secret (%j) matches none', (missingSecret) => {
    expect(isSecret(missingSecret, 'secret')).toBe(false)
    expect(isSecret(missingSecret, missingSecret ?? undefined)).toBe(false)
    expect(isSecret('secret', missingSecret ?? undefined)).toBe(false)
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
  ])('the bearer token of %j is %j', (authorization, token) => {
    const request = new Request('https://bot.example', { headers: { authorization } })
    expect(bearerOf(request)).toBe(token)
  })

  test('without an Authorization header there is no bearer token', () => {
    expect(bearerOf(new Request('https://bot.example'))).toBeUndefined()
  })
})
