import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../lib/bot/texts/texts.ts'
import {
  eventually,
  inChatOf,
  only,
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

describe('Telegram’s refusals', () => {
  const badEntities = {
    kind: 'error',
    status: 400,
    description: 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3',
  } as const

  test('markup that Telegram cannot parse goes out as plain text', async () => {
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
      `🎙 Що я чую\n${RECORDED.shop.text}`,
    ])
    expect(verdict?.text).toContain('obchod→obchodu')
    expect(verdict?.text).toContain('89 зі 100')
    expect(verdict?.message.entities).toBeUndefined()
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('a verdict whose message the learner has deleted is shown anew', async () => {
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
    expect(olena.read()).toHaveLength(2)
    expect(only(olena, '89 зі 100').message.reply_to_message?.message_id).toBe(1)
    expect(olena.read()).toContain('🔊')
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
    expect(await olena.ledger()).toMatchObject({ stars: 2 })
  })

  test('a learner who blocks the bot mid-lesson gets no more calls, and others are taught', async () => {
    const olena = await bot.learner('uk')
    const ivan = await bot.learner('ru')
    const release = bot.hold('reply')
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()).toHaveLength(1))
    bot.telegram.block(olena.id)
    sendRecorded(ivan, 'prague')
    release()
    await bot.settled()
    expect(olena.read()).toEqual([`🎙 Що я чую\n${RECORDED.shop.text}`])
    expect(bot.callsTo(olena, 'editMessageText')).toHaveLength(1)
    expect(bot.callsTo(olena, 'sendVoice').length).toBeLessThanOrEqual(1)
    expect(bot.callsTo(olena, 'sendMessage')).toHaveLength(1)
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
    expect(ivan.read()).toEqual([expect.stringContaining('86 из 100'), '🔊'])
    bot.telegram.block(olena.id, false)
    sendRecorded(olena, 'food')
    await bot.settled()
    expect(olena.read().slice(1)).toEqual([expect.stringContaining('Серія: 1 день'), '🔊'])
  })

  test('a lesson whose verdict Telegram refuses for good counts, and the learner is told so', async () => {
    const olena = await bot.learner('uk')
    const refusal = { kind: 'error', status: 400, description: 'Bad Request: no rights' } as const
    const isVerdict =
      (method: string) => (call: { method: string; payload: Record<string, unknown> }) =>
        inChatOf(olena, method)(call) && String(call.payload.text).includes('🎯')
    bot.telegram.failNext(isVerdict('editMessageText'), refusal)
    bot.telegram.failNext(isVerdict('sendMessage'), refusal)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()).toEqual([
      `🎙 Що я чую\n${RECORDED.shop.text}`,
      '🔊',
      text('uk', 'failure.unshown'),
    ])
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1'] })
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'dead', attempts: 1 }])
  })
})
