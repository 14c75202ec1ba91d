import { afterAll, beforeAll, expect, test } from 'vitest'
import { retryJob } from '../../../lib/adapters/postgres/job-records.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { RECORDED, sendRecorded, startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

test('a dead lesson that an operator retries days later pays for nothing twice, and counts for its own day', async () => {
  const olena = await bot.learner('uk')
  const countCalls = bot.countPaid()
  bot.openai.failAll('reply', {
    kind: 'answer',
    status: 400,
    body: JSON.stringify({
      error: { message: 'No.', type: 'invalid_request_error', code: 'nope' },
    }),
  })
  sendRecorded(olena, 'shop')
  await bot.settled()
  bot.openai.recover()
  const job = await bot.db.selectFrom('inbox').selectAll().executeTakeFirstOrThrow()
  expect([job.state, countCalls().transcribe]).toEqual(['dead', 1])
  const paidReplies = countCalls().reply

  bot.setClockAhead(3 * 86_400_000)
  const changes = [await retryJob(bot.db, job.id), await retryJob(bot.db, job.id)]
  expect(changes).toEqual([{ kind: 'changed' }, { kind: 'unchanged', state: 'waiting' }])
  await bot.deps.sweep()
  await bot.settled()

  expect(countCalls()).toMatchObject({ transcribe: 1, reply: paidReplies + 1 })
  const lessons = await bot.db.selectFrom('lesson').select(['said', 'day']).execute()
  expect(lessons).toEqual([{ said: RECORDED.shop.text, day: expect.any(String) }])
  const dayApart = Date.parse(lessons[0]?.day ?? '') - job.received_at.getTime()
  expect(Math.abs(dayApart)).toBeLessThanOrEqual(86_400_000)
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
  expect(await violatedInvariants(bot.db)).toEqual([])
})
