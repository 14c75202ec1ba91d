import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../lib/bot/texts/texts.ts'
import { countCharges } from '../rigs/paid-calls.ts'
import { startWholeBot, type WholeBot } from '../support/whole-bot.ts'

const PLAN = 2
/** Three times the plan: messages of a day that are paid for and become no lesson. */
const CAP = 3 * PLAN

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

  expect(await countCharges(bot.db)).toMatchObject({ reply: 2 * CAP })
  const { spent_micro_usd: spentMicroUsd } = await bot.db
    .selectFrom('budget_day')
    .select('spent_micro_usd')
    .executeTakeFirstOrThrow()
  const { paidMicroUsd } = await bot.db
    .selectFrom('usage')
    .select(({ fn }) => fn.sum<number>('micro_usd').as('paidMicroUsd'))
    .executeTakeFirstOrThrow()
  expect(Number(paidMicroUsd)).toBeGreaterThan(0)
  expect(spentMicroUsd).toBe(Number(paidMicroUsd))
})
