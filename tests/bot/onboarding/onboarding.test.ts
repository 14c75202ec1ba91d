import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InterfaceLanguage } from '../../../lib/bot/texts/language.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import { NATIVE_LANGUAGES } from '../../../lib/domain/learner/languages.ts'
import { only, type Person, startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

/** Says something and waits for all of the bot's answers. */
async function says(person: Person, words: string, fields = {}): Promise<void> {
  person.me.says(words, fields)
  await bot.settled()
}

async function taps(person: Person, messageId: number, data: string): Promise<void> {
  person.me.taps(messageId, data)
  await bot.settled()
}

/** Presses a button that was never shown: its data is the forger's choice. */
async function forges(person: Person, query: object): Promise<void> {
  const { user, chat } = person.me
  bot.telegram.deliver({
    callback_query: {
      id: `forged-${person.id}`,
      from: user,
      chat_instance: String(chat.id),
      ...query,
    },
  })
  await bot.settled()
}

async function asksForLanguage(person: Person): Promise<number> {
  await says(person, '/start')
  const question = person.seen().at(-1)
  if (question === undefined) throw new Error('No question.')
  return question.id
}

function labels(person: Person, messageId: number): string[] {
  const message = person.seen().find(({ id }) => id === messageId)
  return (message?.buttons ?? []).map((button) => button.text)
}

async function learnerOf({ id }: Person) {
  const learner = await bot.deps.learners.findByTelegramId(id)
  return learner && { nativeLanguage: learner.nativeLanguage, level: learner.level }
}

function notices({ me }: Person) {
  return bot.telegram
    .chat(me.chat.id)
    .history.flatMap((event) => (event.kind === 'notice' ? [event.text] : []))
}

describe('a newcomer', () => {
  test.each<[string | undefined, InterfaceLanguage]>([
    ['ru', 'ru'],
    ['uk', 'uk'],
    ['en', 'en'],
    ['cs', 'cs'],
    ['ru-RU', 'ru'],
    ['be', 'ru'],
    ['sk', 'cs'],
    ['vi', 'en'],
    ['zh-hans', 'en'],
    [undefined, 'en'],
  ])('a newcomer whose app is in %s is welcomed and asked in %s', async (appLanguage, language) => {
    const person = bot.stranger(appLanguage)
    await says(person, '/start')
    expect(person.read()).toEqual([text(language, 'welcome.new'), text(language, 'native.choose')])
    expect(person.seen()[1]?.buttons.map((button) => button.text)).toEqual([
      ...NATIVE_LANGUAGES.slice(0, 7).map(({ endonym }) => endonym),
      '▶',
    ])
    expect(await learnerOf(person)).toBeUndefined()
  })

  test('a newcomer pages through every language and back without a new message', async () => {
    const person = bot.stranger('ru')
    const question = await asksForLanguage(person)
    const first = labels(person, question)
    const labelsSeen = new Set(first)
    let page = 0
    while (labels(person, question).includes('▶')) {
      page += 1
      await taps(person, question, `native-page:${page}`)
      for (const label of labels(person, question)) labelsSeen.add(label)
    }
    for (const { endonym } of NATIVE_LANGUAGES) expect(labelsSeen).toContain(endonym)
    while (page > 0) {
      page -= 1
      await taps(person, question, `native-page:${page}`)
    }
    expect(labels(person, question)).toEqual(first)
    expect(person.read()).toHaveLength(2)
  })

  test('a newcomer chooses a language and a level, is answered in that language, and may begin', async () => {
    const person = bot.stranger('en')
    const question = await asksForLanguage(person)
    await taps(person, question, 'native:uk')
    expect(person.read()[1]).toBe('Мова пояснень: Українська')
    expect(labels(person, question)).toEqual([])
    const level = only(person, 'Як добре ти розмовляєш чеською?')
    expect(level.buttons.map((button) => button.text)).toEqual([
      'Початковий · A2–B1',
      'Середній · B1–B2',
      'Просунутий · B2–C1',
      'Майже рідна мова · C2',
    ])
    await taps(person, level.id, 'level:advanced')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'advanced' })
    expect(person.read().slice(2)).toEqual([
      'Твій рівень: Просунутий · B2–C1',
      'Готово! Надішли голосове або напиши чеською. Наприклад:\n' +
        'Ahoj, Honzíku! Dneska je hezky a já se učím česky.',
    ])
    expect(notices(person)).toEqual(['', ''])
  })
})

describe('a learner', () => {
  test('a learner is welcomed back by /start in the language of the lessons, and pages in it', async () => {
    const person = await bot.learner('uk')
    const abroad = { from: { ...person.me.user, language_code: 'en' } }
    await says(person, '/start', abroad)
    expect(person.read()).toEqual([text('uk', 'welcome.back'), text('uk', 'native.choose')])
    const question = only(person, text('uk', 'native.choose'))
    bot.telegram.deliver({
      callback_query: {
        id: 'from-abroad',
        ...abroad,
        message: question.message,
        chat_instance: '1',
        data: 'native-page:1',
      },
    })
    await bot.settled()
    expect(person.read()[1]).toBe(text('uk', 'native.choose'))
    expect(labels(person, question.id)).toContain('◀')
  })

  test('a learner who chooses another language keeps the level', async () => {
    const person = await bot.learner('uk', 'intermediate')
    const question = await asksForLanguage(person)
    await taps(person, question, 'native:de')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'de', level: 'intermediate' })
    expect(person.read()[1]).toBe('I’ll explain in: Deutsch')
  })

  test('an old button that is pressed again still does what it says', async () => {
    const person = bot.stranger('ru')
    const question = await asksForLanguage(person)
    await taps(person, question, 'native:ru')
    await taps(person, question, 'native:uk')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'beginner' })
    expect(person.read()[1]).toBe('Мова пояснень: Українська')
    const level = only(person, text('ru', 'level.choose'))
    await taps(person, level.id, 'level:native')
    await taps(person, level.id, 'level:native')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'native' })
    expect(notices(person)).toEqual(['', '', '', ''])
  })

  test('a learner who presses two buttons at once has chosen the second one', async () => {
    const person = bot.stranger('ru')
    const question = await asksForLanguage(person)
    person.me.taps(question, 'native:en')
    person.me.taps(question, 'native:uk')
    await bot.settled()
    expect(await learnerOf(person)).toMatchObject({ nativeLanguage: 'uk' })
    expect(person.read()[1]).toBe('Мова пояснень: Українська')
    expect(notices(person)).toEqual(['', ''])
  })

  test('a stranger who presses a level is sent to /start', async () => {
    const person = bot.stranger('ru')
    const question = await asksForLanguage(person)
    const { message } = only(person, text('ru', 'native.choose'))
    await forges(person, { message, data: 'level:native' })
    expect(person.read().at(-1)).toBe(text('ru', 'register.first'))
    expect(labels(person, question)).not.toEqual([])
    expect(await learnerOf(person)).toBeUndefined()
  })
})

describe('a button', () => {
  test('a button under a message that is gone still does what it says', async () => {
    const person = bot.stranger('ru')
    const chat = person.me.chat
    await forges(person, { message: { message_id: 77, chat, date: 0 }, data: 'native:ru' })
    expect(await learnerOf(person)).toMatchObject({ nativeLanguage: 'ru' })
    expect(person.read()).toHaveLength(1)
    expect(only(person, text('ru', 'level.choose')).buttons).toHaveLength(4)
  })

  test('a press so old that Telegram takes no answer to it still does what it says', async () => {
    const person = bot.stranger('ru')
    const question = await asksForLanguage(person)
    const calls = bot.telegram.callsOf('answerCallbackQuery').length
    bot.telegram.failNext('answerCallbackQuery', {
      kind: 'error',
      status: 400,
      description:
        'Bad Request: query is too old and response timeout expired or query ID is invalid',
    })
    await taps(person, question, 'native:ru')
    expect(await learnerOf(person)).toMatchObject({ nativeLanguage: 'ru' })
    expect(bot.telegram.callsOf('answerCallbackQuery')).toHaveLength(calls + 1)
    expect(await bot.deps.databaseHealth()).toMatchObject({ waiting: 0, dead: 0 })
  })
})

describe('a command', () => {
  test.each([
    '/start@SomeBot',
    '/START',
    '/Start',
    '/start payload',
    '/start@honzik_stand_in_bot ref_42',
    '/start\n',
  ])('%j is /start, with and without Telegram’s entity', async (command) => {
    for (const fields of [{}, { entities: [] }]) {
      const person = bot.stranger('cs')
      await says(person, command, fields)
      expect(person.read()).toEqual([text('cs', 'welcome.new'), text('cs', 'native.choose')])
    }
  })

  test.each(['/weather', '/starting', '/1', '/constructor', '/start_'])(
    '%s, which does not exist, is said to be unknown in the sender’s language',
    async (command) => {
      const learner = await bot.learner('uk')
      learner.me.user.language_code = 'en'
      const stranger = bot.stranger('ru')
      await says(learner, command)
      await says(stranger, command)
      expect(learner.read()).toEqual([text('uk', 'unsupported.command')])
      expect(stranger.read()).toEqual([text('ru', 'unsupported.command')])
      expect(bot.openai.requests).toEqual([])
    },
  )

  test.each<[InterfaceLanguage, string[]]>([
    ['ru', ['60 секунд', 'от 2 до 2 000 символов', '5 голосовых уроков и 6 текстовых', 'OpenAI']],
    ['uk', ['60 секунд', 'від 2 до 2 000 символів', '5 голосових уроків і 6 текстових', 'OpenAI']],
    ['en', ['60 seconds', '2 to 2,000 characters', '5 voice lessons and 6 text lessons', 'OpenAI']],
    ['cs', ['60', '2 000', '5', '6', 'OpenAI']],
  ])('/help in %s tells the limits and the commands', async (language, parts) => {
    const learner = await bot.learner(language)
    learner.me.user.language_code = 'vi'
    const stranger = bot.stranger(language)
    await says(learner, '/help')
    await says(stranger, '/help')
    expect(learner.read()).toEqual(stranger.read())
    const help = (learner.read()[0] ?? '').replaceAll('\u00a0', ' ')
    for (const part of parts) expect(help).toContain(part)
    expect(help).toContain(`/start – ${text(language, 'command.start')}`)
    expect(help).toContain(`/help – ${text(language, 'command.help')}`)
    expect(learner.read()).toHaveLength(1)
  })
})
