import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../lib/bot/texts.ts'
import { makeDue } from '../support/jobs.ts'
import {
  eventually,
  inChatOf,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

describe('when Telegram', () => {
  const badEntities = {
    kind: 'error',
    status: 400,
    description: 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3',
  } as const

  test('cannot parse our markup, the same comes as plain text', async () => {
    const olena = await bot.learner('uk')
    const isHtml =
      (method: string) => (call: { method: string; payload: Record<string, unknown> }) =>
        inChatOf(olena, method)(call) && call.payload.parse_mode === 'HTML'
    bot.telegram.failNext(isHtml('sendMessage'), badEntities)
    bot.telegram.failNext(isHtml('editMessageText'), badEntities)
    sendRecorded(olena, 'shop')
    await bot.settled()
    const [verdict] = olena.seen()
    expect(verdict?.revisions.map((message) => message.text)).toEqual([
      `🎙 Чую\n${RECORDED.shop.text}`,
    ])
    expect(verdict?.text).toContain('obchod→obchodu')
    expect(verdict?.text).toContain('89 зі 100')
    expect(verdict?.message.entities).toBeUndefined()
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('asks us to wait, we do, and send once', async () => {
    const olena = await bot.learner('uk')
    const busy = { kind: 'error', status: 429, retryAfterSeconds: 3 } as const
    for (const method of ['sendMessage', 'editMessageText', 'sendVoice']) {
      bot.telegram.failNext(inChatOf(olena, method), busy)
    }
    const waited = bot.sleeps.length
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(bot.sleeps.slice(waited)).toEqual([3_000, 3_000, 3_000])
    expect(olena.read()).toEqual([expect.stringContaining('89 зі 100'), '🔊'])
    expect(await bot.jobsOf(olena)).toMatchObject([
      { state: 'done', attempts: 1, duplicates_possible: 0 },
    ])
  })

  test('asks for longer than a call may take, the job waits and nothing is paid for again', async () => {
    const olena = await bot.learner('uk')
    const paid = bot.countPaid()
    const busy = { kind: 'error', status: 429, retryAfterSeconds: 30 } as const
    bot.telegram.failNext(inChatOf(olena, 'sendVoice'), busy)
    sendRecorded(olena, 'shop')
    await eventually(async () => {
      expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'waiting', attempts: 0 }])
    })
    await makeDue(bot.db, `chat:${olena.id}`)
    await bot.settled()
    expect(paid()).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    expect(olena.read()).toEqual([expect.stringContaining('89 зі 100'), '🔊'])
    expect(await bot.jobsOf(olena)).toMatchObject([
      { state: 'done', attempts: 1, duplicates_possible: 0 },
    ])
  })

  test.each([
    ['sendMessage', 500],
    ['editMessageText', 502],
    ['sendVoice', 500],
  ] as const)(
    'answers %s with %i, it is asked again and the lesson stays one',
    async (method, status) => {
      const olena = await bot.learner('uk')
      const body = status === 502 ? { body: '<html>Bad gateway</html>' } : {}
      bot.telegram.failNext(inChatOf(olena, method), { kind: 'error', status, ...body })
      sendRecorded(olena, 'shop')
      await bot.settled()
      // In either order: the voice note does not wait for a verdict that has to be sent again.
      expect(olena.read().toSorted()).toEqual([expect.stringContaining('89 зі 100'), '🔊'])
      expect(await olena.ledger()).toMatchObject({ lessons: [RECORDED.shop.text], stars: 2 })
      expect(await bot.jobsOf(olena)).toMatchObject([
        { state: 'done', attempts: 2, duplicates_possible: method === 'editMessageText' ? 0 : 1 },
      ])
    },
  )

  test.each(['after', 'midway'] as const)(
    'has sent the voice note but breaks the connection (%s), it comes twice at most and is counted',
    async (when) => {
      const olena = await bot.learner('uk')
      const paid = bot.countPaid()
      bot.telegram.failNext(inChatOf(olena, 'sendVoice'), { kind: 'reset', when })
      sendRecorded(olena, 'shop')
      await bot.settled()
      expect(olena.read()).toEqual([expect.stringContaining('89 зі 100'), '🔊', '🔊'])
      expect(paid()).toEqual({ transcribe: 1, reply: 1, speak: 1 })
      expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1'] })
      expect(await bot.jobsOf(olena)).toMatchObject([
        { state: 'done', attempts: 2, duplicates_possible: 1 },
      ])
    },
  )

  test('never tells what became of a voice note, it is sent twice and no more', async () => {
    const olena = await bot.learner('uk')
    bot.telegram.failNext(inChatOf(olena, 'sendVoice'), { kind: 'reset', when: 'after' }, 9)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()).toEqual([
      expect.stringContaining('89 зі 100'),
      '🔊',
      '🔊',
      text('uk', 'failure.unshown'),
    ])
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'dead', duplicates_possible: 1 }])
  })

  test('never tells whether it has shown what was heard, the verdict is a message of its own', async () => {
    const olena = await bot.learner('uk')
    const paid = bot.countPaid()
    bot.telegram.failNext(inChatOf(olena, 'sendMessage'), { kind: 'reset', when: 'after' }, 2)
    sendRecorded(olena, 'shop')
    await bot.settled()
    const heard = `🎙 Чую\n${RECORDED.shop.text}`
    expect(olena.read()).toEqual([heard, '🔊', heard, expect.stringContaining('89 зі 100')])
    expect(paid()).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', duplicates_possible: 1 }])
  })

  test('has lost the message to edit, the lesson goes on', async () => {
    const olena = await bot.learner('uk')
    const release = bot.hold('reply')
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()).toHaveLength(1))
    const body = JSON.stringify({ chat_id: olena.id, message_id: olena.seen()[0]?.id })
    const headers = { 'content-type': 'application/json' }
    const { url, token } = bot.telegram
    await fetch(`${url}/bot${token}/deleteMessage`, { method: 'POST', body, headers })
    release()
    await bot.settled()
    expect(olena.read()).toEqual(['🔊'])
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
    expect(await olena.ledger()).toMatchObject({ stars: 2 })
  })

  test('is blocked mid-lesson, nobody is chased and others are taught', async () => {
    const olena = await bot.learner('uk')
    const ivan = await bot.learner('ru')
    const release = bot.hold('reply')
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()).toHaveLength(1))
    bot.telegram.block(olena.id)
    sendRecorded(ivan, 'prague')
    release()
    await bot.settled()
    expect(olena.read()).toEqual([`🎙 Чую\n${RECORDED.shop.text}`])
    expect(bot.callsTo(olena, 'editMessageText')).toHaveLength(1)
    expect(bot.callsTo(olena, 'sendVoice').length).toBeLessThanOrEqual(1)
    expect(bot.callsTo(olena, 'sendMessage')).toHaveLength(1)
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'dead', attempts: 1 }])
    expect(ivan.read()).toEqual([expect.stringContaining('86 из 100'), '🔊'])
    bot.telegram.block(olena.id, false)
    sendRecorded(olena, 'food')
    await bot.settled()
    expect(olena.read().slice(1)).toEqual([expect.stringContaining('Серія: 1 день'), '🔊'])
  })

  test('refuses the verdict for good, the lesson counts and the learner is told so', async () => {
    const olena = await bot.learner('uk')
    const refused = { kind: 'error', status: 400, description: 'Bad Request: no rights' } as const
    bot.telegram.failNext(inChatOf(olena, 'editMessageText'), refused)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()).toEqual([
      `🎙 Чую\n${RECORDED.shop.text}`,
      '🔊',
      text('uk', 'failure.unshown'),
    ])
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1'] })
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'dead', attempts: 1 }])
  })

  test('is blocked before anything was shown, nobody is chased either', async () => {
    const olena = await bot.learner('uk')
    bot.telegram.block(olena.id)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(bot.callsTo(olena, 'sendMessage')).toHaveLength(1)
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'dead', attempts: 1 }])
  })
})
