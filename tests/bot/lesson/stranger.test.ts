import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import {
  inChatOf,
  only,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({}, { isTerse: true })
})
afterAll(() => bot.stop())

const TEXT = 'Já mám rád kniha.'

async function learnerOf({ id }: Person) {
  const learner = await bot.deps.learners.findByTelegramId(id)
  return learner && { nativeLanguage: learner.nativeLanguage, level: learner.level }
}

test('a voice note before the first question is answered is a lesson, and the question stays', async () => {
  const person = bot.stranger('uk')
  person.says('/start')
  sendRecorded(person, 'shop')
  await bot.settled()
  expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'beginner' })
  expect(await person.ledger()).toMatchObject({
    lessons: [RECORDED.shop.text],
    places: ['voice 1'],
  })
  expect(only(person, '89 зі 100')).toBeDefined()
  expect(voiceNotes(person)).toHaveLength(1)

  const question = only(person, text('uk', 'native.choose'))
  person.taps(question.id, 'native:ru')
  await bot.settled()
  expect(await learnerOf(person)).toEqual({ nativeLanguage: 'ru', level: 'beginner' })
  expect(only(person, text('ru', 'level.choose')).buttons).not.toEqual([])
})

test('a stranger who talks without /start is taught, and asked for their language afterwards, once', async () => {
  const person = bot.stranger('ru')
  person.says(TEXT)
  await bot.settled()
  expect(await person.ledger()).toMatchObject({ lessons: [TEXT] })
  expect(person.read().at(-1)).toBe(text('ru', 'native.choose'))
  person.says('Dneska je hezky.')
  await bot.settled()
  expect(only(person, text('ru', 'native.choose')).buttons[0]?.text).toBe('Русский')
})

test('the question comes also where the lesson is told by a second run', async () => {
  const person = bot.stranger('ru')
  bot.telegram.failNext(inChatOf(person, 'sendVoice'), { kind: 'error', status: 500 })
  person.says(TEXT)
  await bot.settled()
  expect(await person.ledger()).toMatchObject({ lessons: [TEXT] })
  expect(only(person, text('ru', 'native.choose'))).toBeDefined()
  expect(voiceNotes(person)).toHaveLength(1)
})

test.each([
  ['ru-RU', 'ru', 'ru'],
  ['kk', 'kk', 'ru'],
  ['vi', 'vi', 'en'],
  ['nb', 'no', 'en'],
  ['cs', 'sk', 'cs'],
  ['xx', 'en', 'en'],
  [undefined, 'en', 'en'],
] as const)(
  'a stranger whose app is in %s has mistakes explained in %s until they choose',
  async (appLanguage, nativeLanguage, language) => {
    const person = bot.stranger(appLanguage)
    person.says(TEXT)
    await bot.settled()
    expect(await learnerOf(person)).toEqual({ nativeLanguage, level: 'beginner' })
    expect(person.read().join()).toContain(text(language, 'verdict.wrote'))
  },
)

test('a stranger’s message that is no Czech is refused, and they are asked all the same', async () => {
  const person = bot.stranger('uk')
  person.says('Добрий день, як справи?')
  await bot.settled()
  expect(person.read()).toEqual([text('uk', 'text.notCzech'), text('uk', 'native.choose')])
})
