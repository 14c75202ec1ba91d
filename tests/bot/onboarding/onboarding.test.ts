import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dashOf, type InterfaceLanguage } from '../../../lib/bot/texts/language.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import { findLanguage, NATIVE_LANGUAGES } from '../../../lib/domain/learner/languages.ts'
import { languagesFor } from '../../../lib/domain/learner/neighbours.ts'
import { noticesOf } from '../../support/buttons.ts'
import { only, type Person, startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

/** Says something and waits for all of the bot's answers. */
async function says(person: Person, words: string, fields = {}): Promise<void> {
  person.says(words, fields)
  await bot.settled()
}

async function taps(person: Person, messageId: number, data: string): Promise<void> {
  person.taps(messageId, data)
  await bot.settled()
}

/** Presses a button that was never shown: its data is the forger's choice. */
async function forges(person: Person, query: object): Promise<void> {
  const { user, chat } = person
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

/** Says /start; the id of the question, or a learner's card. */
async function startOf(person: Person): Promise<number> {
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
      ...languagesFor(appLanguage)
        .slice(0, 7)
        .map(({ endonym }) => endonym),
      '1/10',
      '▶',
    ])
    expect(await learnerOf(person)).toBeUndefined()
  })

  test('a newcomer pages through every language and back without a new message', async () => {
    const person = bot.stranger('ru')
    const question = await startOf(person)
    const firstLabels = labels(person, question)
    const labelsSeen = new Set(firstLabels)
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
    expect(labels(person, question)).toEqual(firstLabels)
    expect(person.read()).toHaveLength(2)
  })

  test('a newcomer chooses a language and a level, is answered in that language, and may begin', async () => {
    const person = bot.stranger('en')
    const question = await startOf(person)
    await taps(person, question, 'native:uk')
    expect(person.read()[1]).toBe('Мова пояснень: Українська')
    expect(labels(person, question)).toEqual([])
    const level = only(person, 'Як добре ти розмовляєш чеською?')
    expect(level.buttons.map((button) => button.text)).toEqual([
      'Знаю перші слова · A0–A1',
      'Розмовляю простими фразами · A2',
      'Порозуміюся майже всюди · B1',
      'Розмовляю вільно · B2',
      'Розмовляю майже як чехи · C1',
    ])
    await taps(person, level.id, 'level:advanced')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'advanced' })
    expect(person.read().slice(2)).toEqual([
      'Твій рівень: Розмовляю вільно · B2',
      'Готово! Надішли голосове або напиши чеською. Наприклад:\n' +
        'Ahoj, Honzíku! Dneska je hezky a já se učím česky.',
    ])
    expect(noticesOf(bot, person)).toEqual(['', ''])
  })
})

describe('a learner', () => {
  test.each(['ru', 'uk', 'en', 'cs'] as const)(
    'a learner who says /start again sees in one message what is set (%s)',
    async (language) => {
      const native = language === 'cs' ? 'sk' : language
      const person = await bot.learner(native, 'advanced')
      await says(person, '/start', { from: { ...person.user, language_code: 'vi' } })
      const [card] = person.read()
      expect(person.read()).toHaveLength(1)
      expect(card).toContain(text(language, 'settings.title'))
      expect(card).toContain(`: ${findLanguage(native)?.endonym}\n`)
      expect(card).toContain(`: ${text(language, 'level.advanced')}\n`)
      expect(person.seen()[0]?.buttons.map((button) => button.callback_data)).toEqual(
        expect.arrayContaining(['card:native', 'card:level', 'card:gender', 'card:zone']),
      )
    },
  )

  test('the level is changed alone, on the card, and stays changed', async () => {
    const person = await bot.learner('uk', 'beginner')
    const card = await startOf(person)
    const cardLabels = labels(person, card)
    await taps(person, card, 'card:level')
    expect(person.read()).toEqual([expect.stringContaining(text('uk', 'level.choose'))])
    expect(labels(person, card)).toHaveLength(6)
    expect(labels(person, card).at(-1)).toBe(`« ${text('uk', 'settings.back')}`)
    await taps(person, card, 'card-level:native')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'native' })
    expect(person.read()).toEqual([expect.stringContaining(text('uk', 'level.native'))])
    expect(labels(person, card)).toEqual(cardLabels)
  })

  test('the gender is changed on the card, whenever a learner wants', async () => {
    const person = await bot.learner('uk')
    const card = await startOf(person)
    const cardLabels = labels(person, card)
    await taps(person, card, 'card:gender')
    await taps(person, card, 'card-gender:feminine')
    expect(await bot.deps.learners.findByTelegramId(person.id)).toMatchObject({
      gender: 'feminine',
    })
    expect(labels(person, card)).toEqual(cardLabels)
  })

  test('the language is changed alone, on any page of the card, which is then in it', async () => {
    const person = await bot.learner('uk', 'advanced')
    const card = await startOf(person)
    await taps(person, card, 'card:native')
    expect(labels(person, card).slice(0, 2)).toEqual(['✓ Українська', 'Русский'])
    expect(labels(person, card).slice(-3)).toEqual([
      '1/10',
      '▶',
      `« ${text('uk', 'settings.back')}`,
    ])
    await taps(person, card, 'card-native-page:1')
    expect(labels(person, card).slice(-4, -1)).toEqual(['◀', '2/10', '▶'])
    await taps(person, card, 'card-native-page:1')
    await taps(person, card, 'card-native-page:0')
    await taps(person, card, 'card-native:ru')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'ru', level: 'advanced' })
    expect(person.read()).toEqual([expect.stringContaining('Язык объяснений: Русский')])
    expect(noticesOf(bot, person)).toEqual(['', '', '', '', ''])
  })

  test('the card goes back without a change, and a button of it works when pressed twice', async () => {
    const person = await bot.learner('ru', 'advanced')
    const card = await startOf(person)
    const linesBefore = person.read()
    for (const data of ['card:native', 'card:summary', 'card:level', 'card:summary']) {
      person.taps(card, data)
      person.taps(card, data)
      await bot.settled()
    }
    expect(person.read()).toEqual(linesBefore)
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'ru', level: 'advanced' })
  })

  test('a stranger who presses a button of a card is sent to /start', async () => {
    const stranger = bot.stranger('ru')
    for (const data of [
      'card:level',
      'card-native:uk',
      'card-native-page:1',
      'card-level:native',
    ]) {
      const message = { message_id: 5, chat: stranger.chat, date: 0 }
      await forges(stranger, { message, data, id: `card-${data}` })
      expect(stranger.read().at(-1)).toBe(text('ru', 'register.first'))
    }
    expect(await learnerOf(stranger)).toBeUndefined()
  })

  test('a learner who chooses another language by an old question keeps the level', async () => {
    const person = bot.stranger('uk')
    const question = await startOf(person)
    await bot.deps.learners.findOrCreate(person.id, 'uk')
    await bot.deps.learners.choose(person.id, { level: 'intermediate' })
    await taps(person, question, 'native:pl')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'pl', level: 'intermediate' })
    expect(person.read()[1]).toBe('Мова пояснень: Polski')
  })

  test('an old button that is pressed again still does what it says', async () => {
    const person = bot.stranger('ru')
    const question = await startOf(person)
    await taps(person, question, 'native:ru')
    await taps(person, question, 'native:uk')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'beginner' })
    expect(person.read()[1]).toBe('Мова пояснень: Українська')
    const level = only(person, text('ru', 'level.choose'))
    await taps(person, level.id, 'level:native')
    await taps(person, level.id, 'level:native')
    expect(await learnerOf(person)).toEqual({ nativeLanguage: 'uk', level: 'native' })
    expect(noticesOf(bot, person)).toEqual(['', '', '', ''])
  })

  test('a double tap on a language and on a level is answered once', async () => {
    const person = bot.stranger('uk')
    const question = await startOf(person)
    for (let tap = 0; tap < 3; tap += 1) person.taps(question, 'native:uk')
    await bot.settled()
    const level = only(person, text('uk', 'level.choose'))
    for (let tap = 0; tap < 3; tap += 1) person.taps(level.id, 'level:advanced')
    await bot.settled()
    expect(person.read().slice(1)).toEqual([
      'Мова пояснень: Українська',
      'Твій рівень: Розмовляю вільно · B2',
      expect.stringContaining(text('uk', 'welcome.ready')),
    ])
    expect(person.seen().flatMap(({ buttons }) => buttons)).toEqual([])
    expect(noticesOf(bot, person)).toEqual(Array(6).fill(''))
  })

  test('a learner who presses two buttons at once has chosen the second one', async () => {
    const person = bot.stranger('ru')
    const question = await startOf(person)
    person.taps(question, 'native:en')
    person.taps(question, 'native:uk')
    await bot.settled()
    expect(await learnerOf(person)).toMatchObject({ nativeLanguage: 'uk' })
    expect(person.read()[1]).toBe('Мова пояснень: Українська')
    expect(noticesOf(bot, person)).toEqual(['', ''])
  })

  test('a stranger who presses a level is sent to /start', async () => {
    const person = bot.stranger('ru')
    const question = await startOf(person)
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
    const chat = person.chat
    await forges(person, { message: { message_id: 77, chat, date: 0 }, data: 'native:ru' })
    expect(await learnerOf(person)).toMatchObject({ nativeLanguage: 'ru' })
    expect(person.read()).toHaveLength(1)
    expect(only(person, text('ru', 'level.choose')).buttons).toHaveLength(5)
  })

  test('a press so old that Telegram takes no answer to it still does what it says', async () => {
    const person = bot.stranger('ru')
    const question = await startOf(person)
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
    expect(await bot.deps.databaseHealth()).toMatchObject({ inbox: { waiting: 0, dead: 0 } })
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
      learner.user.language_code = 'en'
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
    learner.user.language_code = 'vi'
    const stranger = bot.stranger(language)
    await says(learner, '/help')
    await says(stranger, '/help')
    expect(learner.read()).toEqual(stranger.read())
    const help = (learner.read()[0] ?? '').replaceAll('\u00a0', ' ')
    for (const part of parts) expect(help).toContain(part)
    const dash = dashOf(language)
    expect(help).toContain(`/start ${dash} ${text(language, 'command.start')}`)
    expect(help).toContain(`/help ${dash} ${text(language, 'command.help')}`)
    for (const command of ['/corrections', '/memory', '/reset', '/privacy'])
      expect(help).toContain(`${command} ${dash} `)
    expect(help).toContain(text(language, 'setting.answers.try_first'))
    expect(learner.read()).toHaveLength(1)
  })
})
