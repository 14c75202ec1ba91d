import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { KeyLimits } from '../../../lib/app/api-keys.ts'
import { answering } from '../../../lib/http/answering.ts'
import { LessonAnswer } from '../../../lib/http/lesson/answer.ts'
import { refusalOfKey } from '../../../lib/http/lesson/key-limits.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { createMigratedPostgresDatabase } from '../../rigs/postgres/postgres.ts'
import { describePostgres } from '../../support/databases.ts'
import { formRequest, textRequest } from '../../support/lesson-requests.ts'
import { type Product, recording, startProduct } from '../../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct({ FREE_TEXT_PER_DAY: '2', FREE_VOICE_PER_DAY: '2' })
})
afterAll(() => product.close())
beforeEach(() => {
  product.openai.requests.length = 0
})

type Problem = { code: string; detail: string; retryAfter: number }

function ask(request: Request, { deps } = product): Promise<Response> {
  return answering(async () => deps, { POST: processLesson })(request)
}

/** A caller whose key has these limits. */
async function caller(limits: Partial<KeyLimits>) {
  const apiKey = await product.newApiKey({ limits })
  const text = (userId: string, headers = {}) =>
    textRequest(
      apiKey,
      { user_id: userId, text: 'Jdu do škola.', include_audio: false },
      { ...headers },
    )
  return {
    apiKey,
    text,
    async lesson(userId: string, headers = {}): Promise<LessonAnswer> {
      const response = await ask(text(userId, headers))
      const body: unknown = await response.json()
      expect(body).not.toHaveProperty('code')
      return LessonAnswer.parse(body)
    },
    async problem(request: Request): Promise<Problem> {
      const response = await ask(request)
      const body = (await response.json()) as Problem
      return { ...body, retryAfter: Number(response.headers.get('retry-after')) }
    },
  }
}

test('a key whose lessons of the day are used up is 429 for every learner until the next UTC day, and pays nothing', async () => {
  const { lesson, problem, text } = await caller({ lessonsPerDay: 2 })
  await lesson('a')
  await lesson('b')
  product.openai.requests.length = 0
  const answer = await problem(text('c'))
  expect(answer).toMatchObject({ code: 'quota_used_up', detail: expect.stringMatching(/2.*UTC/) })
  const untilMidnight = 86_400 - ((Date.now() / 1000) % 86_400)
  expect(Math.abs(answer.retryAfter - untilMidnight)).toBeLessThan(120)
  expect(product.openai.requests).toEqual([])
})

test('a request that a key’s limit refused is a lesson the next day, with the same Idempotency-Key', async () => {
  const { lesson, problem, text } = await caller({ lessonsPerDay: 1 })
  const headers = { 'idempotency-key': 'patient' }
  await lesson('a')
  expect(await problem(text('b', headers))).toMatchObject({ code: 'quota_used_up' })
  expect(await problem(text('b', headers))).toMatchObject({ code: 'quota_used_up' })
  await sql`update api_key_use set day = day - 1`.execute(product.db)
  await lesson('b', headers)
})

test('a key whose budget of the day cannot pay another lesson is 429 until the next UTC day, and pays nothing', async () => {
  const { lesson, problem, text } = await caller({ dailyBudgetMicroUsd: 30_500 })
  await lesson('a')
  await sql`update usage set micro_usd = 600`.execute(product.db)
  product.openai.requests.length = 0
  const answer = await problem(text('b'))
  expect(answer).toMatchObject({ code: 'quota_used_up', detail: expect.stringMatching(/budget/) })
  expect(answer.retryAfter).toBeGreaterThan(0)
  expect(product.openai.requests).toEqual([])
  await sql`update usage set micro_usd = 100`.execute(product.db)
  await lesson('b')
})

test('a request that meets a budget held back for lessons under way is asked to come again in seconds, not the next day', async () => {
  const job = { id: 1, leaseToken: '', receivedAt: new Date() }
  const keyUses = { reserve: async () => 'budget-held-back' as const }
  const limits = { apiKeyId: 1, lessonsPerDay: null, dailyBudgetMicroUsd: 50_000 }
  const problem = await refusalOfKey({ keyUses, now: () => new Date() }, job, limits)
  expect(problem).toMatchObject({ code: 'quota_used_up', details: { retryAfterSeconds: 10 } })
})

test('a replayed lesson does not count against its key again', async () => {
  const { lesson } = await caller({ lessonsPerDay: 1 })
  const headers = { 'idempotency-key': 'again' }
  expect(await lesson('a', headers)).toEqual(await lesson('a', headers))
})

test('what pays for nothing does not count against a key: a used-up plan, a text that is not Czech, a failed provider', async () => {
  const { apiKey, lesson, problem, text } = await caller({ lessonsPerDay: 3 })
  await lesson('a')
  await lesson('a')
  expect(await problem(text('a'))).toMatchObject({ detail: expect.stringMatching(/text lessons/) })
  const russian = { user_id: 'b', text: 'Привет, как дела?' }
  expect(await problem(textRequest(apiKey, russian))).toMatchObject({ code: 'nothing_heard' })
  product.openai.failAll('reply', { kind: 'server-error' })
  expect(await problem(text('b'))).toMatchObject({ code: 'provider_failed' })
  product.openai.recover()
  await lesson('b')
  expect(await problem(text('b'))).toMatchObject({ detail: expect.stringMatching(/key/) })
})

test('a recording without Czech counts against its key: hearing it was paid for', async () => {
  const { apiKey, problem, text } = await caller({ lessonsPerDay: 1 })
  const russian = formRequest(apiKey, { user_id: 'a', audio: recording('russian') })
  expect(await problem(russian)).toMatchObject({ code: 'nothing_heard' })
  expect(await problem(text('b'))).toMatchObject({ code: 'quota_used_up' })
})

test('a streamed lesson beyond a key’s limit ends with the problem', async () => {
  const { lesson, text } = await caller({ lessonsPerDay: 1 })
  await lesson('a')
  const response = await ask(text('a', { accept: 'text/event-stream' }))
  expect(await response.text()).toMatch(/^event: error\ndata: \{.*"code":"quota_used_up"/)
})

test('a key with its number of learners teaches those and is 403 for one more, who is not created', async () => {
  const { lesson, problem, text } = await caller({ learners: 2 })
  await lesson('a')
  await lesson('b')
  product.openai.requests.length = 0
  const answer = await problem(text('one too many'))
  expect(answer).toMatchObject({ code: 'forbidden', detail: expect.stringMatching(/2 learners/) })
  expect(product.openai.requests).toEqual([])
  await lesson('a')
  const { rows } = await sql`select from learner where external_id = 'one too many'`.execute(
    product.db,
  )
  expect(rows).toEqual([])
})

test('a key without limits has none', async () => {
  const { lesson } = await caller({})
  for (const userId of ['a', 'b', 'c', 'd']) await lesson(userId)
})

describePostgres('One API key on two instances', () => {
  test('requests to two instances at once have no more lessons and learners than their key', async () => {
    const { url, drop } = await createMigratedPostgresDatabase()
    const instances = await Promise.all([1, 2].map(() => startProduct({ DATABASE_URL: url })))
    const [firstInstance, secondInstance] = instances
    if (firstInstance === undefined || secondInstance === undefined)
      throw new Error('There are two instances.')
    const apiKey = await firstInstance.newApiKey({ limits: { lessonsPerDay: 3, learners: 5 } })
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const fields = { user_id: `learner ${at}`, text: 'Jdu do škola.', include_audio: false }
        const response = await ask(
          textRequest(apiKey, fields),
          at % 2 === 0 ? firstInstance : secondInstance,
        )
        return response.status
      }),
    )
    expect(statuses.toSorted()).toEqual([200, 200, 200, 403, 403, 403, 429, 429])
    await Promise.all(instances.map((instance) => instance.close()))
    await drop()
  })
})
