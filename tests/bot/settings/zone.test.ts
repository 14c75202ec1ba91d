import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { localDay } from '../../../lib/domain/day.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import {
  NOTHING,
  only,
  type Person,
  RECORDED,
  startWholeBot,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({ FREE_TEXT_PER_DAY: '2' }, { isTerse: true })
  // A lesson that stays a text is quicker.
  bot.openai.failAll('speak', { kind: 'quota-exhausted' })
})
afterAll(() => bot.stop())

async function says(person: Person, words: string): Promise<void> {
  person.says(words)
  await bot.settled()
}

async function movesTo(person: Person, zone: string): Promise<void> {
  await says(person, '/timezone')
  const card = only(person, text('uk', 'zone.ask'))
  // A place that was looked for has a button, too, though the card does not offer it.
  await forges(person, card.id, `card-zone-ask:${zone}`)
  expect(person.read().at(-1)).toContain(zone.replaceAll('_', ' '))
  await forges(person, card.id, `card-zone:${zone}`)
}

let queries = 0

async function forges({ user, chat }: Person, messageId: number, data: string): Promise<void> {
  queries += 1
  const message = { message_id: messageId, chat, date: 1 }
  bot.telegram.deliver({
    callback_query: {
      ...{ id: `zone-${queries}`, from: user, chat_instance: String(chat.id) },
      ...{ message, data },
    },
  })
  await bot.settled()
}

const learnerOf = ({ id }: Person) => bot.deps.learners.findByTelegramId(id)

/** A zone in which it is another day now than in Prague: one of the two always is. */
function elsewhere(): string {
  const now = new Date()
  const zone = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'].find(
    (candidate) => localDay(now, candidate) !== localDay(now, 'Europe/Prague'),
  )
  if (zone === undefined) throw new Error('It is one day everywhere.')
  return zone
}

/** Replies to one of the bot's messages in writing. */
async function replies(person: Person, { message }: ChatMessage, words: string): Promise<void> {
  person.says(words, { reply_to_message: message })
  await bot.settled()
}

describe('a place as a reply', () => {
  test('a place written as a reply to the message of /timezone is asked about, and so is a better one', async () => {
    const person = await bot.learner('uk')
    await says(person, '/timezone')
    const card = only(person, text('uk', 'zone.ask'))
    await replies(person, card, 'Atlantis')
    const notFound = only(person, text('uk', 'zone.notFound', { words: 'Atlantis' }))
    await replies(person, notFound, 'Алмати')
    expect(person.read().at(-1)).toContain('Asia/Almaty')
    await replies(person, card, 'Praha')
    const confirmation = person.seen().at(-1)
    expect(confirmation?.buttons.map(({ callback_data }) => callback_data)).toContain(
      'card-zone:Europe/Prague',
    )
    expect(await person.ledger()).toEqual(NOTHING)
  })

  test('a place is written as a reply to the settings card once it asks for one, and no sooner', async () => {
    const person = await bot.learner('uk')
    await says(person, '/settings')
    const card = only(person, text('uk', 'settings.title'))
    await replies(person, card, 'Bydlím v Praze.')
    expect((await person.ledger()).lessons).toEqual(['Bydlím v Praze.'])
    await forges(person, card.id, 'card:zone')
    await replies(person, card, 'Алмати')
    expect(person.read().at(-1)).toContain('Asia/Almaty')
    expect((await person.ledger()).lessons).toHaveLength(1)
  })

  test('a reply to the message of /timezone that is said aloud, and one to another message, are lessons', async () => {
    const person = await bot.learner('uk')
    await says(person, '/timezone')
    const { message } = only(person, text('uk', 'zone.ask'))
    const { bytes, text: said } = RECORDED.shop
    person.sendsVoice(bytes, { duration: 3 }, { reply_to_message: message })
    await bot.settled()
    await says(person, '/settings')
    await replies(person, only(person, text('uk', 'settings.title')), 'Bydlím v Praze.')
    expect((await person.ledger()).lessons).toEqual([said, 'Bydlím v Praze.'])
  })
})

describe('a learner who moves', () => {
  test('a move to where it is another day brings no second plan, and breaks no streak', async () => {
    const person = await bot.learner('uk')
    await says(person, 'Bydlím v Praze a učím se česky.')
    await movesTo(person, elsewhere())
    await says(person, 'Dneska je venku moc hezky.')
    await says(person, 'Zítra půjdu do práce.')
    expect(person.read().at(-1)).toContain('Текстові уроки на сьогодні закінчилися (2 на день)')
    const lessons = await bot.db
      .selectFrom('lesson')
      .innerJoin('learner', 'learner.id', 'lesson.learner_id')
      .select(['day', 'run_from', 'run_to', 'max_streak'])
      .where('telegram_id', '=', person.id)
      .execute()
    expect(new Set(lessons.map(({ day }) => day)).size).toBe(1)
    expect(lessons).toHaveLength(2)
    expect(lessons.at(-1)?.run_to).toBe(lessons.at(-1)?.day)
  })

  test('the zone is changed once a day, and the card says so the second time', async () => {
    const person = await bot.learner('uk')
    await movesTo(person, 'Asia/Almaty')
    expect(await learnerOf(person)).toMatchObject({ timeZone: 'Asia/Almaty' })
    const card = only(person, text('uk', 'settings.title'))
    await forges(person, card.id, 'card-zone:Europe/Kyiv')
    expect(person.read()).toEqual([text('uk', 'zone.changedToday')])
    expect(await learnerOf(person)).toMatchObject({ timeZone: 'Asia/Almaty' })
    // Choosing the zone that is set is not refused.
    await forges(person, card.id, 'card-zone:Asia/Almaty')
    expect(person.read()).toEqual([expect.stringContaining('Asia/Almaty')])
  })

  test.each(['/timezone', '/timezone Praha'])(
    'a stranger who writes %s is sent to /start',
    async (command) => {
      const stranger = bot.stranger('ru')
      await says(stranger, command)
      expect(stranger.read()).toEqual([text('ru', 'register.first')])
      expect(await learnerOf(stranger)).toBeUndefined()
    },
  )

  test('words that mean no place are said to, whatever they hold, and cut where they are long', async () => {
    const person = await bot.learner('uk')
    await says(person, `/timezone <b>${'x'.repeat(300)}`)
    expect(person.read()).toEqual([text('uk', 'zone.notFound', { words: `<b>${'x'.repeat(57)}` })])
  })
})
