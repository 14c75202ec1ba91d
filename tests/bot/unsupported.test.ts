import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InterfaceLanguage } from '../../lib/bot/texts/language.ts'
import { type TextKey, text } from '../../lib/bot/texts/texts.ts'
import { inChatOf, NOTHING, only, startWholeBot, type WholeBot } from '../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

const FILE = { file_id: 'f', file_unique_id: 'u', file_size: 1_000 }
const VIDEO = { ...FILE, width: 320, height: 240, duration: 3 }
const PLACE = { latitude: 50.08, longitude: 14.43 }

/** Messages that are no lesson, as Telegram sends them, and the texts that answer them. */
const UNSUPPORTED: [string, object, TextKey & `unsupported.${string}`][] = [
  ['a photo', { photo: [FILE] }, 'unsupported.photo'],
  ['a photo with a command under it', { photo: [FILE], caption: '/start' }, 'unsupported.photo'],
  ['a sticker', { sticker: FILE }, 'unsupported.sticker'],
  ['an audio file', { audio: { ...FILE, duration: 3 } }, 'unsupported.audio'],
  ['a round video', { video_note: { ...FILE, length: 240, duration: 3 } }, 'unsupported.videoNote'],
  ['a video', { video: VIDEO }, 'unsupported.video'],
  ['a GIF', { animation: VIDEO, document: FILE }, 'unsupported.video'],
  ['a document', { document: FILE }, 'unsupported.document'],
  ['a location', { location: PLACE }, 'unsupported.other'],
  ['a place', { location: PLACE, venue: { title: 'Hrad', location: PLACE } }, 'unsupported.other'],
  ['a contact', { contact: { phone_number: '1', first_name: 'Jan' } }, 'unsupported.other'],
  ['a poll', { poll: { id: '1', question: 'Kdo?', options: [] } }, 'unsupported.other'],
  ['a die', { dice: { emoji: '🎲', value: 6 } }, 'unsupported.other'],
  ['a game', { game: { title: 'Had', photo: [FILE] } }, 'unsupported.other'],
  [
    'a photo with nothing but a space under it',
    { photo: [FILE], caption: ' ' },
    'unsupported.photo',
  ],
  ['a photo that moves', { live_photo: VIDEO, photo: [FILE] }, 'unsupported.photo'],
  ['a photo that moves, alone', { live_photo: VIDEO }, 'unsupported.photo'],
  ['paid media', { paid_media: { star_count: 1, paid_media: [] } }, 'unsupported.other'],
  ['a checklist', { checklist: { title: 'Nákup', tasks: [] } }, 'unsupported.other'],
  ['a rich message', { rich_message: { blocks: [{ type: 'paragraph' }] } }, 'unsupported.other'],
  [
    'an invoice',
    { invoice: { title: 'Kniha', currency: 'XTR', total_amount: 1 } },
    'unsupported.other',
  ],
  ['a giveaway', { giveaway: { chats: [], winner_count: 1 } }, 'unsupported.other'],
  ['winners of a giveaway', { giveaway_winners: { winner_count: 1 } }, 'unsupported.other'],
  ['a gift', { gift: { gift: { id: '1' } } }, 'unsupported.other'],
  ['a gift like no other', { unique_gift: { gift: { name: 'x' } } }, 'unsupported.other'],
  ['a story', { story: { id: 1, chat: { id: 1, type: 'private' } } }, 'unsupported.other'],
]

const LANGUAGES: InterfaceLanguage[] = ['ru', 'uk', 'en']

describe('in a private chat', () => {
  test.each(UNSUPPORTED)(
    'in a private chat %s gets one line on what to send instead',
    async (_, content, key) => {
      for (const language of LANGUAGES) {
        const person = await bot.learner(language)
        person.sends({ ...content })
        await bot.settled()
        expect(person.read()).toEqual([text(language, key)])
        expect(person.seen()[0]?.message.reply_to_message?.message_id).toBe(1)
        expect(await person.ledger()).toEqual(NOTHING)
      }
      expect(bot.openai.requests).toEqual([])
      expect(bot.telegram.callsOf('getFile')).toEqual([])
    },
  )

  test('a stranger’s photo is answered in the language of their app', async () => {
    const stranger = bot.stranger('uk')
    stranger.sends({ photo: [FILE] })
    await bot.settled()
    expect(stranger.read()).toEqual([text('uk', 'unsupported.photo')])
  })

  test.each([
    [
      'a pinned message',
      { pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: 'private' } } },
    ],
    ['a changed timer', { message_auto_delete_timer_changed: { message_auto_delete_time: 60 } }],
    ['a giveaway that was made', { giveaway_created: {} }],
    ['a giveaway that is over', { giveaway_completed: { winner_count: 1 } }],
    ['a payment', { successful_payment: { currency: 'XTR', total_amount: 1 } }],
    ['a payment given back', { refunded_payment: { currency: 'XTR', total_amount: 1 } }],
    ['a tick in a checklist', { checklist_tasks_done: { marked_as_done_task_ids: [1] } }],
    ['another background', { chat_background_set: { type: {} } }],
    ['a gift made better', { gift_upgrade_sent: { gift: { id: '1' } } }],
    ['data of a web app', { web_app_data: { data: '{}', button_text: 'x' } }],
    ['permission to write', { write_access_allowed: {} }],
    ['a kind of message of tomorrow', { hologram: { size: 3 } }],
    ['nothing', {}],
  ])('%s is no message to answer', async (_, content) => {
    const person = await bot.learner('ru')
    person.sends({ ...content })
    await bot.settled()
    expect(person.read()).toEqual([])
    expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('an edited message gets one word on edits, once', async () => {
    const person = await bot.learner('uk')
    const { message } = person.sends({ photo: [FILE] })
    const command = person.says('/help')
    await bot.settled()
    const linesBefore = person.read()
    for (const words of ['Rád piju černou kávu.', 'Rád piju čaj.']) {
      person.edits(command.message.message_id, words)
      await bot.settled()
    }
    bot.telegram.deliver({
      edited_message: { ...message, caption: 'Ahoj', edit_date: message.date },
    })
    await bot.settled()
    expect(person.read()).toEqual([...linesBefore, text('uk', 'unsupported.edit')])
    const answer = only(person, text('uk', 'unsupported.edit'))
    expect(answer.message.reply_to_message?.message_id).toBe(command.message.message_id)
    expect(await person.ledger()).toEqual(NOTHING)
    expect(bot.openai.requests).toEqual([])
  })

  test.each([
    ['a place that moves', { location: PLACE, edit_date: 1 }],
    ['a preview that has come', { text: 'https://example.com' }],
  ])('%s is no edit to speak of', async (_, content) => {
    const person = await bot.learner('ru')
    const { message } = person.sends({ location: PLACE })
    await bot.settled()
    const linesBefore = person.read()
    const { location: __, ...fields } = message
    bot.telegram.deliver({ edited_message: { ...fields, ...content } })
    await bot.settled()
    expect(person.read()).toEqual(linesBefore)
  })

  test('a stranger’s edit gets no answer', async () => {
    const stranger = bot.stranger('ru')
    const { message } = stranger.sends({ contact: { phone_number: '1', first_name: 'Jan' } })
    bot.telegram.deliver({ edited_message: { ...message, text: 'x', edit_date: message.date } })
    await bot.settled()
    expect(stranger.read()).toEqual([text('ru', 'unsupported.other')])
  })

  test('an album of ten photos gets one answer, and the next album another', async () => {
    const person = await bot.learner('en')
    for (const media_group_id of ['1', '2']) {
      for (let item = 0; item < 10; item += 1) person.sends({ photo: [FILE], media_group_id })
    }
    await bot.settled()
    expect(person.read()).toEqual(Array(2).fill(text('en', 'unsupported.photo')))
    expect((await bot.jobsOf(person)).every(({ state }) => state === 'done')).toBe(true)
  })

  test('an album with photos, films and files in it gets one answer, also when it is tried again', async () => {
    const person = await bot.learner('en')
    bot.telegram.failNext(inChatOf(person, 'sendMessage'), { kind: 'error', status: 500 })
    const media_group_id = 'mixed'
    for (const content of [{ document: FILE }, { video: VIDEO }, { photo: [FILE] }]) {
      person.sends({ ...content, media_group_id })
    }
    await bot.settled()
    expect(person.read()).toEqual([text('en', 'unsupported.document')])
  })
})

describe('a message that no person has sent', () => {
  const BOT_USER = { id: 9_000_001, is_bot: true, first_name: 'Echo', username: 'echo_bot' }
  const CHANNEL = { id: -1_009, type: 'channel', title: 'Zprávy' }

  test.each([
    ['a bot', { from: BOT_USER }],
    ['a channel', { sender_chat: CHANNEL }],
    ['a channel, by itself', { sender_chat: CHANNEL, is_automatic_forward: true }],
    ['a bot in a person’s name', { via_bot: BOT_USER }],
    ['a bot in a business’s name', { sender_business_bot: BOT_USER }],
  ])('a message of %s is not answered', async (_, fields) => {
    const person = await bot.learner('uk')
    person.says('/start', fields)
    person.says('Rád piju černou kávu.', fields)
    person.sends({ sticker: FILE, ...fields })
    const { message } = person.says('/help', fields)
    bot.telegram.deliver({ edited_message: { ...message, edit_date: message.date } })
    await bot.settled()
    expect(person.read()).toEqual([])
    expect(await person.ledger()).toEqual(NOTHING)
    expect((await bot.jobsOf(person)).every(({ state }) => state === 'done')).toBe(true)
  })

  test('a press by a bot is not answered', async () => {
    const calls = bot.telegram.calls.length
    bot.telegram.deliver({
      callback_query: { id: 'by-a-bot', from: BOT_USER, chat_instance: '1', data: 'native:uk' },
    })
    await bot.settled()
    expect(bot.telegram.calls).toHaveLength(calls)
  })

  test('a message that a person has forwarded is theirs', async () => {
    const person = await bot.learner('uk')
    person.sends({
      sticker: FILE,
      forward_origin: { type: 'channel', chat: CHANNEL },
    })
    await bot.settled()
    expect(person.read()).toEqual([text('uk', 'unsupported.sticker')])
  })
})
