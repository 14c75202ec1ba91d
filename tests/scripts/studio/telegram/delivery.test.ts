import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANNA, ask, BORIS, clock, start, webhook } from '../ask-telegram.ts'

/** An answer whose body never becomes whole. */
function brokenAnswer(): Response {
  return new Response(new ReadableStream({ pull: (body) => body.error(new Error('broken off')) }))
}

describe('delivery', () => {
  test('updates of one chat arrive in order, and another chat overtakes one that waits', async () => {
    const telegram = await start()
    const slowAnswer = Promise.withResolvers<Response>()
    const overtaking = Promise.withResolvers<void>()
    const deliveries = await webhook(telegram, ({ chat }, count) => {
      if (count === 1) return slowAnswer.promise
      if (chat === BORIS.id && count === 3) overtaking.resolve()
      return new Response()
    })
    const anna = telegram.learner(ANNA)
    const boris = telegram.learner(BORIS)
    const annasIds = [anna.says('1'), anna.says('2'), anna.says('3')].map(
      (update) => update.update_id,
    )
    const borisIds = [boris.says('1'), boris.says('2')].map((update) => update.update_id)
    await overtaking.promise
    expect(deliveries.map(({ id }) => id)).toEqual([annasIds[0], ...borisIds])
    slowAnswer.resolve(new Response())
    await telegram.settled()
    expect(deliveries.map(({ id }) => id)).toEqual([
      annasIds[0],
      ...borisIds,
      annasIds[1],
      annasIds[2],
    ])
  })

  test('a tap overtakes the message before it, since taps queue by user', async () => {
    const telegram = await start()
    const anna = telegram.learner(ANNA)
    const reply_markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Dál?', reply_markup })
    const slowAnswer = Promise.withResolvers<Response>()
    await webhook(telegram, (_, count) => {
      if (count === 1) return slowAnswer.promise
      slowAnswer.resolve(new Response())
      return new Response()
    })
    anna.says('pomalu')
    anna.taps(1, 'yes')
    await telegram.settled()
    expect(telegram.attempts.map(({ lane }) => lane)).toEqual(['chat:501', 'tap:501'])
  })

  test('at most max_connections updates are under way', async () => {
    const telegram = await start()
    let underWay = 0
    let maximum = 0
    await webhook(
      telegram,
      async () => {
        underWay += 1
        maximum = Math.max(maximum, underWay)
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        return new Response()
      },
      { maxConnections: 2 },
    )
    for (let id = 1; id <= 12; id += 1) telegram.learner({ id, first_name: 'x' }).says('Ahoj')
    await telegram.settled()
    expect(maximum).toBe(2)
    expect(telegram.attempts).toHaveLength(12)
  })

  test('an update is sent again until 2xx: at once, then after 2, 4, 8 s and so on', async () => {
    const { now, delay, waits } = clock()
    const telegram = await start({ now, delay })
    const deliveries = await webhook(
      telegram,
      (_, count) => new Response(null, { status: count < 6 ? 500 : 204 }),
    )
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(deliveries).toHaveLength(6)
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

  test('a resend waits as long as Retry-After says, at most an hour; only whole seconds count', async () => {
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

  test('resendScale multiplies the waits before a resend', async () => {
    const { now, delay, waits } = clock()
    const telegram = await start({ now, delay, resendScale: 0.01 })
    await webhook(telegram, (_, count) => new Response(null, { status: count < 3 ? 500 : 200 }))
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(waits).toEqual([20])
  })

  test('a message is dropped after a day and a tap after 150 s, and the next update follows', async () => {
    const { now, delay } = clock()
    const telegram = await start({ now, delay })
    const anna = telegram.learner(ANNA)
    const reply_markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Dál?', reply_markup })
    const tapId = anna.taps(1, 'yes').update_id
    const tapDeliveries = await webhook(telegram, ({ id }) =>
      id === tapId ? new Response(null, { status: 500 }) : new Response(),
    )
    const startedAt = now()
    await telegram.settled()
    // 0 + 2 + 4 + 8 + 16 + 32 + 64 s have passed; another 90 would be too many.
    expect(now() - startedAt).toBe(126_000)
    expect(tapDeliveries).toHaveLength(8)
    expect(telegram.attempts.at(-1)?.next).toBe('dropped')

    const secondTelegram = await start({ now, delay })
    const messageDeliveries = await webhook(secondTelegram, (_, count) =>
      count < 30
        ? new Response(null, { status: 503, headers: { 'retry-after': '3600' } })
        : new Response(),
    )
    const updates = [secondTelegram.learner(ANNA).says('1'), secondTelegram.learner(ANNA).says('2')]
    await secondTelegram.settled()
    expect(messageDeliveries.filter(({ id }) => id === updates[0]?.update_id)).toHaveLength(25)
  })

  test('silence, a broken answer and a refused connection are failures, and getWebhookInfo shows the last', async () => {
    const { now, delay } = clock()
    const telegram = await start({ now, delay, responseTimeoutMs: 500 })
    await webhook(telegram, (_, count) => {
      if (count === 1) return Promise.withResolvers<Response>().promise
      return count === 2 ? brokenAnswer() : new Response()
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
    const settling = telegram.settled()
    while (telegram.attempts.length < 6) await new Promise((resolve) => setImmediate(resolve))
    const info = await ask(telegram, 'getWebhookInfo')
    expect(info.result).toMatchObject({
      pending_update_count: 1,
      last_error_message: 'Connection refused',
    })
    await webhook(telegram)
    await settling
  })

  test('a duplicate is delivered on demand, after the first or beside it', async () => {
    const telegram = await start()
    const duplicates = Promise.withResolvers<void>()
    const deliveries = await webhook(telegram, async (_, count) => {
      if (count === 3) duplicates.resolve()
      if (count >= 2) await duplicates.promise
      return new Response()
    })
    const update = telegram.learner(ANNA).says('Ahoj')
    telegram.deliver(update)
    telegram.deliver(update, 'beside')
    await telegram.settled()
    expect(deliveries.map(({ id }) => id)).toEqual(Array(3).fill(update.update_id))
    expect(telegram.chat(501).messages).toHaveLength(1)
  })

  test('an odd or malformed update is delivered as it is', async () => {
    const telegram = await start({ firstUpdateId: 1 })
    const deliveries = await webhook(telegram)
    telegram.deliver({ update_id: 90, poll: null })
    const malformedUpdates: Record<string, unknown>[] = [
      { message: { text: 'x' } },
      { callback_query: {} },
    ]
    for (const update of malformedUpdates) telegram.deliver(update)
    telegram.deliver({})
    await telegram.settled()
    expect(deliveries.map(({ id }) => id).toSorted()).toEqual([90, 91, 92, 93])
  })

  test('only the allowed update types are delivered', async () => {
    const telegram = await start()
    const deliveries = await webhook(telegram, undefined, { allowedUpdates: ['callback_query'] })
    telegram.learner(ANNA).says('Ahoj')
    await telegram.settled()
    expect(deliveries).toEqual([])
    const url = 'http://127.0.0.1:1/'
    await ask(telegram, 'setWebhook', { url, allowed_updates: [] })
    telegram.deliver({ chat_member: { chat: { id: 501 } } })
    expect(telegram.pendingCount()).toBe(0)
    telegram.deliver({ my_chat_member: { chat: { id: 501 } } })
    expect(telegram.pendingCount()).toBe(1)
    await ask(telegram, 'deleteWebhook', { drop_pending_updates: true })
    expect(telegram.pendingCount()).toBe(0)
  })

  test("the method in a webhook's answer runs, except one that reads or sets", async () => {
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

  test('updates wait until a webhook is set, and getUpdates returns them only until then', async () => {
    const telegram = await start({ firstUpdateId: 5 })
    telegram.learner(ANNA).says('1')
    telegram.learner(ANNA).says('2')
    await expect(telegram.settled()).rejects.toThrow('2 updates wait')
    const poll = await ask(telegram, 'getUpdates', { offset: 6 })
    expect(poll.result).toMatchObject([{ update_id: 6 }])
    const deliveries = await webhook(telegram)
    await telegram.settled()
    expect(deliveries.map(({ id }) => id)).toEqual([6])
    expect(await ask(telegram, 'getUpdates')).toMatchObject({ status: 409, error_code: 409 })
  })

  test('drop_pending_updates drops the update that waits for its resend, and those behind it', async () => {
    const waiting = Promise.withResolvers<void>()
    const delay = (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        waiting.resolve()
      })
    const telegram = await start({ delay })
    await webhook(telegram, () => new Response(null, { status: 500 }))
    const anna = telegram.learner(ANNA)
    anna.says('1')
    anna.says('2')
    await waiting.promise
    await ask(telegram, 'deleteWebhook', { drop_pending_updates: true })
    expect(telegram.pendingCount()).toBe(0)

    const deliveries = await webhook(telegram)
    const { update_id } = anna.says('3')
    await telegram.settled()
    expect(deliveries.map(({ id }) => id)).toEqual([update_id])
  })

  test('getWebhookInfo shows the settings of the webhook', async () => {
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

test('each chat gets its updates in order through all failures, and each update is acknowledged once', async () => {
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
        return brokenAnswer()
      })
      const updates = users.map((user) => telegram.learner(user).says('Ahoj'))
      await telegram.settled()
      const lastAttempts = telegram.attempts.filter(({ next }) => next === 'acknowledged')
      for (const { id } of [ANNA, BORIS]) {
        const inLane = lastAttempts.filter(({ lane }) => lane === `chat:${id}`)
        const laneUpdates = updates.filter(({ message }) => message.chat.id === id)
        expect(inLane.map(({ updateId }) => updateId)).toEqual(
          laneUpdates.map((update) => update.update_id),
        )
      }
      await telegram.stop()
    }),
    { numRuns: 20 },
  )
})
