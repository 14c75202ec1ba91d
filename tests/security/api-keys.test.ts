import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey, listApiKeys, revokeApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { textRequest } from '../support/lesson-requests.ts'
import { dumpOf } from './dump.ts'
import { type Served, serveFunctions } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await serveFunctions()
})
afterAll(() => served.close())

const LESSON = { user_id: 'olena', text: 'Jdu domů.', include_audio: false }

const ask = (key: string, headers: Record<string, string> = {}) =>
  served.ask(textRequest(key, LESSON, headers))

/** The same length and letters, wrong in one place. */
function wrongAt(key: string, at: number): string {
  return `${key.slice(0, at)}${key[at] === 'a' ? 'b' : 'a'}${key.slice(at + 1)}`
}

describe('a key opens nothing', () => {
  test('where it is wrong in one place, be it the prefix or the rest', async () => {
    const key = await served.newApiKey()
    const places = Array.from({ length: key.length }, (_, at) => at)
    const answers = await Promise.all(places.map((at) => ask(wrongAt(key, at))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect((await ask(key)).status).toBe(200)
  })

  test('where its parts are of two keys', async () => {
    const [one, other] = [await served.newApiKey(), await served.newApiKey()]
    const prefix = 'mluv_12345678_'.length
    const mixed = `${one.slice(0, prefix)}${other.slice(prefix)}`
    expect((await ask(mixed)).status).toBe(401)
  })

  test('where it is the stored hash, in any writing', async () => {
    const key = await served.newApiKey()
    const hash = createHash('sha256').update(key).digest()
    const prefix = key.slice(0, 'mluv_12345678_'.length)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      for (const start of ['', prefix]) {
        expect((await ask(`${start}${hash.toString(encoding)}`)).status).toBe(401)
      }
    }
  })

  test.each(["' or '1'='1", 'mluv_%', 'mluv_________', '*', '\u00ff'.repeat(43)])(
    'where it is %j',
    async (key) => {
      expect((await ask(key)).status).toBe(401)
    },
  )

  test('once it is revoked, not even the answers that it was given before', async () => {
    const key = await createApiKey(served.db, { name: 'leaving', telegramLearners: false })
    const repeated = { 'idempotency-key': 'again' }
    expect((await ask(key, repeated)).status).toBe(200)
    expect((await ask(key, repeated)).status).toBe(200)
    await revokeApiKey(served.db, 'leaving')
    expect((await ask(key, repeated)).status).toBe(401)
    expect((await ask(key)).status).toBe(401)
  })
})

test('of a key the database has its hash, and nothing that opens', async () => {
  const key = await createApiKey(served.db, { name: 'stored', telegramLearners: true })
  expect((await ask(await served.newApiKey())).status).toBe(200)
  const secret = key.slice('mluv_12345678_'.length)
  // 43 letters of six bits: 256 and a little.
  expect(secret).toMatch(/^[\w-]{43}$/)
  const dump = await dumpOf(served.db)
  expect(dump).toContain('api_key.name: stored')
  for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
    expect(dump).not.toContain(Buffer.from(secret).toString(encoding))
  }
  const { hash } = await served.db
    .selectFrom('api_key')
    .select('hash')
    .where('name', '=', 'stored')
    .executeTakeFirstOrThrow()
  expect(Buffer.from(hash)).toEqual(createHash('sha256').update(key).digest())
})

test('a key is in no answer, whatever became of its request', async () => {
  const key = await served.newApiKey()
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
    const response = await served.ask(request)
    const told = `${await response.text()} ${JSON.stringify([...response.headers])}`
    expect(told).not.toContain(key)
  }
  const listed = JSON.stringify(await listApiKeys(served.db))
  expect(listed).not.toContain(key.slice('mluv_12345678_'.length))
})

test('keys are compared in a time that tells nothing', () => {
  const path = resolve(import.meta.dirname, '../../lib/adapters/postgres/api-keys.ts')
  expect(readFileSync(path, 'utf8')).toContain('timingSafeEqual(row.hash, sha256(secret))')
})
