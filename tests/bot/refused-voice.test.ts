import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeVoiceNote } from '../../lib/adapters/audio/opus-encoder.ts'
import type { InterfaceLanguage } from '../../lib/bot/texts/language.ts'
import { text } from '../../lib/bot/texts/texts.ts'
import {
  NOTHING,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

describe('no lesson, no star and no place in the day', () => {
  const LANGUAGES = ['ru', 'uk', 'en'] as const

  const NOTHING_PAID = { transcribe: 0, reply: 0, speak: 0 }

  /** Sends to a learner of each language; the answers, once nothing but `places` was taken or paid for. */
  async function answers(
    send: (person: Person) => void,
    { places = [] as string[], paid = NOTHING_PAID } = {},
  ): Promise<string[][]> {
    const all: string[][] = []
    for (const language of LANGUAGES) {
      const person = await bot.learner(language)
      const paidNow = bot.countPaid()
      send(person)
      await bot.settled()
      expect(await person.ledger()).toEqual({ ...NOTHING, places })
      expect(paidNow()).toEqual(paid)
      expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
      expect(person.seen()[0]?.message.reply_to_message?.message_id).toBe(1)
      all.push(person.read())
    }
    return all
  }

  const inEach = (say: (language: InterfaceLanguage) => string) =>
    LANGUAGES.map((language) => [say(language)])

  test('for a voice note that says it is too long', async () => {
    const seen = await answers((person) => sendRecorded(person, 'shop', { duration: 62 }))
    expect(seen).toEqual(
      inEach((language) => text(language, 'voice.tooLong', { seconds: 62, max: 60 })),
    )
    expect(seen[0]?.[0]).toMatch(/^В записи 62 секунды, а я слушаю до 60 секунд/)
  })

  test('for one that is too long whatever it says', async () => {
    const { ogg } = await encodeVoiceNote(new Int16Array(8_000 * 75), 8_000)
    const seen = await answers(({ me }) => me.sendsVoice(ogg, { duration: 5 }))
    expect(seen).toEqual(
      inEach((language) => text(language, 'voice.tooLong', { seconds: 75, max: 60 })),
    )
  })

  test('for one that says it is over 20 MB', async () => {
    const fileSize = 20 * 1024 * 1024 + 1
    const seen = await answers((person) => sendRecorded(person, 'shop', { fileSize }))
    expect(seen).toEqual(inEach((language) => text(language, 'voice.tooBig')))
  })

  test('for one that only Telegram knows to be over 20 MB', async () => {
    const seen = await answers((person) => {
      const description = 'Bad Request: file is too big'
      bot.telegram.failNext('getFile', { kind: 'error', status: 400, description })
      sendRecorded(person, 'shop')
    })
    expect(seen).toEqual(inEach((language) => text(language, 'voice.tooBig')))
  })

  test.each([
    ['getFile', 400, 'Bad Request: wrong file_id or the file is temporarily unavailable'],
    ['getFile', 400, 'Bad Request: invalid file_id'],
    ['downloadFile', 404, 'Not Found'],
  ])('for one that %s has no more (%i %s)', async (method, status, description) => {
    const seen = await answers((person) => {
      bot.telegram.failNext(method, { kind: 'error', status, description })
      sendRecorded(person, 'shop')
    })
    expect(seen).toEqual(inEach((language) => text(language, 'voice.expired')))
  })

  test.each([
    ['text', new TextEncoder().encode('This is not audio at all.')],
    ['half an Ogg', RECORDED.shop.bytes.subarray(0, 3_000)],
    [
      'a video',
      new Uint8Array([...Buffer.from('\x1a\x45\xdf\xa3', 'latin1'), ...Buffer.alloc(99)]),
    ],
    ['Ogg in name only', new TextEncoder().encode(`OggS${'x'.repeat(500)}`)],
  ])('for one that holds %s', async (_, bytes) => {
    const seen = await answers(({ me }) => me.sendsVoice(bytes, { duration: 3 }))
    expect(seen).toEqual(inEach((language) => text(language, 'voice.damaged')))
  })

  test('for one that holds nothing at all', async () => {
    const seen = await answers(({ me }) => me.sendsVoice(new Uint8Array(), { duration: 0 }))
    expect(seen).toEqual(inEach((language) => text(language, 'voice.damaged')))
  })

  test('for silence', async () => {
    const heard = { places: ['unheard 1'], paid: { ...NOTHING_PAID, transcribe: 1 } }
    const seen = await answers((person) => sendRecorded(person, 'silence'), heard)
    expect(seen).toEqual(inEach((language) => text(language, 'voice.silence')))
  })

  test('for Russian, which is named in the learner’s language', async () => {
    const heard = { places: ['unheard 1'], paid: { ...NOTHING_PAID, transcribe: 1 } }
    const seen = await answers((person) => sendRecorded(person, 'russian'), heard)
    expect(seen).toEqual([
      [expect.stringContaining('другой язык: русский.')],
      [expect.stringContaining('інша мова: російська.')],
      [expect.stringContaining('another language: Russian.')],
    ])
  })

  test('for what a recogniser makes up in noise', async () => {
    bot.openai.hears(RECORDED.food.bytes, { text: 'Titulky vytvořil JohnyX.', languages: ['cs'] })
    const heard = { places: ['unheard 1'], paid: { ...NOTHING_PAID, transcribe: 1 } }
    const seen = await answers((person) => sendRecorded(person, 'food'), heard)
    bot.openai.hears(RECORDED.food.bytes, RECORDED.food)
    expect(seen).toEqual(inEach((language) => text(language, 'voice.silence')))
  })
})
