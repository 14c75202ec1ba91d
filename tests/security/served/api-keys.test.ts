import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey, listApiKeys, revokeApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { textRequest } from '../../support/lesson-requests.ts'
import { dumpOf } from '../dump.ts'
import { type Served, serveFunctions } from '../served.ts'

let server: Served
beforeAll(async () => {
  server = await serveFunctions()
})
afterAll(() => server.close())

const LESSON = { user_id: 'olena', text: 'Jdu domů.', include_audio: false }

const ask = (key: string, headers: Record<string, string> = {}) =>
  server.ask(textRequest(key, LESSON, headers))

/** The same length and letters, wrong in one place. */
function wrongAt(key: string, at: number): string {
  return `${key.slice(0, at)}${key[at] === 'a' ? 'b' : 'a'}${key.slice(at + 1)}`
}

describe('a key opens nothing', () => {
  test('an API key that is wrong in one place, of the prefix or the secret, opens nothing', async () => {
    const key = await server.newApiKey()
    const places = Array.from({ length: key.length }, (_, at) => at)
    const answers = await Promise.all(places.map((at) => ask(wrongAt(key, at))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect((await ask(key)).status).toBe(200)
  })

  test('an API key made of the parts of two keys opens nothing', async () => {
    const [firstKey, secondKey] = [await server.newApiKey(), await server.newApiKey()]
    const prefix = 'mluv_12345678_'.length
    const mixedKey = `${firstKey.slice(0, prefix)}${secondKey.slice(prefix)}`
    expect((await ask(mixedKey)).status).toBe(401)
  })

  test('the stored hash of an API key opens nothing, in any encoding', async () => {
    const key = await server.newApiKey()
    const hash = createHash('sha256').update(key).digest()
    const prefix = key.slice(0, 'mluv_12345678_'.length)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      for (const start of ['', prefix]) {
        expect((await ask(`${start}${hash.toString(encoding)}`)).status).toBe(401)
      }
    }
  })

  test.each(["' or '1'='1", 'mluv_%', 'mluv_________', '*', '\u00ff'.repeat(43)])(
    'the API key %j opens nothing',
    async (key) => {
      expect((await ask(key)).status).toBe(401)
    },
  )

  test('a revoked API key opens nothing, not even its earlier answers', async () => {
    const key = await createApiKey(server.db, { name: 'leaving', telegramLearners: false })
    const headers = { 'idempotency-key': 'again' }
    expect((await ask(key, headers)).status).toBe(200)
    expect((await ask(key, headers)).status).toBe(200)
    await revokeApiKey(server.db, 'leaving')
    expect((await ask(key, headers)).status).toBe(401)
    expect((await ask(key)).status).toBe(401)
  })
})

test('the database has the hash of an API key, and nothing that opens', async () => {
  const key = await createApiKey(server.db, { name: 'stored', telegramLearners: true })
  expect((await ask(await server.newApiKey())).status).toBe(200)
  const secret = key.slice('mluv_12345678_'.length)
  // 43 letters of six bits: 256 and a little.
  expect(secret).toMatch(/^[\w-]{43}$/)
  const dump = await dumpOf(server.db)
  expect(dump).toContain('api_key.name: stored')
  for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
    expect(dump).not.toContain(Buffer.from(secret).toString(encoding))
  }
  const { hash } = await server.db
    .selectFrom('api_key')
    .select('hash')
    .where('name', '=', 'stored')
    .executeTakeFirstOrThrow()
  expect(Buffer.from(hash)).toEqual(createHash('sha256').update(key).digest())
})

test('no answer has an API key in it, whether its request succeeds or fails', async () => {
  const key = await server.newApiKey()
  const requests = [
    textRequest(key, LESSON),
    textRequest(key, {}),
    textRequest(key, { ...LESSON, user_id: key.repeat(4) }),
    textRequest(key, { ...LESSON, native_language: key }),
    textRequest(key, LESSON, { 'idempotency-key': 'not ASCII: \u00e9' }),
    textRequest(key, LESSON, { 'content-type': key }),
    textRequest(`${key}x`, LESSON),
  ]
  for (const request of requests) {
    const response = await server.ask(request)
    const answer = `${await response.text()} ${JSON.stringify([...response.headers])}`
    expect(answer).not.toContain(key)
  }
  const keyList = JSON.stringify(await listApiKeys(server.db))
  expect(keyList).not.toContain(key.slice('mluv_12345678_'.length))
})

test('API keys are compared in constant time', () => {
  const path = resolve(import.meta.dirname, '../../../lib/adapters/postgres/api-keys.ts')
  expect(readFileSync(path, 'utf8')).toContain('timingSafeEqual(storedHash, hash)')
})
