import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { privacyMessage } from '../../../lib/bot/privacy/notice.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import { eventually, inChatOf, startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

const LANGUAGES = ['ru', 'uk', 'en', 'cs'] as const

test.each(LANGUAGES)('what is kept fits into one message, in %s', (language) => {
  expect(privacyMessage(language).length).toBeLessThan(4_096)
  expect(text(language, 'export.caption').length).toBeLessThan(1_024)
})

describe('the commands about what is kept', () => {
  let bot: WholeBot
  beforeAll(async () => {
    bot = await startWholeBot({}, { isTerse: true })
  })
  afterAll(() => bot.stop())

  test.each(LANGUAGES)(
    '/privacy says in %s what is kept and who hears the voice',
    async (language) => {
      const person = await bot.learner(language)
      person.says('/privacy')
      await bot.settled()
      const [message] = person.read()
      expect(message).toContain(text(language, 'privacy.kept'))
      expect(message).toContain('OpenAI')
      expect(message).toContain('/delete_me')
    },
  )

  test('/export_me sends one JSON file with the learner’s lessons', async () => {
    const person = await bot.learner('uk')
    person.says('Jdu do škola.')
    await bot.settled()
    person.says('/export_me')
    await bot.settled()
    const file = person.seen().at(-1)?.file
    expect(file?.kind).toBe('document')
    const data: unknown = JSON.parse(new TextDecoder().decode(file?.bytes))
    expect(data).toMatchObject({
      learner: { telegram_id: person.id, native_language: 'uk' },
      lessons: [{ said: 'Jdu do škola.' }],
    })
  })

  test('/export_me tells a stranger that nothing is kept', async () => {
    const person = bot.stranger('ru')
    person.says('/export_me')
    await bot.settled()
    expect(person.read()).toEqual([text('ru', 'export.nothing')])
  })

  test('/delete_me asks, and keeps everything where the answer is no', async () => {
    const person = await bot.learner('cs')
    person.says('Jdu do škola.')
    person.says('/delete_me')
    await bot.settled()
    const question = person.seen().at(-1)
    expect(question?.text).toBe(text('cs', 'delete.ask', { days: 30 }))
    person.taps(question?.id ?? 0, 'delete-me:no')
    await bot.settled()
    expect(person.seen().at(-1)).toMatchObject({ text: text('cs', 'delete.kept'), buttons: [] })
    expect((await person.ledger()).lessons).toEqual(['Jdu do škola.'])
  })

  test.each(LANGUAGES)(
    '/delete_me says in %s that it is done, in the learner’s own language',
    async (language) => {
      const person = await bot.learner(language)
      // Their app has another language.
      Object.assign(person.user, { language_code: 'de' })
      person.says('/delete_me')
      await bot.settled()
      person.taps(person.seen().at(-1)?.id ?? 0, 'delete-me:yes')
      await bot.settled()
      expect(person.seen().at(-1)).toMatchObject({
        text: text(language, 'delete.done'),
        buttons: [],
      })
      expect(await bot.deps.learners.findByTelegramId(person.id)).toBeUndefined()
    },
  )

  test('a second press that the deletion overtakes is answered, too', async () => {
    const person = await bot.learner('uk')
    person.says('/delete_me')
    await bot.settled()
    const question = person.seen().at(-1)?.id ?? 0
    const answers = () =>
      bot.telegram.calls.filter(({ method }) => method === 'answerCallbackQuery')
    const countBefore = answers().length
    // The first press is still worked on, so that both others wait.
    const release = bot.holdTelegram(inChatOf(person, 'editMessageText'))
    for (const answer of ['no', 'yes', 'yes']) person.taps(question, `delete-me:${answer}`)
    await eventually(async () => {
      const { rows } = await sql`
        select from inbox where lane = ${`tap:${person.id}`} and state = 'waiting'`.execute(bot.db)
      expect(rows).toHaveLength(3)
    })
    release()
    await bot.settled()
    expect(answers().length - countBefore).toBe(3)
    expect(await bot.deps.learners.findByTelegramId(person.id)).toBeUndefined()
  })
})
