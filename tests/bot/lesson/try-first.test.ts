import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import type { Learner } from '../../../lib/domain/learner/learner.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { dataOf, noticesOf, tap, withButton } from '../../support/buttons.ts'
import {
  eventually,
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

const RIGHT = 'Včera jsem šel do obchodu a koupil jsem chleba.'
const HINT = 'Який відмінок потрібен у „do obchod“?'
/** The corrected word: before it is shown, it is in nothing. */
const ANSWER = 'obchodu'

async function learner(choices: Partial<Learner> = {}): Promise<Person> {
  const person = await bot.learner('uk')
  await bot.deps.learners.choose(person.id, { answersToMistakes: 'try_first', ...choices })
  return person
}

/** A learner who has said a sentence with a mistake, and was given a hint. */
async function giveHint(choices: Partial<Learner> = {}): Promise<Person> {
  const olena = await learner(choices)
  sendRecorded(olena, 'shop')
  await bot.settled()
  return olena
}

async function says(person: Person, words: string, details: object = {}): Promise<void> {
  person.says(words, details)
  await bot.settled()
}

async function showMe(person: Person, message = withButton(person, 'lesson-show')): Promise<void> {
  tap(person, 'lesson-show', message)
  await bot.settled()
}

/** Presses a button that was never shown. */
function forge({ user, chat }: Person, { message }: ChatMessage, data: string): void {
  const query = { id: 'forged', from: user, chat_instance: String(chat.id), message, data }
  bot.telegram.deliver({ callback_query: query })
}

async function totalOf({ id }: Person): Promise<number | undefined> {
  const row = await bot.db
    .selectFrom('learner')
    .select('total_stars')
    .where('telegram_id', '=', id)
    .executeTakeFirst()
  return row?.total_stars
}

async function heldSteps(): Promise<number> {
  const rows = await bot.db
    .selectFrom('journal')
    .select('job_id')
    .where('step', '=', 'held')
    .execute()
  return rows.length
}

async function expectSound(): Promise<void> {
  expect(await violatedInvariants(bot.db)).toEqual([])
}

describe('a hint', () => {
  test('a hint stands in the verdict’s place, without the correction, and the voice note is held back', async () => {
    const olena = await giveHint()
    const [message] = olena.seen()
    expect(olena.read()).toEqual([
      [
        `🎙 ${text('uk', 'verdict.heard')}\n${RECORDED.shop.text}`,
        `💡 ${HINT}`,
        text('uk', 'hint.tryAgain'),
      ].join('\n\n'),
    ])
    expect(message?.buttons.map((button) => button.text)).toEqual([`👀 ${text('uk', 'hint.show')}`])
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1'] })
    await expectSound()
  })

  test('a hint is asked for only for learners who have chosen to try first', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    const request = bot.openai.requests.findLast(({ stage }) => stage === 'reply')
    expect(JSON.stringify(request?.fields)).not.toContain('hint')
    expect(voiceNotes(olena)).toHaveLength(1)
  })

  test('a hint is not given where there is no mistake, and the voice note comes at once', async () => {
    const olena = await learner()
    await says(olena, RIGHT)
    expect(olena.read()).toEqual([expect.stringContaining(text('uk', 'verdict.praise')), '🔊'])
  })

  test('a hint is not given on a form beyond the learner’s level', async () => {
    const olena = await learner({ level: 'first_steps' })
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()).toEqual([expect.stringContaining(ANSWER), '🔊'])
  })
})

describe('Show me', () => {
  test('Show me puts the verdict in the hint’s place and sends the voice note, which is not paid again', async () => {
    const olena = await giveHint()
    const countCalls = bot.countPaid()
    await showMe(olena)
    expect(olena.read()).toEqual([expect.stringContaining(ANSWER), '🔊'])
    expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 0 })
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1'] })
    await expectSound()
  })

  test('Show me pressed twice at once shows the verdict and sends the voice note once', async () => {
    const olena = await giveHint()
    const hint = withButton(olena, 'lesson-show')
    tap(olena, 'lesson-show', hint)
    tap(olena, 'lesson-show', hint)
    await bot.settled()
    expect(olena.read()).toEqual([expect.stringContaining(ANSWER), '🔊'])
    expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'hint.answered'))
  })

  test('the buttons of a lesson that Show me has shown act on it as ever', async () => {
    const olena = await giveHint()
    await showMe(olena)
    tap(olena, 'aside-translate', withButton(olena, 'aside-translate'))
    await bot.settled()
    expect(olena.seen().at(-1)?.text).toContain('Čerstvý chleba')
    tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
    await bot.settled()
    tap(olena, 'lesson-withdraw', withButton(olena, 'lesson-withdraw'))
    await bot.settled()
    expect(await olena.ledger()).toMatchObject({ stars: 0, places: ['unheard 1', 'aside 1'] })
    await expectSound()
  })

  test('Show me works when the hint is older than its look-up; the reply then comes in writing', async () => {
    const olena = await giveHint()
    await bot.db.deleteFrom('expectation').execute()
    await bot.db.deleteFrom('journal').execute()
    await showMe(olena)
    expect(olena.read()).toEqual([
      expect.stringContaining(ANSWER),
      expect.stringContaining(text('uk', 'reply.speechFailed')),
    ])
    await expectSound()
  })

  test('Show me forged under a lesson that was shown says that the button is not valid', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    const verdict = withButton(olena, 'lesson-retake')
    const data = verdict.buttons[0]?.callback_data?.replace(/^[^:]+/, 'lesson-show') ?? ''
    forge(olena, verdict, data)
    await bot.settled()
    expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'unsupported.button'))
    expect(voiceNotes(olena)).toHaveLength(1)
  })
})

test('Show me under another learner’s hint says that the button is not valid, and leaves the hint alone', async () => {
  const owner = await giveHint()
  const hint = withButton(owner, 'lesson-show')
  const intruder = await giveHint()
  forge(intruder, withButton(intruder, 'lesson-show'), dataOf(hint, 'lesson-show'))
  await bot.settled()
  expect(noticesOf(bot, intruder).at(-1)).toBe(text('uk', 'unsupported.button'))
  expect(withButton(owner, 'lesson-show').text).toBe(hint.text)
  expect(voiceNotes(intruder)).toEqual([])
  await expectSound()
})

describe('an attempt', () => {
  test('a right attempt in writing earns one star and brings the verdict, then the voice note', async () => {
    const olena = await giveHint()
    const countCalls = bot.countPaid()
    await says(olena, 'vcera jsem sel do obchodu a koupil jsem chleba')
    expect(olena.seen()[0]?.buttons).toEqual([])
    expect(olena.read().slice(1)).toEqual([
      expect.stringMatching(
        new RegExp(`^🎉 ${text('uk', 'attempt.right')} ⭐ \\+1\n\n🎙 .*obchodu.*усього 3`, 's'),
      ),
      '🔊',
    ])
    expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 0 })
    expect(await olena.ledger()).toMatchObject({ stars: 3, places: ['voice 1'] })
    expect(await totalOf(olena)).toBe(3)
    await expectSound()
  })

  test('an attempt can be the mended part of the sentence alone', async () => {
    const olena = await giveHint()
    await says(olena, 'Do obchodu!')
    expect(olena.read()[1]).toContain(text('uk', 'attempt.right'))
    expect(await totalOf(olena)).toBe(3)
  })

  test('a wrong attempt is answered by the verdict as well, without a star', async () => {
    const olena = await giveHint()
    await says(olena, 'Včera jsem šel do obchodě a koupil jsem chleba.')
    expect(olena.read().slice(1)).toEqual([
      expect.stringMatching(new RegExp(`^🤔 ${text('uk', 'attempt.wrong')}\n\n🎙 .*obchodu`, 's')),
      '🔊',
    ])
    expect(await totalOf(olena)).toBe(2)
    await expectSound()
  })

  test('any words that reply to the hint are an attempt', async () => {
    const olena = await giveHint()
    const { message } = withButton(olena, 'lesson-show')
    await says(olena, 'Nevím.', { reply_to_message: message })
    expect(olena.read()[1]).toContain(text('uk', 'attempt.wrong'))
    expect((await olena.ledger()).lessons).toEqual([RECORDED.shop.text])
  })

  test('an attempt by voice is heard, takes no place of the plan and counts as a message without a lesson', async () => {
    const olena = await giveHint()
    const countCalls = bot.countPaid()
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()[1]).toMatch(
      new RegExp(`^🤔 ${text('uk', 'attempt.wrong')}\n🎙 ${RECORDED.shop.text}`),
    )
    expect(countCalls()).toEqual({ transcribe: 1, reply: 0, speak: 0 })
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1', 'unheard 1'] })
    await expectSound()
  })

  test('a second attempt is a lesson of its own: there is one hint a lesson, and one star', async () => {
    const olena = await giveHint()
    await says(olena, RIGHT)
    await says(olena, RIGHT)
    expect((await olena.ledger()).lessons).toEqual([RECORDED.shop.text, RIGHT])
    expect(voiceNotes(olena)).toHaveLength(2)
    await expectSound()
  })

  test('the star of an attempt goes with its lesson when that is withdrawn', async () => {
    const olena = await giveHint()
    await says(olena, RIGHT)
    expect(await totalOf(olena)).toBe(3)
    tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
    await bot.settled()
    tap(olena, 'lesson-withdraw', withButton(olena, 'lesson-withdraw'))
    await bot.settled()
    expect(await totalOf(olena)).toBe(0)
    await expectSound()
  })

  test('an attempt together with Show me shows one verdict and sends one voice note', async () => {
    const olena = await giveHint()
    tap(olena, 'lesson-show', withButton(olena, 'lesson-show'))
    olena.says(RIGHT)
    await bot.settled()
    const { lessons } = await olena.ledger()
    // The attempt that comes second is a lesson like any other.
    expect(voiceNotes(olena)).toHaveLength(lessons.length)
    await expectSound()
  })
})

describe('anything else', () => {
  test('a message about something else than the hint is a new lesson: the old verdict is shown first, and its voice note is not sent', async () => {
    const olena = await giveHint()
    await says(olena, 'Dneska svítí slunce.')
    expect(olena.read()).toEqual([
      expect.stringContaining(ANSWER),
      expect.stringContaining('Dneska svítí slunce.'),
      '🔊',
    ])
    expect(await olena.ledger()).toMatchObject({ places: ['voice 1', 'text 1'] })
    await expectSound()
  })

  test('a voice note about something else than the hint is heard once and takes its place of the plan', async () => {
    const olena = await giveHint()
    const countCalls = bot.countPaid()
    sendRecorded(olena, 'prague')
    await bot.settled()
    expect(olena.read()[0]).toContain(ANSWER)
    expect(countCalls()).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    expect(await olena.ledger()).toMatchObject({ places: ['voice 1', 'voice 2'] })
    // The second lesson has a hint of its own.
    expect(withButton(olena, 'lesson-show').text).toContain('v Praha')
    await expectSound()
  })

  test('a command, an emoji and silence leave a hint open', async () => {
    const olena = await giveHint()
    await says(olena, '/settings')
    await says(olena, '👍👍')
    olena.sendsVoice(RECORDED.silence.bytes, { duration: 3 })
    await bot.settled()
    expect(withButton(olena, 'lesson-show')).toBe(olena.seen()[0])
    await says(olena, RIGHT)
    expect(olena.read().at(-2)).toContain(text('uk', 'attempt.right'))
    await expectSound()
  })

  test('a voice note that was sent before the hint is no answer to it', async () => {
    const olena = await learner()
    sendRecorded(olena, 'shop')
    olena.says(RIGHT)
    await bot.settled()
    expect((await olena.ledger()).lessons).toEqual([RECORDED.shop.text, RIGHT])
    expect(withButton(olena, 'lesson-show').text).toContain(HINT)
    await says(olena, RIGHT)
    expect(await totalOf(olena)).toBe(5)
    await expectSound()
  })
})

describe('an attempt when the day’s plan is used up', () => {
  test('an attempt by voice beyond the day’s plan is heard all the same, and another voice note is refused and leaves the hint open', async () => {
    const olena = await learner()
    for (const name of ['food', 'prague', 'food', 'prague', 'shop'] as const) {
      sendRecorded(olena, name)
      await bot.settled()
    }
    sendRecorded(olena, 'prague')
    await bot.settled()
    expect(olena.read().at(-1)).toContain('5')
    expect(withButton(olena, 'lesson-show').text).toContain(HINT)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read().at(-2)).toContain(text('uk', 'attempt.wrong'))
    const { places } = await olena.ledger()
    expect(places.filter((place) => place.startsWith('unheard'))).toHaveLength(2)
    await expectSound()
  })
})

test('Show me, pressed while the voice is still being made, says that it takes a moment more', async () => {
  const olena = await learner()
  const release = bot.hold('speak')
  sendRecorded(olena, 'shop')
  await eventually(() => void withButton(olena, 'lesson-show'))
  tap(olena, 'lesson-show', withButton(olena, 'lesson-show'))
  await eventually(() => expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'aside.underWay')))
  release()
  await bot.settled()
  await showMe(olena)
  expect(olena.read()).toEqual([expect.stringContaining(ANSWER), '🔊'])
})

test('a learner who is deleted leaves neither a hint nor the speech that was held back', async () => {
  const olena = await giveHint()
  const stepsBefore = await heldSteps()
  await says(olena, '/delete_me')
  tap(olena, 'delete-me', withButton(olena, 'delete-me'))
  await bot.settled()
  expect(await heldSteps()).toBe(stepsBefore - 1)
  expect(
    await bot.db.selectFrom('expectation').selectAll().where('chat_id', '=', olena.id).execute(),
  ).toEqual([])
})
