import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { question, tap, withButton } from '../../support/buttons.ts'
import {
  eventually,
  inChatOf,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({}, { isTerse: true, waitsPass: true })
})
afterAll(() => bot.stop())

test('a lesson that is withdrawn before its voice note is sent does not show its verdict again when its job is resumed', async () => {
  const olena = await bot.learner('uk')
  const release = bot.hold('speak')
  sendRecorded(olena, 'shop')
  await eventually(() => void withButton(olena, 'lesson-retake'))
  tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
  await eventually(() => void question(olena))
  await eventually(() => void withButton(olena, 'lesson-withdraw'))
  tap(olena, 'lesson-withdraw', withButton(olena, 'lesson-withdraw'))
  const withdrawn = `↩️ ${text('uk', 'retake.withdrawn')}\n\n${RECORDED.shop.text}`
  await eventually(() => expect(olena.read()[0]).toBe(withdrawn))
  const badGateway = { kind: 'error', status: 502 } as const
  const outage = bot.telegram.failNext(inChatOf(olena, 'sendVoice'), badGateway, 3)
  release()
  await bot.settled()
  expect(outage.remaining()).toBeLessThan(3)
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
  expect(olena.read()[0]).toBe(withdrawn)
  expect(olena.read().filter((line) => line.includes('🎯'))).toEqual([])
  expect(await olena.ledger()).toMatchObject({ stars: 0, places: ['unheard 1'] })
  expect(await violatedInvariants(bot.db)).toEqual([])
})
