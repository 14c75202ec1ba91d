import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANNA, ask, BORIS, clock, start, webhook } from '../ask-telegram.ts'

/** An answer whose body never becomes whole. */
function brokenOff(): Response {
  return new Response(new ReadableStream({ pull: (body) => body.error(new Error('broken off')) }))
}

describe('delivery', () => {
  test('keeps each chat in order and lets another chat pass one that waits', async () => {
    const telegram = await start()
    const held = Promise.withResolvers<Response>()
    const passed = Promise.withResolvers<void>()
    const received = await webhook(telegram, ({ chat }, count) => {
      if (count === 1) return held.promise
      if (chat === BORIS.id && count === 3) passed.resolve()
      return new Response()
    })
    const anna = telegram.learner(ANNA)
    const boris = telegram.learner(BORIS)
    const hers = [anna.says('1'), anna.says('2'), anna.says('3')].map((update) => update.update_id)
    const his = [boris.says('1'), boris.says('2')].map((update) => update.update_id)
    await passed.promise
    expect(received.map(({ id }) => id)).toEqual([hers[0], ...his])
    held.resolve(new Response())
    await telegram.settled()
    expect(received.map(({ id }) => id)).toEqual([hers[0], ...his, hers[1], hers[2]])
  })

  test('lets a button overtake the message before it: taps queue by user', async () => {
    const telegram = await start()
    const anna = telegram.learner(ANNA)
    const reply_markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Dál?', reply_markup })
    const held = Promise.withResolvers<Response>()
    await webhook(telegram, (_, count) => {
      if (count === 1) return held.promise
      held.resolve(new Response())
      return new Response()
    })
    anna.says('pomalu')
    anna.taps(1, 'yes')
    await telegram.settled()
    expect(telegram.attempts.map(({ lane }) => lane)).toEqual(['chat:501', 'tap:501'])
  })

  test('has at most max_connections updates under way', async () => {
    const telegram = await start()
    let underWay = 0
    let most = 0
    await webhook(
      telegram,
      async () => {
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        return new Response()
      },
      { maxConnections: 2 },
    )
    for (let id = 1; id <= 12; id += 1) telegram.learner({ id, first_name: 'x' }).says('Ahoj')
    await telegram.settled()
    expect(most).toBe(2)
    expect(telegram.attempts).toHaveLength(12)
  })

  test('resends until 2xx: at once, then after 2, 4, 8 s and so on', async () => {
    const { now, delay, waits } = clock()
    const telegram = await start({ now, delay })
    const received = await webhook(
      telegram,
      (_, count) => new Response(null, { status: count < 6 ? 500 : 204 }),
    )
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(received).toHaveLength(6)
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000])
    expect(telegram.attempts.map(({ attempt, next }) => [attempt, next])).toEqual([
      [1, { resendAfterSeconds: 0 }],
      [2, { resendAfterSeconds: 2 }],
      [3, { resendAfterSeconds: 4 }],
      [4, { resendAfterSeconds: 8 }],
      [5, { resendAfterSeconds: 16 }],
      [6, 'acknowledged'],
    ])
  })

  test('waits as long as Retry-After says instead, at most an hour; only whole seconds count', async () => {
    const { now, delay, waits } = clock()
    const telegram = await start({ now, delay })
    const headers = ['7', '7200', 'soon', undefined]
    await webhook(telegram, (_, count) => {
      const after = headers[count - 1]
      const init = after === undefined ? {} : { headers: { 'retry-after': after } }
      return new Response(null, { status: count > 3 ? 200 : 503, ...init })
    })
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(waits).toEqual([7_000, 3_600_000, 2_000])
  })

  test('scales its waits when asked to', async () => {
    const { now, delay, waits } = clock()
    const telegram = await start({ now, delay, resendScale: 0.01 })
    await webhook(telegram, (_, count) => new Response(null, { status: count < 3 ? 500 : 200 }))
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(waits).toEqual([20])
  })

  test('drops a message after a day and a tap after 150 s, and goes on with the next', async () => {
    const { now, delay } = clock()
    const telegram = await start({ now, delay })
    const anna = telegram.learner(ANNA)
    const reply_markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Dál?', reply_markup })
    const lost = anna.taps(1, 'yes').update_id
    const received = await webhook(telegram, ({ id }) =>
      id === lost ? new Response(null, { status: 500 }) : new Response(),
    )
    const begun = now()
    await telegram.settled()
    // 0 + 2 + 4 + 8 + 16 + 32 + 64 s have passed; another 90 would be too many.
    expect(now() - begun).toBe(126_000)
    expect(received).toHaveLength(8)
    expect(telegram.attempts.at(-1)?.next).toBe('dropped')

    const day = await start({ now, delay })
    const tried = await webhook(day, (_, count) =>
      count < 30
        ? new Response(null, { status: 503, headers: { 'retry-after': '3600' } })
        : new Response(),
    )
    const kept = [day.learner(ANNA).says('1'), day.learner(ANNA).says('2')]
    await day.settled()
    expect(tried.filter(({ id }) => id === kept[0]?.update_id)).toHaveLength(25)
  })

  test('takes silence, a broken answer and a refused connection for failures, and tells of the last', async () => {
    const { now, delay } = clock()
    const telegram = await start({ now, delay, responseTimeoutMs: 500 })
    await webhook(telegram, (_, count) => {
      if (count === 1) return Promise.withResolvers<Response>().promise
      return count === 2 ? brokenOff() : new Response()
    })
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(telegram.attempts.map(({ outcome }) => outcome)).toMatchObject([
      { ok: false, error: 'Read timeout expired' },
      { ok: false, error: 'Webhook connection closed' },
      { ok: true, status: 200 },
    ])

    telegram.setWebhook('http://127.0.0.1:1/')
    telegram.learner(ANNA).says('Ahoj')
    const settled = telegram.settled()
    while (telegram.attempts.length < 6) await new Promise((resolve) => setImmediate(resolve))
    const info = await ask(telegram, 'getWebhookInfo')
    expect(info.result).toMatchObject({
      pending_update_count: 1,
      last_error_message: 'Connection refused',
    })
    await webhook(telegram)
    await settled
  })

  test('delivers a duplicate on demand, after the first or beside it', async () => {
    const telegram = await start()
    const both = Promise.withResolvers<void>()
    const received = await webhook(telegram, async (_, count) => {
      if (count === 3) both.resolve()
      if (count >= 2) await both.promise
      return new Response()
    })
    const update = telegram.learner(ANNA).says('Ahoj')
    telegram.deliver(update)
    telegram.deliver(update, 'beside')
    await telegram.settled()
    expect(received.map(({ id }) => id)).toEqual(Array(3).fill(update.update_id))
    expect(telegram.chat(501).messages).toHaveLength(1)
  })

  test('takes an update as it is given, however odd', async () => {
    const telegram = await start({ firstUpdateId: 1 })
    const received = await webhook(telegram)
    telegram.deliver({ update_id: 90, poll: null })
    const malformed: Record<string, unknown>[] = [
      { message: { text: 'x' } },
      { callback_query: {} },
    ]
    for (const update of malformed) telegram.deliver(update)
    telegram.deliver({})
    await telegram.settled()
    expect(received.map(({ id }) => id).toSorted()).toEqual([90, 91, 92, 93])
  })

  test('sends only the update types allowed', async () => {
    const telegram = await start()
    const received = await webhook(telegram, undefined, { allowedUpdates: ['callback_query'] })
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(received).toEqual([])
    const url = 'http://127.0.0.1:1/'
    await ask(telegram, 'setWebhook', { url, allowed_updates: [] })
    telegram.deliver({ chat_member: { chat: { id: 501 } } })
    expect(telegram.pendingCount()).toBe(0)
    telegram.deliver({ my_chat_member: { chat: { id: 501 } } })
    expect(telegram.pendingCount()).toBe(1)
    await ask(telegram, 'deleteWebhook', { drop_pending_updates: true })
    expect(telegram.pendingCount()).toBe(0)
  })

  test('executes the method a webhook answers with, but not one that reads or sets', async () => {
    const telegram = await start()
    const replies = [{ method: 'sendMessage', chat_id: 501, text: 'Ahoj!' }, { method: 'getMe' }]
    await webhook(telegram, (_, count) => Response.json(replies[count - 1]))
    telegram.learner(ANNA).says('Ahoj')
    telegram.learner(ANNA).says('Kdo jsi?')
    await telegram.settled()
    expect(
      telegram
        .chat(501)
        .messages.map(({ text }) => text)
        .toSorted(),
    ).toEqual(['Ahoj', 'Ahoj!', 'Kdo jsi?'])
    expect(telegram.calls.map(({ method, via }) => [method, via])).toEqual([
      ['sendMessage', 'webhook-reply'],
    ])
  })

  test('holds updates until a webhook is set, and gives them to getUpdates only while none is', async () => {
    const telegram = await start({ firstUpdateId: 5 })
    telegram.learner(ANNA).says('1')
    telegram.learner(ANNA).says('2')
    await expect(telegram.settled()).rejects.toThrow('2 updates wait')
    const polled = await ask(telegram, 'getUpdates', { offset: 6 })
    expect(polled.result).toMatchObject([{ update_id: 6 }])
    const received = await webhook(telegram)
    await telegram.settled()
    expect(received.map(({ id }) => id)).toEqual([6])
    expect(await ask(telegram, 'getUpdates')).toMatchObject({ status: 409, error_code: 409 })
  })

  test('tells of the webhook what it was set to', async () => {
    const telegram = await start()
    await ask(telegram, 'setWebhook', {
      url: 'https://example.com/webhook',
      secret_token: 'a_B-9',
      max_connections: 500,
      allowed_updates: ['message', 'callback_query', 'nonsense'],
    })
    const { result } = await ask(telegram, 'getWebhookInfo')
    expect(result).toEqual({
      url: 'https://example.com/webhook',
      has_custom_certificate: false,
      pending_update_count: 0,
      max_connections: 100,
      allowed_updates: ['message', 'callback_query'],
    })
  })
})

test('whatever fails, each chat gets its updates in order, and each one is acknowledged once', async () => {
  const outcomes = fc.array(fc.constantFrom('ok', 'error', 'later', 'cut'), { maxLength: 40 })
  const senders = fc.array(fc.constantFrom(ANNA, BORIS), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(senders, outcomes, async (users, plan) => {
      const { now, delay } = clock()
      const telegram = await start({ now, delay })
      await webhook(telegram, (_, count) => {
        const outcome = plan[count - 1] ?? 'ok'
        if (outcome === 'ok') return new Response()
        if (outcome === 'error') return new Response(null, { status: 500 })
        if (outcome === 'later') {
          return new Response(null, { status: 503, headers: { 'retry-after': '3' } })
        }
        return brokenOff()
      })
      const sent = users.map((user) => telegram.learner(user).says('Ahoj'))
      await telegram.settled()
      const acknowledged = telegram.attempts.filter(({ next }) => next === 'acknowledged')
      for (const { id } of [ANNA, BORIS]) {
        const inLane = acknowledged.filter(({ lane }) => lane === `chat:${id}`)
        const hers = sent.filter(({ message }) => message.chat.id === id)
        expect(inLane.map(({ updateId }) => updateId)).toEqual(
          hers.map((update) => update.update_id),
        )
      }
      await telegram.stop()
    }),
    { numRuns: 20 },
  )
})
