import { createServer } from 'node:net'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { LANE_DEPTH } from '../../../lib/app/jobs/inbox.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import { createDeps, type Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { takeDelivery } from '../../../lib/http/webhook/delivery.ts'
import { describeDatabases } from '../../support/databases.ts'
import { type Product, startProduct, WEBHOOK_SECRET } from '../../support/product.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'
import { wakingHost } from '../../support/unready-servers.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.close())
beforeEach(() => {
  product.openai.recover()
  // These lessons are about what is kept and when: they stay texts, which is quicker.
  product.openai.failAll('speak', { kind: 'server-error' })
})

const SECRET_HEADER = 'x-telegram-bot-api-secret-token'

type Body = string | Uint8Array<ArrayBuffer> | object

function delivery(
  body: Body,
  headers: Record<string, string> = { [SECRET_HEADER]: WEBHOOK_SECRET },
): Request {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  return new Request('https://bot.example/webhook', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: isRaw ? body : JSON.stringify(body),
  })
}

/** The webhook's function; `change` replaces some of what it is made of. */
function webhook(change: Partial<Deps> = {}) {
  return answering(async () => ({ ...product.deps, ...change }), { POST: takeDelivery })
}

/** The webhook, where nothing runs what it stores. */
function storingWebhook(change: Partial<Deps> = {}) {
  return webhook({ wake: () => {}, sweepSoon: () => {}, ...change })
}

function finishFirst(): Partial<Deps> {
  return { config: { ...product.deps.config, ackMode: 'finished' } }
}

let people = 0

/** A learner who has been through onboarding and talks to the bot. */
async function newLearner() {
  people += 1
  const user = { id: 5_000 + people, is_bot: false, first_name: 'Olena', language_code: 'uk' }
  const { id } = await product.deps.learners.chooseNativeLanguage(user.id, 'uk')
  return { id, chatId: user.id, ...product.telegram.learner(user) }
}

function lessonsOf(learnerId: number) {
  return product.db
    .selectFrom('lesson')
    .selectAll()
    .where('learner_id', '=', learnerId)
    .orderBy('id')
    .execute()
}

async function storedRows() {
  return product.db.selectFrom('inbox').selectAll().orderBy('id').execute()
}

async function newestRow() {
  const rows = await storedRows()
  const row = rows.at(-1)
  if (row === undefined) throw new Error('The inbox is empty.')
  return row
}

describe('requests that are no delivery', () => {
  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'constructor', 'toString'])(
    'the method %s is 405, with the allowed one named',
    async (method) => {
      const headers = { [SECRET_HEADER]: WEBHOOK_SECRET }
      const request = new Request('https://bot.example/webhook', { method, headers })
      const response = await storingWebhook()(request)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('POST')
    },
  )

  test('deliveries with a wrong secret are one line of the log a minute, with their count', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const log = rememberingLog()
      const fetch = storingWebhook({ log })
      const deliverForged = async (count: number) => {
        for (let sent = 0; sent < count; sent += 1) {
          const response = await fetch(delivery({ update_id: 1 }, { [SECRET_HEADER]: 'guess' }))
          expect(response.status).toBe(401)
        }
      }
      await deliverForged(3)
      vi.advanceTimersByTime(60_000)
      await deliverForged(2)
      const line = { path: '/webhook', code: 'unauthorized', status: 401 }
      expect(log.lines).toEqual([
        { event: 'request_refused', fields: expect.objectContaining({ ...line, count: 1 }) },
        { event: 'request_refused', fields: expect.objectContaining({ ...line, count: 3 }) },
      ])
      expect(JSON.stringify(log.lines)).not.toContain('guess')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a message', () => {
  test('a message is stored, committed and bound to its chat before the answer', async () => {
    const learner = await newLearner()
    const update = learner.says('Já mám rád kniha.')
    const response = await storingWebhook()(delivery(update))
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(await newestRow()).toMatchObject({
      source: `tg:${product.deps.config.telegram.botId}`,
      key: String(update.update_id),
      lane: `chat:${learner.chatId}`,
      state: 'waiting',
      chat_id: learner.chatId,
      message_id: update.message.message_id,
      payload: new TextEncoder().encode(JSON.stringify(update)),
    })
  })

  test('a message is a lesson after its delivery is answered', async () => {
    const learner = await newLearner()
    expect((await webhook()(delivery(learner.says('Já mám rád kniha.')))).status).toBe(200)
    await product.deps.idle()
    expect(await lessonsOf(learner.id)).toMatchObject([{ said: 'Já mám rád kniha.', kind: 'text' }])
  })

  test('commands, presses and payments take slots of their own, whatever lessons are under way', async () => {
    const { says, user } = await newLearner()
    const payment = {
      ...says('x').message,
      text: undefined,
      successful_payment: { currency: 'XTR' },
    }
    const checkout = { id: '1', from: user, currency: 'XTR', total_amount: 1, invoice_payload: '' }
    const cases = [
      ['quick', says('/help')],
      ['quick', { update_id: 1, callback_query: { id: '2', from: user } }],
      ['quick', { update_id: 2, pre_checkout_query: checkout }],
      ['quick', { update_id: 3, message: payment }],
      ['lesson', says('Mám /help rád.')],
      ['lesson', { ...says('y'), message: { ...says('z').message, text: ['/help'] } }],
    ] as const
    for (const [slots, update] of cases) {
      const wokenSlots: string[] = []
      const wake: Deps['wake'] = (_, wokenSlot) => void wokenSlots.push(wokenSlot)
      await storingWebhook({ wake })(delivery(update))
      expect([wokenSlots, (await newestRow()).slots]).toEqual([[slots], slots])
    }
  })

  test('a message in a chat where thirty wait is acknowledged, and its sender told so once', async () => {
    const learner = await newLearner()
    for (let n = 0; n < LANE_DEPTH; n += 1) {
      await storingWebhook()(delivery(learner.says(`Zpráva ${n}.`)))
    }
    const rows = (await storedRows()).length
    for (const word of ['Ještě jedna.', 'A ještě.']) {
      const wokenLanes: string[] = []
      const wake: Deps['wake'] = (lane) => void wokenLanes.push(lane)
      const response = await storingWebhook({ wake })(delivery(learner.says(word)))
      expect([response.status, wokenLanes]).toEqual([200, [`full:chat:${learner.chatId}`]])
    }
    expect(await storedRows()).toHaveLength(rows + 1)
    await product.deps.drain(`full:chat:${learner.chatId}`, 'quick')
    const texts = product.telegram.chat(learner.chatId).messages.map(({ text }) => text)
    expect(texts.at(-1)).toBe(text('uk', 'failure.surplus'))
    expect(await lessonsOf(learner.id)).toEqual([])
    await product.db.deleteFrom('inbox').where('chat_id', '=', learner.chatId).execute()
  })

  test('a message delivered twice is one lesson', async () => {
    const learner = await newLearner()
    const update = learner.says('Včera jsem byl doma.')
    const answers = await Promise.all([webhook()(delivery(update)), webhook()(delivery(update))])
    await product.deps.idle()
    const lateAnswer = await webhook()(delivery(update))
    await product.deps.idle()
    expect([...answers, lateAnswer].map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await lessonsOf(learner.id)).toHaveLength(1)
  })

  test('a message delivered again under a new update id is one lesson', async () => {
    const learner = await newLearner()
    const update = learner.says('Včera jsem byl doma.')
    await webhook()(delivery(update))
    await product.deps.idle()
    const sameMessage = { ...update, update_id: update.update_id + 500 }
    expect((await webhook()(delivery(sameMessage))).status).toBe(200)
    expect((await webhook(finishFirst())(delivery(sameMessage))).status).toBe(200)
    await product.deps.idle()
    expect(await lessonsOf(learner.id)).toHaveLength(1)
  })

  test('a message under an update id that another one has had is a lesson of its own, once', async () => {
    const [olena, ivan] = [await newLearner(), await newLearner()]
    const firstUpdate = olena.says('Včera jsem byl doma.')
    await webhook()(delivery(firstUpdate))
    await product.deps.idle()
    const log = rememberingLog()
    for (const text of ['Dneska jsem v práci.', 'Zítra budu doma.']) {
      const update = { ...ivan.says(text), update_id: firstUpdate.update_id }
      for (let times = 0; times < 2; times += 1) {
        expect((await webhook({ log })(delivery(update))).status).toBe(200)
        await product.deps.idle()
        expect((await webhook({ ...finishFirst(), log })(delivery(update))).status).toBe(200)
      }
    }
    await product.deps.idle()
    expect(await lessonsOf(olena.id)).toMatchObject([{ said: 'Včera jsem byl doma.' }])
    expect(await lessonsOf(ivan.id)).toMatchObject([
      { said: 'Dneska jsem v práci.' },
      { said: 'Zítra budu doma.' },
    ])
    expect(log.lines.find(({ event }) => event === 'update_id_reused')?.fields.key).toMatch(
      new RegExp(`^${firstUpdate.update_id}:[0-9a-f]{16}$`),
    )
  })

  test('presses, edits and poison under an update id that was seen are told apart, too', async () => {
    const { chatId: id } = await newLearner()
    const press = (queryId: string) => ({ callback_query: { id: queryId, from: { id } } })
    const edit = (edit_date: number) => ({
      edited_message: { message_id: 1, chat: { id }, date: 1, edit_date },
    })
    const contents = [press('1'), press('2'), edit(5), edit(6), { message: 1 }, { message: 2 }]
    for (const content of [...contents, ...contents]) {
      await storingWebhook()(delivery({ update_id: 940_000_001, ...content }))
    }
    const keys = (await storedRows()).filter(({ key }) => key.startsWith('940000001'))
    expect(keys.map(({ lane }) => lane)).toEqual([
      ...[`tap:${id}`, `tap:${id}`, `chat:${id}`, `chat:${id}`],
      ...['poison', 'poison'],
    ])
  })

  test('a message with fields and values unknown to us is a lesson', async () => {
    const learner = await newLearner()
    const update = learner.says('Dnes je hezky.', {
      mood: { curious: [1, null, { deep: true }] },
      paid_star_count: 'many',
    })
    const future = { ...update, api_version: 99, hologram: { from: null }, __proto__x: [] }
    await webhook()(delivery(future))
    await product.deps.idle()
    expect(await lessonsOf(learner.id)).toHaveLength(1)
  })

  test('a message with a NUL and half a surrogate pair in it is a lesson', async () => {
    const learner = await newLearner()
    const update = learner.says('Mám rád \u0000 pivo \ud800 a knihy.')
    await webhook()(delivery(update))
    await product.deps.idle()
    const [lesson] = await lessonsOf(learner.id)
    expect(lesson?.said).toContain('pivo')
    expect(lesson?.said.isWellFormed()).toBe(true)
    expect(lesson?.said).not.toContain('\u0000')
  })

  test('a duplicate delivery wakes its lane again, for the first process may have died', async () => {
    const learner = await newLearner()
    const update = learner.says('Jsem tady.')
    // An instance has stored the job and died before it woke anything.
    await storingWebhook()(delivery(update))
    expect(await lessonsOf(learner.id)).toHaveLength(0)
    await webhook({ sweepSoon: () => {} })(delivery(update))
    await product.deps.idle()
    expect(await lessonsOf(learner.id)).toHaveLength(1)
  })

  test('an update of an unknown kind is stored and ends quietly', async () => {
    const update = { update_id: 900_000_001, telepathy: { from: { id: 1 }, thought: 'ahoj' } }
    expect((await webhook()(delivery(update))).status).toBe(200)
    await product.deps.idle()
    const rows = await storedRows()
    expect(rows.find(({ key }) => key === '900000001')).toMatchObject({ state: 'done' })
  })
})

describe('poison', () => {
  const message = { message_id: 1, chat: { id: 1 } }
  const brackets = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const cases: [string, Body][] = [
    ['a space', ' '],
    ['no JSON', 'update_id=1'],
    ['half a JSON', '{"update_id":1,"mess'],
    ['null', 'null'],
    ['a list', '[{"update_id":1}]'],
    ['a number', '17'],
    ['no update id', { message }],
    ['an update id that is a string', { update_id: '17', message }],
    ['an update id that is no integer', { update_id: 1.5 }],
    ['an update id beyond the safe integers', '{"update_id":9007199254740993}'],
    ['an update id that is infinite', '{"update_id":1e999}'],
    ['a message that is a string', { update_id: 910_000_001, message: 'ahoj' }],
    ['a message without a chat', { update_id: 910_000_002, message: { message_id: 1 } }],
    [
      'a chat id that is an object',
      { update_id: 910_000_003, message: { ...message, chat: { id: {} } } },
    ],
    ['a button press without a sender', { update_id: 910_000_004, callback_query: { id: '1' } }],
    ['200,000 brackets', brackets],
    ['300 kB', `{"update_id":910000005,"filler":"${'x'.repeat(300_000)}"}`],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x00, 0xc3, 0x28])],
    ['a NUL', '\u0000'],
    ['half a surrogate pair', '"\\ud800"'],
    ['a key that poisons prototypes', '{"__proto__":{"update_id":1},"constructor":null}'],
  ]

  test.each(cases)(
    '%s is 200, kept for a person to look at, logged and never run',
    async (_case, body) => {
      const log = rememberingLog()
      const wokenLanes: string[] = []
      const fetch = storingWebhook({ log, wake: (lane) => wokenLanes.push(lane) })
      const response = await fetch(delivery(body))
      expect(response.status).toBe(200)
      const row = await newestRow()
      expect(row.state).toBe('poison')
      expect(log.lines).toContainEqual({
        event: 'poison_stored',
        fields: { key: row.key, bytes: expect.any(Number) },
      })
      expect(wokenLanes).toEqual([])
    },
  )

  test('a delivery without a body is 200, and leaves nothing behind: Telegram sends none', async () => {
    const countBefore = (await storedRows()).length
    const response = await storingWebhook()(delivery(''))
    expect([response.status, (await storedRows()).length]).toEqual([200, countBefore])
  })

  test('poison is stored byte for byte', async () => {
    const bytes = new Uint8Array([0x7b, 0x00, 0xff, 0xd8, 0x00, 0x7d])
    await storingWebhook()(delivery(bytes))
    expect((await newestRow()).payload).toEqual(bytes)
  })

  test('poison is stored once, however often it is resent', async () => {
    const countBefore = (await storedRows()).length
    for (let times = 0; times < 3; times += 1) {
      expect((await storingWebhook()(delivery('{"resent":true}'))).status).toBe(200)
    }
    expect(await storedRows()).toHaveLength(countBefore + 1)
  })

  test('poison is stored up to the size of the largest update; the rest is discarded, up to a limit', async () => {
    let chunks = 0
    const chunk = new Uint8Array(64 * 1024).fill(0x20)
    const body = new ReadableStream({
      pull(controller) {
        chunks += 1
        if (chunks > 1_000) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const init = { method: 'POST', headers: { [SECRET_HEADER]: WEBHOOK_SECRET }, body }
    const request = new Request('https://bot.example/webhook', { ...init, duplex: 'half' })
    expect((await storingWebhook()(request)).status).toBe(200)
    // 32 MB and no more: with less left unread, the connection could not go on.
    expect(chunks).toBeLessThan(600)
    expect((await newestRow()).payload).toHaveLength(256 * 1024)
  })
})

describe('laws of the webhook', () => {
  async function isKept(body: Body): Promise<void> {
    const response = await storingWebhook()(delivery(body))
    expect(response.status).toBe(200)
  }

  test('a delivery of any bytes is 200', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array))
    await fc.assert(fc.asyncProperty(bytes, isKept), { numRuns: 60 })
  })

  test('an update with any JSON in it is 200', async () => {
    const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: false })
    const updates = fc.record(
      {
        update_id: fc.oneof(json, fc.integer()),
        message: fc.oneof(
          json,
          fc.record({ message_id: json, chat: json, from: json, text: json }),
        ),
        callback_query: fc.oneof(json, fc.record({ id: json, from: json, data: json })),
        pre_checkout_query: json,
        edited_message: json,
      },
      { requiredKeys: [] },
    )
    await fc.assert(fc.asyncProperty(updates, isKept), { numRuns: 120 })
  })
})

describe('a database that cannot be reached', () => {
  async function unreachable(url: string, body: Body): Promise<Response> {
    const deps = await createDeps({ ...product.env, DATABASE_URL: url })
    try {
      return await answering(async () => deps, { POST: takeDelivery })(delivery(body))
    } finally {
      await deps.close()
    }
  }

  test.each([
    ['an update', { update_id: 930_000_001 }],
    ['poison', 'no update'],
  ])(
    'a database out of reach is 503 with Retry-After for %s, and Telegram keeps the delivery',
    async (_case, body) => {
      const response = await unreachable('postgres://nobody@127.0.0.1:1/nothing', body)
      expect(response.status).toBe(503)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await response.json()).toMatchObject({ code: 'database_unavailable' })
    },
  )

  test('a database that closes the connection is 503', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const response = await unreachable(`postgres://nobody@127.0.0.1:${port}/nothing`, {
      update_id: 1,
    })
    server.close()
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
  })

  test('without the secret a delivery is 401 even while the database is out of reach', async () => {
    const deps = await createDeps({
      ...product.env,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
    })
    const fetch = answering(async () => deps, { POST: takeDelivery })
    expect((await fetch(delivery({ update_id: 1 }, {}))).status).toBe(401)
    await deps.close()
  })
})

describeDatabases(
  'a database by WebSocket',
  (database) => {
    test('a database whose WebSocket comes too late is 503 with Retry-After, and the delivery is taken once it is there', async () => {
      const url = new URL(database().url ?? '')
      url.hostname = 'test-pooler.localhost'
      const deps = await createDeps({ ...product.env, DATABASE_URL: url.href })
      const fetch = answering(async () => ({ ...deps, wake: () => {}, sweepSoon: () => {} }), {
        POST: takeDelivery,
      })
      const { says } = product.telegram.learner({ id: 4_999, first_name: 'Olena' })
      const update = says('Jsem doma.')
      {
        await using host = await wakingHost()
        const response = await host.tooLate(() => fetch(delivery(update)))
        expect(response.status).toBe(503)
        expect(response.headers.get('retry-after')).toBe('5')
        expect(await response.json()).toMatchObject({ code: 'database_unavailable' })
      }
      expect((await fetch(delivery(update))).status).toBe(200)
      const stored = await database().db.selectFrom('inbox').select('key').execute()
      expect(stored).toEqual([{ key: String(update.update_id) }])
      await deps.close()
    })
  },
  ['vercel-postgres'],
)

describe('the ack mode `finished`', () => {
  test('in the ack mode `finished` a delivery is 200 when its lesson is over', async () => {
    const learner = await newLearner()
    const response = await webhook(finishFirst())(delivery(learner.says('Jsem doma.')))
    expect(response.status).toBe(200)
    expect(await lessonsOf(learner.id)).toHaveLength(1)
    expect(product.telegram.chat(learner.chatId).messages.at(-1)?.author).toBe('bot')
  })

  test('in the ack mode `finished` a delivery is 503 until its waiting job is due, and 200 once it is done', async () => {
    const learner = await newLearner()
    const update = learner.says('Jsem v práci.')
    product.openai.failAll('reply', { kind: 'quota-exhausted' })
    const response = await webhook(finishFirst())(delivery(update))
    expect(response.status).toBe(503)
    const seconds = Number(response.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(20)
    expect(seconds).toBeLessThanOrEqual(30)

    product.openai.recover()
    await sql`update breaker set probe_at = now()`.execute(product.db)
    await sql`update inbox set due_at = now() where state = 'waiting'`.execute(product.db)
    expect((await webhook(finishFirst())(delivery(update))).status).toBe(200)
    expect(await lessonsOf(learner.id)).toHaveLength(1)
  })

  test('in the ack mode `finished` a delivery is 503 while another process holds the job', async () => {
    const learner = await newLearner()
    const update = learner.says('Kde je Anna?')
    await storingWebhook()(delivery(update))
    const claim = await product.deps.inbox.claim(`chat:${learner.chatId}`, 'lesson')
    expect(claim.kind).toBe('claimed')
    const response = await webhook(finishFirst())(delivery(update))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
  })

  test('in the ack mode `finished` a dead job is 200, for Telegram must not resend it', async () => {
    const learner = await newLearner()
    const update = learner.says('Kolik to stojí?')
    await storingWebhook()(delivery(update))
    await sql`update inbox set attempts = 6 where lane = ${`chat:${learner.chatId}`}`.execute(
      product.db,
    )
    expect((await webhook(finishFirst())(delivery(update))).status).toBe(200)
    const rows = await storedRows()
    expect(rows.find(({ key }) => key === String(update.update_id))?.state).toBe('dead')
  })

  test('in the ack mode `finished` poison is 200', async () => {
    expect((await webhook(finishFirst())(delivery('rubbish'))).status).toBe(200)
  })
})
