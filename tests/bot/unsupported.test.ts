import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InterfaceLanguage } from '../../lib/bot/texts/language.ts'
import { type TextKey, text } from '../../lib/bot/texts/texts.ts'
import { NOTHING, startWholeBot, type WholeBot } from '../support/whole-bot.ts'

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
  [
    'a photo with Czech under it',
    { photo: [FILE], caption: 'To je můj pes.' },
    'unsupported.photo',
  ],
  ['a photo with a command under it', { photo: [FILE], caption: '/start' }, 'unsupported.photo'],
  ['a sticker', { sticker: { ...FILE, emoji: '😀' } }, 'unsupported.sticker'],
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
  ['a story', { story: { id: 1, chat: { id: 1, type: 'private' } } }, 'unsupported.other'],
]

const LANGUAGES: InterfaceLanguage[] = ['ru', 'uk', 'en']

describe('in a private chat', () => {
  test.each(UNSUPPORTED)(
    'in a private chat %s gets one line on what to send instead',
    async (_, content, key) => {
      for (const language of LANGUAGES) {
        const person = await bot.learner(language)
        person.me.sends({ ...content })
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
    stranger.me.sends({ photo: [FILE] })
    await bot.settled()
    expect(stranger.read()).toEqual([text('uk', 'unsupported.photo')])
  })

  test.each([
    [
      'a pinned message',
      { pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: 'private' } } },
    ],
    ['a changed timer', { message_auto_delete_timer_changed: { message_auto_delete_time: 60 } }],
    ['data of a web app', { web_app_data: { data: '{}', button_text: 'x' } }],
    ['permission to write', { write_access_allowed: {} }],
    ['a kind of message of tomorrow', { hologram: { size: 3 } }],
    ['nothing', {}],
  ])('%s is no message to answer', async (_, content) => {
    const person = await bot.learner('ru')
    person.me.sends({ ...content })
    await bot.settled()
    expect(person.read()).toEqual([])
    expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('a text that is edited later is not answered again', async () => {
    const person = await bot.learner('ru')
    const { message } = person.me.sends({ photo: [FILE] })
    const command = person.me.says('/help')
    await bot.settled()
    const before = person.read()
    person.me.edits(command.message.message_id, 'Rád piju kávu.')
    bot.telegram.deliver({ edited_message: { ...message, caption: 'Ahoj' } })
    await bot.settled()
    expect(person.read()).toEqual(before)
    expect(await person.ledger()).toEqual(NOTHING)
    expect(bot.openai.requests).toEqual([])
  })
})
