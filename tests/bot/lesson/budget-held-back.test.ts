import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { answering } from '../../../lib/http/answering.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { passTime } from '../../support/jobs.ts'
import { textRequest } from '../../support/lesson-requests.ts'
import { eventually, startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

/** Enough for two lessons at once; one costs a tenth of what is held back for it. */
const BUDGET_USD = '0.07'
const SENTENCE = 'Včera jsem šla do obchod s maminkou.'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({ DAILY_BUDGET_USD: BUDGET_USD })
})
afterAll(() => bot.stop())

const waitingJobs = async () => {
  const { rows } = await sql<{ id: number }>`
    select id from inbox where state = 'waiting' and last_error like 'budget-held-back:%'`.execute(
    bot.db,
  )
  return rows.length
}

test('of five learners under a budget that is held back for two, three wait for them, and all are taught', async () => {
  const learners = await Promise.all(Array.from({ length: 5 }, () => bot.learner('uk')))
  const release = bot.hold('reply')
  for (const learner of learners) learner.says(SENTENCE)
  await eventually(async () => expect(await waitingJobs()).toBe(3))
  release()
  const countTaught = async () => {
    const ledgers = await Promise.all(learners.map((learner) => learner.ledger()))
    return ledgers.flatMap(({ lessons }) => lessons).length
  }
  await eventually(async () => expect(await countTaught()).toBe(2))
  await eventually(async () => expect(await heldMicroUsd()).toBe(0))
  await passTime(bot.db, 10_000)
  await eventually(async () => expect(await countTaught()).toBe(4))
  await eventually(async () => expect(await heldMicroUsd()).toBe(0))
  await passTime(bot.db, 20_000)
  await eventually(async () => expect(await countTaught()).toBe(5))
  await bot.settled()
  for (const learner of learners) {
    expect((await learner.ledger()).lessons).toEqual([SENTENCE])
    expect(await bot.jobsOf(learner)).toMatchObject([{ state: 'done', attempts: 1 }])
  }
})

test('a client whose budget is held back is told to come again soon, and is taught then', async () => {
  const key = await createApiKey(bot.db, { name: 'a client', telegramLearners: false, limits: {} })
  const ask = (userId: string) =>
    answering(async () => bot.deps, { POST: processLesson })(
      textRequest(key, { user_id: userId, text: SENTENCE }),
    )
  const release = bot.hold('reply')
  const lessonUnderWay = ask('one')
  await eventually(async () => expect(await heldMicroUsd()).toBeGreaterThan(0))
  const response = await ask('two')
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('10')
  expect(await response.json()).toMatchObject({
    code: 'quota_used_up',
    detail: expect.stringContaining('under way'),
  })
  release()
  expect((await lessonUnderWay).status).toBe(200)
  expect((await ask('two')).status).toBe(200)
})

async function heldMicroUsd(): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select coalesce(sum(reserved_micro_usd), 0)::float8 as held from quota_use`.execute(bot.db)
  return rows[0]?.held ?? 0
}
