import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { expectReplaced, noticesOf, question, tap, withButton } from '../../support/buttons.ts'
import {
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({}, { isTerse: true })
})
afterAll(() => bot.stop())

const OTHER_WORDS = 'Dneska je venku moc hezky.'

async function press(person: Person, name: string, message = withButton(person, name)) {
  tap(person, name, message)
  await bot.settled()
}

async function answers(
  person: Person,
  words: string,
  askedQuestion = question(person),
): Promise<void> {
  person.says(words, { reply_to_message: askedQuestion.message })
  await bot.settled()
}

async function standingOf({ id }: Person) {
  const row = await bot.db
    .selectFrom('learner')
    .select(['total_stars', 'run_from', 'run_to', 'max_streak'])
    .where('telegram_id', '=', id)
    .executeTakeFirstOrThrow()
  return { stars: row.total_stars, days: row.run_from !== null, maxStreak: row.max_streak }
}

async function expectSound(): Promise<void> {
  expect(await violatedInvariants(bot.db)).toEqual([])
}

const QUESTION = text('uk', 'retake.ask', { button: text('uk', 'retake.withdraw') })

describe('I said something else', () => {
  test('what was said is replaced: reply, verdict and voice note are new, and no place of the plan is used', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    expect(olena.read().at(-1)).toBe(QUESTION)
    expect(question(olena).markup).toMatchObject({
      input_field_placeholder: text('uk', 'retake.placeholder'),
    })
    await answers(olena, OTHER_WORDS)
    expectReplaced(olena, RECORDED.shop.text)
    expect(olena.read().slice(3)).toEqual([expect.stringContaining(OTHER_WORDS), '🔊'])
    expect(await olena.ledger()).toEqual({
      lessons: [OTHER_WORDS],
      stars: 2,
      places: ['voice 1', 'unheard 1'],
    })
    await expectSound()
  })

  test('the stars of the score go with what was really said; those of the lesson stay', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(await standingOf(olena)).toEqual({ stars: 2, days: true, maxStreak: 1 })
    await press(olena, 'lesson-retake')
    await answers(olena, 'Ahoj, Honzíku.')
    expect(await standingOf(olena)).toEqual({ stars: 1, days: true, maxStreak: 1 })
    await expectSound()
  })

  test('a voice note can answer the question, and its buttons act on the new reply', async () => {
    const olena = await bot.learner('en')
    olena.says(OTHER_WORDS)
    await bot.settled()
    await press(olena, 'lesson-retake')
    const { bytes, durationSeconds } = RECORDED.prague
    olena.sendsVoice(
      bytes,
      { duration: Math.round(durationSeconds) },
      { reply_to_message: question(olena).message },
    )
    await bot.settled()
    expect((await olena.ledger()).lessons).toEqual([RECORDED.prague.text])
    await press(olena, 'aside-translate')
    expect(olena.seen().at(-1)?.text).toContain('Dva roky, to už Prahu znáš!')
    await expectSound()
  })

  test('a lesson is replaced once: its new verdict has no such button, and the old ones are not valid', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    const verdict = withButton(olena, 'lesson-retake')
    await press(olena, 'lesson-retake')
    const askedQuestion = question(olena)
    await answers(olena, OTHER_WORDS, askedQuestion)
    expect(() => withButton(olena, 'lesson-retake')).toThrow('No message')
    await press(olena, 'lesson-retake', verdict)
    expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'unsupported.button'))
    await answers(olena, 'A teď jdu do kina.', askedQuestion)
    expect((await olena.ledger()).lessons).toEqual([OTHER_WORDS, 'A teď jdu do kina.'])
    await expectSound()
  })

  test('a button for other words that is pressed twice asks once', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    const verdict = withButton(olena, 'lesson-retake')
    await press(olena, 'lesson-retake', verdict)
    await press(olena, 'lesson-retake', verdict)
    expect(olena.read().filter((line) => line === QUESTION)).toHaveLength(1)
    expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'retake.asked'))
  })

  test('a message that does not reply to the question is a lesson of its own', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    olena.says('Tohle je nová věta.')
    await bot.settled()
    await answers(olena, OTHER_WORDS)
    expect(await olena.ledger()).toMatchObject({
      lessons: [OTHER_WORDS, 'Tohle je nová věta.'],
      places: ['voice 1', 'text 1', 'unheard 1'],
    })
    await expectSound()
  })

  test('the tutor is reminded of what was said before the replaced lesson only', async () => {
    const olena = await bot.learner('uk')
    for (const words of ['První věta je tady.', 'Druhá věta je tady.', 'Třetí věta je tady.']) {
      olena.says(words)
      await bot.settled()
    }
    const secondVerdict = olena.seen().find((message) => message.text.includes('Druhá'))
    await press(olena, 'lesson-retake', secondVerdict)
    await answers(olena, OTHER_WORDS)
    const request = bot.openai.requests.filter(({ stage }) => stage === 'reply').at(-1)
    const prompt = JSON.stringify(request?.fields)
    expect(prompt).toContain('První věta')
    expect(prompt).not.toContain('Druhá věta')
    expect(prompt).not.toContain('Třetí věta')
    expect((await olena.ledger()).lessons).toEqual([
      'První věta je tady.',
      OTHER_WORDS,
      'Třetí věta je tady.',
    ])
    await expectSound()
  })

  test('silence in answer to the question changes nothing, and it can be answered again', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const { bytes } = RECORDED.silence
    const askedQuestion = question(olena)
    olena.sendsVoice(bytes, { duration: 3 }, { reply_to_message: askedQuestion.message })
    await bot.settled()
    expect(olena.read().at(-1)).toBe(text('uk', 'voice.silence'))
    expect((await olena.ledger()).lessons).toEqual([RECORDED.shop.text])
    await answers(olena, OTHER_WORDS, askedQuestion)
    expect((await olena.ledger()).lessons).toEqual([OTHER_WORDS])
    await expectSound()
  })
})

describe('It wasn’t a lesson', () => {
  test('the day’s only lesson is withdrawn with its stars, its day and its streak', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    await press(olena, 'lesson-withdraw')
    expect(olena.read()[0]).toBe(`↩️ ${text('uk', 'retake.withdrawn')}\n\n${RECORDED.shop.text}`)
    expect(olena.seen().flatMap(({ buttons }) => buttons)).toEqual([])
    expect(await standingOf(olena)).toEqual({ stars: 0, days: false, maxStreak: 0 })
    expect((await olena.ledger()).places).toEqual(['unheard 1'])
    await expectSound()
  })

  test('a withdrawn lesson is not withdrawn again, nor replaced by an answer that comes late', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const verdict = withButton(olena, 'lesson-withdraw')
    await press(olena, 'lesson-withdraw', verdict)
    await press(olena, 'lesson-withdraw', verdict)
    expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'unsupported.button'))
    await answers(olena, OTHER_WORDS)
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['unheard 1', 'text 1'] })
    await expectSound()
  })

  test('a withdrawn lesson of five takes the day’s challenge with it, and the next lesson earns it again', async () => {
    const olena = await bot.learner('uk')
    for (let lesson = 1; lesson <= 5; lesson += 1) {
      olena.says(`Tohle je věta číslo ${lesson}.`)
      await bot.settled()
    }
    expect(await standingOf(olena)).toMatchObject({ stars: 15 })
    await press(olena, 'lesson-retake')
    await press(olena, 'lesson-withdraw')
    expect(await standingOf(olena)).toEqual({ stars: 8, days: true, maxStreak: 1 })
    await expectSound()
    olena.says('A tohle je věta poslední.')
    await bot.settled()
    expect(await standingOf(olena)).toMatchObject({ stars: 15 })
    await expectSound()
  })

  test('the tutor is not reminded of a withdrawn lesson', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    await press(olena, 'lesson-withdraw')
    olena.says(OTHER_WORDS)
    await bot.settled()
    const request = bot.openai.requests.filter(({ stage }) => stage === 'reply').at(-1)
    expect(JSON.stringify(request?.fields)).not.toContain('obchod')
  })
})

describe('More', () => {
  test('More shows all mistakes in the verdict’s place, from what is stored', async () => {
    const olena = await bot.learner('uk')
    await bot.db
      .updateTable('learner')
      .set({ corrections_level: 'minimal' })
      .where('telegram_id', '=', olena.id)
      .execute()
    olena.says('Já bydlím v Praha a jdu do obchod.')
    await bot.settled()
    const verdictBefore = olena.read()[0]
    const countCalls = bot.countPaid()
    await press(olena, 'lesson-more')
    expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 0 })
    const verdictAfter = olena.read()[0]
    expect(verdictAfter).not.toBe(verdictBefore)
    expect(verdictAfter).toContain('obchodu')
    expect(verdictAfter).toContain('Praze')
    expect(olena.seen()[0]?.buttons.map(({ callback_data }) => callback_data)).toEqual([
      expect.stringMatching(/^lesson-retake:/),
    ])
  })
})
