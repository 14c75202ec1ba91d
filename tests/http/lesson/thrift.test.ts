import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { BRIEF_PROMPT } from '../../../lib/domain/prompts/settings.ts'
import { answering } from '../../../lib/http/answering.ts'
import { LessonAnswer } from '../../../lib/http/lesson/answer.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { textRequest } from '../../support/lesson-requests.ts'
import { forgetSpending } from '../../support/lessons.ts'
import { type Product, startProduct } from '../../support/product.ts'

let product: Product
let apiKey: string
beforeAll(async () => {
  product = await startProduct({ LEARNER_DAILY_BUDGET_USD: '1', DAILY_BUDGET_USD: '2' })
  apiKey = await product.newApiKey()
})
afterAll(() => product.close())
beforeEach(async () => {
  await forgetSpending(product.db)
  product.openai.requests.length = 0
})

/** A learner who has spent this share of their day's budget, in a lesson. */
async function learnerAt(share: number, userId = `at ${share}`): Promise<string> {
  await ask(userId)
  await sql`
    update quota_use set charged_micro_usd = ${share * 1e6}::bigint
    where learner_id = (select id from learner where external_id = ${userId})`.execute(product.db)
  product.openai.requests.length = 0
  return userId
}

function ask(userId: string): Promise<Response> {
  const request = textRequest(apiKey, { user_id: userId, text: 'Jdu do škola.' })
  return answering(async () => product.deps, { POST: processLesson })(request)
}

async function lesson(userId: string): Promise<LessonAnswer> {
  return LessonAnswer.parse(await (await ask(userId)).json())
}

const isBrief = () => JSON.stringify(product.openai.requests).includes(BRIEF_PROMPT)

test('a lesson below four fifths of its learner’s budget is as ever', async () => {
  const { honzik_response_audio: audio } = await lesson(await learnerAt(0.79))
  expect(audio).not.toBe('')
  expect(isBrief()).toBe(false)
})

test('a lesson from four fifths of its learner’s budget on asks for a short reply, and is spoken', async () => {
  const { honzik_response_audio: audio } = await lesson(await learnerAt(0.8))
  expect(audio).not.toBe('')
  expect(isBrief()).toBe(true)
})

test('a lesson from 95 in 100 of its learner’s budget on has no sound, as if none had been asked for', async () => {
  const answer = await lesson(await learnerAt(0.95))
  expect(answer.honzik_response_audio).toBe('')
  expect(answer.honzik_response_text).not.toBe('')
  expect(isBrief()).toBe(true)
  expect(product.openai.count('speak')).toBe(0)
})

test('a learner whose budget is used up is told when their next day begins, and nothing is paid', async () => {
  const response = await ask(await learnerAt(1))
  expect(response.status).toBe(429)
  expect(await response.json()).toMatchObject({
    code: 'quota_used_up',
    detail: "The learner's budget of the day is used up.",
  })
  const retryAfter = Number(response.headers.get('retry-after'))
  expect(retryAfter).toBeGreaterThan(0)
  expect(retryAfter).toBeLessThanOrEqual(25 * 3_600)
  expect(product.openai.requests).toEqual([])
})

test('what all learners have spent makes a newcomer’s lesson thrifty, too', async () => {
  await sql`insert into budget_day values ((now() at time zone 'UTC')::date, 1700000)`.execute(
    product.db,
  )
  await lesson('newcomer')
  expect(isBrief()).toBe(true)
})
