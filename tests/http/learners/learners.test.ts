import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answering } from '../../../lib/http/answering.ts'
import { deleteLearner, exportLearner } from '../../../lib/http/learners/learners.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { dumpOf } from '../../security/dump.ts'
import { bearer, textRequest } from '../../support/lesson-requests.ts'
import { type Product, startProduct } from '../../support/product.ts'
import { eventually } from '../../support/whole-bot.ts'

let product: Product
let key: string
beforeAll(async () => {
  product = await startProduct()
  key = await product.newApiKey()
})
afterAll(() => product.close())

const SAID = 'Napsala jsem kaktusovník do sešit.'

function call(method: 'GET' | 'DELETE', path: string, apiKey = key): Promise<Response> {
  const fetch = answering(async () => product.deps, { GET: exportLearner, DELETE: deleteLearner })
  const url = `https://bot.example/api/v1/learners${path}`
  return fetch(new Request(url, { method, headers: bearer(apiKey) }))
}

async function codeOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { code: unknown }).code
}

function lesson(userId: string, text = SAID, headers = {}): Promise<Response> {
  const fetch = answering(async () => product.deps, { POST: processLesson })
  const fields = { user_id: userId, text, native_language: 'uk', include_audio: false }
  return fetch(textRequest(key, fields, headers))
}

describe('the data of a learner over the API', () => {
  test('a learner’s lessons, mistakes, stars and charges are exported by their documented names', async () => {
    expect((await lesson('paní Olena')).status).toBe(200)
    await product.deps.idle()
    const response = await call('GET', `/${encodeURIComponent('paní Olena')}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      format: 'mluv-me/1',
      learner: { user_id: 'paní Olena', telegram_id: null, native_language: 'uk' },
      lessons: [{ said: SAID, kind: 'text', lesson_id: expect.any(Number) }],
      stars: [{ reason: 'lesson', stars: expect.any(Number) }],
      places: [{ kind: 'text', place: 1 }],
      messages: [{ state: 'done', content: '' }],
      paid_calls: [{ stage: 'reply', micro_usd: expect.any(Number) }],
    })
  })

  test('a deleted learner is in no row, is unknown, and begins anew with the next lesson', async () => {
    const headers = { 'idempotency-key': 'olena-secret-key' }
    expect((await lesson('tajna-olena', SAID, headers)).status).toBe(200)
    await product.deps.idle()
    expect((await call('DELETE', '/tajna-olena')).status).toBe(204)
    const dump = await dumpOf(product.db)
    for (const part of ['tajna-olena', 'olena-secret-key']) expect(dump).not.toContain(part)
    expect(await codeOf(await call('DELETE', '/tajna-olena'))).toBe('unknown_learner')
    expect(await codeOf(await call('GET', '/tajna-olena'))).toBe('unknown_learner')
    expect(await violatedInvariants(product.db)).toEqual([])
    const newAnswer = (await (await lesson('tajna-olena', SAID, headers)).json()) as object
    expect(newAnswer).toMatchObject({ daily_challenge: { messages_today: 1 } })
  })

  test('a request whose learner is deleted while it runs is answered that the learner is unknown', async () => {
    product.openai.failNext('reply', { kind: 'hang' })
    const repliesBefore = product.openai.count('reply')
    const runningLesson = lesson('mizejici')
    await eventually(() => expect(product.openai.count('reply')).toBe(repliesBefore + 1))
    const waitingLesson = lesson('mizejici', 'A ještě něco.')
    await eventually(async () => {
      const rows = await product.db
        .selectFrom('inbox')
        .select('id')
        .where('state', '=', 'waiting')
        .execute()
      expect(rows).toHaveLength(2)
    })
    expect((await call('DELETE', '/mizejici')).status).toBe(204)
    expect(await codeOf(await waitingLesson)).toBe('unknown_learner')
    expect(await codeOf(await runningLesson)).toBe('unknown_learner')
    await product.deps.idle()
    expect(await violatedInvariants(product.db)).toEqual([])
  })

  test('another key’s learner of the same user_id is neither shown nor deleted', async () => {
    await lesson('spolecna')
    const otherKey = await product.newApiKey()
    for (const method of ['GET', 'DELETE'] as const) {
      expect(await codeOf(await call(method, '/spolecna', otherKey))).toBe('unknown_learner')
    }
    expect((await call('GET', '/spolecna')).status).toBe(200)
  })

  test('the data of a learner on Telegram is given to no key', async () => {
    await product.deps.learners.chooseNativeLanguage(77_001, 'uk')
    const telegramKey = await product.newApiKey({ telegramLearners: true })
    for (const method of ['GET', 'DELETE'] as const) {
      expect(await codeOf(await call(method, '/77001', telegramKey))).toBe('forbidden')
      expect(await codeOf(await call(method, '/77001'))).toBe('unknown_learner')
    }
  })

  test.each([
    ['', 'invalid_request'],
    ['/', 'invalid_request'],
    ['/a/b', 'invalid_request'],
    ['/%E0%A4%A', 'invalid_request'],
    ['/a%00b', 'invalid_request'],
    ['?user_id=', 'invalid_request'],
    ['/%27%20or%201%3D1', 'unknown_learner'],
    [`/${'x'.repeat(5_000)}`, 'unknown_learner'],
  ])('a request for %j is %s', async (path, code) => {
    expect(await codeOf(await call('GET', path))).toBe(code)
  })

  test('an id that no path can have comes as a parameter', async () => {
    await lesson('..')
    expect((await call('GET', '?user_id=..')).status).toBe(200)
    expect((await call('DELETE', '?user_id=..')).status).toBe(204)
  })
})
