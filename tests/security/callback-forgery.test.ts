import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PRESSES } from '../../lib/bot/features.ts'
import { text } from '../../lib/bot/texts/texts.ts'
import type { Message } from '../../scripts/studio/telegram/objects.ts'
import { noticesOf } from '../support/buttons.ts'
import { only, type Person, startWholeBot, type WholeBot } from '../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

/** Callback data of each kind of button; a new kind has none yet, and fails until it is here. */
const SAMPLES = [
  ...['aside-translate:1', 'aside-slower:1', 'aside-answers:1'],
  ...['memory:list', 'memory-forget:1', 'memory-set:off'],
  ...['lesson-more:1', 'lesson-retake:1', 'lesson-withdraw:1', 'lesson-show:1'],
  ...['native:pl', 'native-page:1', 'level:native', 'gender:feminine', 'delete-me:yes'],
  ...[
    'card:level',
    'card-native:pl',
    'card-native-page:1',
    'card-level:native',
    'card-gender:feminine',
    'card-language:en',
    'card-corrections:detailed',
    'card-answers:try_first',
    'card-style:casual',
    'card-character:novakova',
    'card-speed:slow',
    'card-zone-ask:Asia/Almaty',
    'card-zone:Asia/Almaty',
  ],
]
const EVERY_PRESS = PRESSES.map(({ name }) => [name, sampleOf(name)] as const)

function sampleOf(name: string): string {
  const sample = SAMPLES.find((data) => data.startsWith(`${name}:`))
  if (sample === undefined) throw new Error(`A press of ${name} is forged by no test.`)
  return sample
}

let queries = 0

/** Presses a button that may never have been shown, with any data. */
async function forges({ user, chat }: Person, query: object): Promise<string> {
  queries += 1
  const id = `forged-${queries}`
  bot.telegram.deliver({
    callback_query: { id, from: user, chat_instance: String(chat.id), ...query },
  })
  await bot.settled()
  return id
}

/** A learner, and the card of what they have set. */
async function askedLearner(language: 'ru' | 'uk' = 'uk') {
  const person = await bot.learner(language, 'advanced')
  person.says('/start')
  await bot.settled()
  return { person, question: only(person, text(language, 'settings.title')).message }
}

async function learnerOf({ id }: Person) {
  const learner = await bot.deps.learners.findByTelegramId(id)
  return learner && { nativeLanguage: learner.nativeLanguage, level: learner.level }
}

/** All that is to be seen in a chat, its buttons and its pop-ups included. */
function screenOf(person: Person) {
  const { messages } = bot.telegram.chat(person.chat.id)
  const notices = noticesOf(bot, person)
  return { messages: messages.map(({ id, text, buttons }) => ({ id, text, buttons })), notices }
}

function answersTo(queryId: string): unknown[] {
  return bot.telegram
    .callsOf('answerCallbackQuery')
    .filter(({ payload }) => payload.callback_query_id === queryId)
    .map(({ payload }) => payload.text)
}

describe('a press that was forged', () => {
  test.each([
    'native:xx',
    'native:',
    'native:pl:uk',
    'native-page:99',
    'native-page:-1',
    'native-page:__proto__',
    'level:god',
    'level:beginner:native',
    'level:toString',
    'stars:1000',
    'learner:1:level:native',
    '',
    ':',
    '💥'.repeat(16),
    '\u0000',
    "native:ru'; drop table learner; --",
    'x'.repeat(10_000),
  ])(
    'a forged press with the data %j changes nothing and says so in the learner’s language',
    async (data) => {
      const { person, question } = await askedLearner()
      const screenBefore = screenOf(person)
      const query = await forges(person, { message: question, data })
      expect(answersTo(query)).toEqual([text('uk', 'unsupported.button')])
      expect(screenOf(person).messages).toEqual(screenBefore.messages)
      expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'advanced' })
    },
  )

  test.each([
    ['without a message', { data: 'native:ru' }],
    ['without data', { game_short_name: 'chess' }],
    ['under a message of inline mode', { data: 'native:ru', inline_message_id: 'x' }],
  ])('a forged press %s is answered and changes nothing', async (_, query) => {
    const person = bot.stranger('ru')
    const id = await forges(person, query)
    expect(answersTo(id)).toEqual([text('ru', 'unsupported.button')])
    expect(await learnerOf(person)).toBeUndefined()
  })
})

/** Presses in another learner's chat. */
async function expectNoEffect(presser: Person, message: Message, data: string): Promise<void> {
  const learners = () => bot.db.selectFrom('learner').selectAll().orderBy('id').execute()
  const learnersBefore = await learners()
  const calls = bot.telegram.calls.length
  const query = await forges(presser, { message, data })
  expect(answersTo(query)).toEqual([text('ru', 'unsupported.button')])
  expect(await learners()).toEqual(learnersBefore)
  // The pop-up was the only call.
  expect(bot.telegram.calls).toHaveLength(calls + 1)
}

describe.each(EVERY_PRESS)('a press of the kind %s', (kind, data) => {
  test(`a press of ${kind} under another’s message changes nobody and writes nowhere`, async () => {
    const { person: owner, question } = await askedLearner()
    const otherPerson = await bot.learner('ru')
    const screenBefore = screenOf(owner)
    await expectNoEffect(otherPerson, question, data)
    expect(screenOf(owner).messages).toEqual(screenBefore.messages)
  })

  test(`a stranger’s press of ${kind} under another’s message makes no learner of them`, async () => {
    const { question } = await askedLearner()
    const stranger = bot.stranger('ru')
    await expectNoEffect(stranger, question, data)
    expect(await learnerOf(stranger)).toBeUndefined()
  })

  test.each(['group', 'supergroup', 'channel'] as const)(
    `a press of ${kind} in a %s changes nobody and writes nowhere`,
    async (type) => {
      const person = await bot.learner('ru')
      const chat = { id: -70_000 - queries, type, title: 'Čeština' }
      await expectNoEffect(person, { message_id: 1, date: 1, chat, text: 'Kdo?' }, data)
    },
  )

  test(`a press of ${kind} in one’s own chat does what it says: the tests above would see it`, async () => {
    const { person, question } = await askedLearner('ru')
    const screenBefore = screenOf(person)
    await forges(person, { message: question, data })
    expect(screenOf(person)).not.toEqual(screenBefore)
  })
})
