import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { dataOf, noticesOf, question, tap, withButton } from '../../support/buttons.ts'
import {
  eventually,
  type Person,
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

async function expectSound(): Promise<void> {
  expect(await violatedInvariants(bot.db)).toEqual([])
}

/** Asks what is stored, and presses the last button of the question. */
async function deletesAll(person: Person): Promise<void> {
  person.says('/delete_me')
  await bot.settled()
  const question = person.seen().at(-1)
  person.taps(question?.id ?? 0, 'delete-me:yes')
  await bot.settled()
}

function learnersOf({ id }: Person) {
  return bot.db.selectFrom('learner').select('id').where('telegram_id', '=', id).execute()
}

describe('what runs beside', () => {
  test('an answer sent while another lesson runs replaces its own lesson, and both are taught', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const askedQuestion = question(olena)
    const release = bot.hold('reply')
    const countCalls = bot.countPaid()
    olena.says('Tohle je nová věta.')
    olena.says(OTHER_WORDS, { reply_to_message: askedQuestion.message })
    await bot.telegram.settled()
    release()
    await bot.settled()
    expect(countCalls()).toEqual({ transcribe: 0, reply: 2, speak: 2 })
    expect(await olena.ledger()).toEqual({
      lessons: [OTHER_WORDS, 'Tohle je nová věta.'],
      stars: 4,
      places: ['voice 1', 'text 1', 'unheard 1'],
    })
    await expectSound()
  })

  test('a translation that comes when its reply has been replaced is not kept for the new one', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    const note = withButton(olena, 'aside-translate')
    const release = bot.hold('reply')
    tap(olena, 'aside-translate', note)
    await eventually(async () => expect((await olena.ledger()).places).toContain('aside 1'))
    const [learner] = await learnersOf(olena)
    const otherJob = 999_999
    await bot.db
      .updateTable('lesson')
      .set({ retake_job_id: otherJob, reply: 'Jiná odpověď.' })
      .where('learner_id', '=', learner?.id ?? 0)
      .execute()
    release()
    await bot.settled()
    const lesson = await bot.db
      .selectFrom('lesson')
      .select('reply_translation')
      .where('retake_job_id', '=', otherJob)
      .executeTakeFirstOrThrow()
    expect(lesson.reply_translation).toBe('')
    expect(olena.seen().find(({ id }) => id === note.id)?.buttons).toEqual([])
  })

  test('a second answer, sent while the first is worked on, is a lesson of its own', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const { message } = question(olena)
    olena.says(OTHER_WORDS, { reply_to_message: message })
    olena.says('A teď jdu do kina.', { reply_to_message: message })
    await bot.settled()
    expect((await olena.ledger()).lessons).toEqual([OTHER_WORDS, 'A teď jdu do kina.'])
    await expectSound()
  })

  test('a lesson is withdrawn once though its button is pressed twice at once', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const verdict = withButton(olena, 'lesson-withdraw')
    tap(olena, 'lesson-withdraw', verdict)
    tap(olena, 'lesson-withdraw', verdict)
    await bot.settled()
    expect(await olena.ledger()).toMatchObject({ stars: 0, places: ['unheard 1'] })
    await expectSound()
  })
})

describe('after /delete_me', () => {
  test.each([
    'lesson-retake',
    'lesson-withdraw',
    'aside-translate',
    'aside-slower',
    'aside-answers',
  ])(
    'a press of %s on a lesson that is deleted says so, pays nothing and makes no learner',
    async (name) => {
      const olena = await bot.learner('uk')
      sendRecorded(olena, 'shop')
      await bot.settled()
      if (name === 'lesson-withdraw') await press(olena, 'lesson-retake')
      const message = withButton(olena, name)
      await deletesAll(olena)
      const countCalls = bot.countPaid()
      await press(olena, name, message)
      expect(noticesOf(bot, olena).at(-1)).toBe(text('uk', 'unsupported.button'))
      expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 0 })
      expect(await learnersOf(olena)).toEqual([])
    },
  )

  test('an answer to the question is a lesson like any other', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const askedQuestion = question(olena)
    await deletesAll(olena)
    olena.says(OTHER_WORDS, { reply_to_message: askedQuestion.message })
    await bot.settled()
    expect(await olena.ledger()).toEqual({
      lessons: [OTHER_WORDS],
      stars: 2,
      places: ['text 1'],
    })
    await expectSound()
  })

  test('a lesson deleted while other words for it are worked on is not brought back', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    await press(olena, 'lesson-retake')
    const release = bot.hold('reply')
    olena.says(OTHER_WORDS, { reply_to_message: question(olena).message })
    await eventually(async () => expect((await olena.ledger()).places).toContain('unheard 1'))
    await bot.db.deleteFrom('learner').where('telegram_id', '=', olena.id).execute()
    release()
    await bot.settled()
    expect(await olena.ledger()).toEqual({ lessons: [], stars: 0, places: [] })
    expect(await learnersOf(olena)).toEqual([])
    await expectSound()
  })
})

describe('another learner’s lesson', () => {
  test.each(['lesson-retake', 'lesson-withdraw'])(
    'a press of %s on it says that the button is not valid, and leaves it alone',
    async (name) => {
      const owner = await bot.learner('uk')
      sendRecorded(owner, 'shop')
      await bot.settled()
      await press(owner, 'lesson-retake')
      const message = withButton(owner, name)
      const stateBefore = { ledger: await owner.ledger(), lines: owner.read() }
      const intruder = await bot.learner('ru')
      sendRecorded(intruder, 'prague')
      await bot.settled()
      const intruderVerdict = withButton(intruder, 'lesson-retake')
      bot.telegram.deliver({
        callback_query: {
          id: `intruder ${name}`,
          from: intruder.user,
          chat_instance: '1',
          message: intruderVerdict.message,
          data: dataOf(message, name),
        },
      })
      await bot.settled()
      expect(noticesOf(bot, intruder).at(-1)).toBe(text('ru', 'unsupported.button'))
      expect({ ledger: await owner.ledger(), lines: owner.read() }).toEqual(stateBefore)
      await expectSound()
    },
  )
})
