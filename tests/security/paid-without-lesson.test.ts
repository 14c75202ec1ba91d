import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Tables } from '../../db/tables.ts'
import { text } from '../../lib/bot/texts/texts.ts'
import { answering } from '../../lib/http/answering.ts'
import { processLesson } from '../../lib/http/lesson/process.ts'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { countCharges, countPaidRequests } from '../rigs/paid-calls.ts'
import { textRequest } from '../support/lesson-requests.ts'
import { startProduct } from '../support/product.ts'
import { type Script, scriptedProvider } from '../support/scripted-provider.ts'
import { startWholeBot, type WholeBot } from '../support/whole-bot.ts'

const PLAN = 2
/** Three times the plan: messages of a day that are paid for and become no lesson. */
const CAP = 3 * PLAN
/** Far longer than any wait here takes. */
const AT_LAST = { timeout: 10_000 }

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({ FREE_TEXT_PER_DAY: String(PLAN), DAILY_BUDGET_USD: '1' })
})
afterAll(() => bot.stop())

test('texts whose answers are always cut are answered by one line each, cost two completions each, and have a cap', async () => {
  bot.openai.failAll('reply', { kind: 'truncated' })
  const olena = await bot.learner('uk')
  const countCalls = bot.countPaid()
  for (let count = 0; count <= CAP; count += 1) {
    olena.says('Včera jsem šel do obchod a koupil jsem chleba.')
    await bot.settled()
  }
  bot.openai.recover()
  expect(countCalls()).toMatchObject({ reply: 2 * CAP })
  const lines = olena.read().filter((line) => line === text('uk', 'failure.unanswerable'))
  expect(lines).toHaveLength(CAP)
  expect(await olena.ledger()).toMatchObject({
    lessons: [],
    places: Array.from({ length: CAP }, (_, index) => `unheard ${index + 1}`),
  })
  const jobs = await bot.jobsOf(olena)
  expect(jobs.map(({ state, attempts }) => [state, attempts])).toEqual(
    Array(CAP + 1).fill(['done', 1]),
  )

  await expectAllCharged(bot.db, 2 * CAP)
})

test('texts over the API whose answers are always cut cost two completions each, have a cap, and are charged to the budget', async () => {
  const api = await startProduct({
    FREE_TEXT_PER_DAY: String(PLAN),
    // Two lessons are reckoned to fit.
    DAILY_BUDGET_USD: '0.06',
  })
  api.openai.failAll('reply', { kind: 'truncated' })
  const apiKey = await api.newApiKey()
  const fields = { user_id: 'a', text: 'Včera jsem šel do obchod.', include_audio: false }
  const ask = answering(async () => api.deps, { POST: processLesson })
  const answers: string[] = []
  for (let count = 0; count < 15; count += 1) {
    const response = await ask(textRequest(apiKey, fields))
    const { code, detail } = (await response.json()) as { code: string; detail: string }
    answers.push(`${response.status} ${code}: ${detail}`)
  }
  expect(answers).toEqual([
    ...Array(CAP).fill(expect.stringMatching(/^502 provider_failed: No answer to this/)),
    ...Array(15 - CAP).fill('429 quota_used_up: Too many messages without a lesson today.'),
  ])
  expect(countPaidRequests(api.openai.requests)).toEqual({
    transcribe: 0,
    reply: 2 * CAP,
    speak: 0,
  })
  await expectAllCharged(api.db, 2 * CAP)
  await api.close()
})

test.each([
  ['by realtime socket', 'gpt-realtime-2.1-mini'],
  ['by REST', 'gpt-4o-mini-tts'],
])(
  'sentences that were spoken ahead, %s, and are thrown away with their reply, are charged',
  async (_, model) => {
    const openai = await startOpenai()
    await using tutor = await scriptedProvider(
      cutReply(openai, 'Čerstvý chleba, to je základ! A kde'),
      cutReply(openai, 'Rohlíky mám taky moc rád! A co'),
    )
    const product = await startProduct({
      TTS_MODEL: model,
      OPENAI_BASE_URL: openai.url,
      CHAT_BASE_URL: tutor.endpoint.baseUrl,
    })
    const fields = { user_id: 'a', text: 'Včera jsem šel do obchod.' }
    const ask = answering(async () => product.deps, { POST: processLesson })
    const response = await ask(textRequest(await product.newApiKey(), fields))
    expect(await response.json()).toMatchObject({ code: 'provider_failed' })
    await product.deps.idle()

    const paidCalls = countPaidRequests(openai.requests)
    expect(paidCalls.speak).toBeGreaterThanOrEqual(2)
    expect(await countCharges(product.db)).toEqual({ ...paidCalls, reply: 2 })
    await Promise.all([product.close(), openai.stop()])
  },
)

/** A completion that is cut off in its second sentence, after speech has been asked for once more. */
function cutReply(openai: OpenaiStandIn, reply: string): Script {
  return async (response) => {
    const speeches = openai.count('speak')
    const write = (delta: object, finishReason: string | null) => {
      const choices = [{ index: 0, delta, finish_reason: finishReason }]
      response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices })}\n\n`)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    write({ role: 'assistant', content: `{"reply":"${reply}` }, null)
    await vi.waitFor(() => expect(openai.count('speak')).toBeGreaterThan(speeches), AT_LAST)
    write({}, 'length')
    response.end('data: [DONE]\n\n')
  }
}

/** Each paid completion is a row of the ledger, and the budget's day has spent their sum. */
async function expectAllCharged(db: Kysely<Tables>, completions: number): Promise<void> {
  expect(await countCharges(db)).toMatchObject({ reply: completions })
  const { spent_micro_usd: spentMicroUsd } = await db
    .selectFrom('budget_day')
    .select('spent_micro_usd')
    .executeTakeFirstOrThrow()
  const { paidMicroUsd } = await db
    .selectFrom('usage')
    .select(({ fn }) => fn.sum<number>('micro_usd').as('paidMicroUsd'))
    .executeTakeFirstOrThrow()
  expect(Number(paidMicroUsd)).toBeGreaterThan(0)
  expect(spentMicroUsd).toBe(Number(paidMicroUsd))
}
