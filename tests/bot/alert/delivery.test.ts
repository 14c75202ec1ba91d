import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import type { Alert } from '../../../lib/domain/alert/alert.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

const CHAT = 777
const WEBHOOK_URL = 'https://bot.example'

/** An operator's server: answers with these codes, one each, then 204. */
function startReceiver() {
  const codes: number[] = []
  const posts: { type: string | undefined; alert: Alert }[] = []
  const server: Server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const code = codes.shift() ?? 204
      if (code < 300) posts.push({ type: request.headers['content-type'], alert: JSON.parse(body) })
      response.writeHead(code).end()
    })
  })
  server.listen(0, '127.0.0.1')
  return { server, codes, posts }
}

const receiver = startReceiver()
let bot: WholeBot
let operator: Learner
const lines: string[] = []
beforeAll(async () => {
  const { port } = receiver.server.address() as AddressInfo
  bot = await startWholeBot(
    {
      ALERT_CHAT_ID: String(CHAT),
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/a-secret-path`,
      DAILY_BUDGET_USD: '1',
      WEBHOOK_URL,
      LOG_LEVEL: 'debug',
    },
    { waitsPass: true, print: (line) => void lines.push(line) },
  )
  operator = bot.telegram.learner({ id: CHAT, first_name: 'Operator' })
})
afterAll(async () => {
  await bot.stop()
  receiver.server.close()
})
afterEach(async () => {
  bot.openai.recover()
  await bot.db.deleteFrom('breaker').execute()
})

const messages = () =>
  bot.telegram
    .chat(operator.chat.id)
    .messages.filter(({ author }) => author === 'bot')
    .map(({ text }) => text)

/** Sweeps, as a scheduler does, until all that was begun has ended. */
async function sweepAll(): Promise<void> {
  await bot.deps.sweep()
  await bot.settled()
}

test('an alert reaches the chat and the URL while the provider has no quota and one answer of the URL is a failure', async () => {
  receiver.codes.push(500)
  bot.openai.failAll('reply', { kind: 'quota-exhausted' })
  await pgBreaker(bot.db).open('reply', 'provider-quota-exhausted')
  const person = await bot.learner('uk')
  person.says('Rád piju černou kávu.')
  await bot.settled()
  await sweepAll()
  await sweepAll()

  const quota = messages().filter((message) => message.includes('quota'))
  expect(quota).toHaveLength(1)
  expect(quota[0]).toMatch(
    /^🚨 Mluv\.Me: quota\n.*CHAT has no quota left.*\nnpm run doctor -- --only openai-key #/,
  )
  expect(quota[0]).toMatch(
    /since \d{4}-\d\d-\d\d \d\d:\d\d UTC\nhttps:\/\/bot\.example\/dashboard$/,
  )
  expect(receiver.posts.filter(({ alert }) => alert.kind === 'quota')).toEqual([
    {
      type: 'application/json',
      alert: {
        kind: 'quota',
        summary: expect.stringMatching(/no quota left/),
        fix: expect.stringMatching(/^npm run doctor/),
        since: expect.stringMatching(/Z$/),
        link: 'https://bot.example/dashboard',
      },
    },
  ])
  const jobs = await bot.db
    .selectFrom('inbox')
    .select(['source', 'state', 'parked', 'slots'])
    .where('source', 'like', 'alert:%')
    .where('state', '<>', 'done')
    .execute()
  expect(jobs).toEqual([])
  // The lesson waits for the provider all the same.
  expect(await bot.jobsOf(person)).toMatchObject([{ state: 'waiting' }])
})

test('the log and the error of an alert that could not be delivered have no part of its URL', async () => {
  receiver.codes.push(404)
  await insertAlert('webhook')
  await sweepAll()
  expect(lines.join('\n')).toMatch(/alert-undelivered: ALERT_WEBHOOK_URL answered 404/)
  expect(lines.join('\n')).not.toContain('a-secret-path')
})

test('an alert whose chat cannot be written to is listed as dead, with the variable that names the chat', async () => {
  const description = 'Forbidden: bot was kicked from the supergroup chat'
  bot.telegram.failNext('sendMessage', { kind: 'error', status: 403, description })
  const id = await insertAlert('chat')
  await sweepAll()
  expect(
    await bot.db
      .selectFrom('inbox')
      .select(['state', 'last_error'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  ).toEqual({
    state: 'dead',
    last_error: `misconfigured: ALERT_CHAT_ID cannot be written to: sendMessage: 403 ${description}`,
  })
})

async function insertAlert(target: 'chat' | 'webhook'): Promise<number> {
  const alert = { kind: 'slow', summary: 'a', fix: 'b', since: 'c', link: null }
  const { id } = await bot.db
    .insertInto('inbox')
    .values({
      source: `alert:${target}`,
      key: target,
      lane: `alert:${target}`,
      slots: 'background',
      payload: Buffer.from(JSON.stringify({ target, alert })),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
