import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { question, tap, withButton } from '../../support/buttons.ts'
import {
  eventually,
  inChatOf,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({}, { isTerse: true, waitsPass: true })
})
afterAll(() => bot.stop())

const WITHDRAWN = `↩️ ${text('uk', 'retake.withdrawn')}\n\n${RECORDED.shop.text}`

/** A learner who has taken a lesson back while its reply is spoken; `release` lets that end. */
async function withdrawing(): Promise<{ olena: Person; release: () => void }> {
  const olena = await bot.learner('uk')
  const release = bot.hold('speak')
  sendRecorded(olena, 'shop')
  await eventually(() => void withButton(olena, 'lesson-retake'))
  tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
  await eventually(() => void question(olena))
  await eventually(() => void withButton(olena, 'lesson-withdraw'))
  tap(olena, 'lesson-withdraw', withButton(olena, 'lesson-withdraw'))
  await eventually(() => expect(olena.read()[0]).toBe(WITHDRAWN))
  return { olena, release }
}

test('the voice note of a lesson that is withdrawn while it is spoken has no buttons', async () => {
  const { olena, release } = await withdrawing()
  release()
  await bot.settled()
  expect(voiceNotes(olena)).toMatchObject([{ buttons: [] }])
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
})

test('a lesson that is withdrawn before its voice note is sent shows neither verdict nor voice note when its job is resumed', async () => {
  const { olena, release } = await withdrawing()
  const badGateway = { kind: 'error', status: 502 } as const
  const outage = bot.telegram.failNext(inChatOf(olena, 'sendVoice'), badGateway, 1)
  release()
  await bot.settled()
  expect(outage.remaining()).toBe(0)
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
  expect(olena.read()[0]).toBe(WITHDRAWN)
  expect(voiceNotes(olena)).toEqual([])
  expect(olena.read().filter((line) => line.includes('🎯'))).toEqual([])
  expect(await olena.ledger()).toMatchObject({ stars: 0, places: ['unheard 1'] })
  expect(await violatedInvariants(bot.db)).toEqual([])
})
