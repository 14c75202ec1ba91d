import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import type { InterfaceLanguage } from '../../../lib/bot/texts/language.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import {
  NOTHING,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

describe('voice notes that are no lesson', () => {
  const LANGUAGES = ['ru', 'uk', 'en'] as const

  const NOTHING_PAID = { transcribe: 0, reply: 0, speak: 0 }

  /** The bot's answers to the message in each language, after only `places` were taken and `paidCalls` were paid for. */
  async function answersAfter(
    send: (person: Person) => void,
    { places = [] as string[], paidCalls = NOTHING_PAID } = {},
  ): Promise<string[][]> {
    const texts: string[][] = []
    for (const language of LANGUAGES) {
      const person = await bot.learner(language)
      const countCalls = bot.countPaid()
      send(person)
      await bot.settled()
      expect(await person.ledger()).toEqual({ ...NOTHING, places })
      expect(countCalls()).toEqual(paidCalls)
      expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
      expect(person.seen()[0]?.message.reply_to_message?.message_id).toBe(1)
      texts.push(person.read())
    }
    return texts
  }

  const inEachLanguage = (say: (language: InterfaceLanguage) => string) =>
    LANGUAGES.map((language) => [say(language)])

  test('a voice note that declares more than 60 s costs the learner nothing', async () => {
    const answers = await answersAfter((person) => sendRecorded(person, 'shop', { duration: 62 }))
    expect(answers).toEqual(
      inEachLanguage((language) => text(language, 'voice.tooLong', { seconds: 62, max: 60 })),
    )
    expect(answers[0]?.[0]).toMatch(/^В записи 62 секунды, а я слушаю до 60 секунд/)
  })

  test('a voice note that is longer than it declares costs the learner nothing', async () => {
    const { ogg } = await encodeVoiceNote(new Int16Array(8_000 * 75), 8_000)
    const answers = await answersAfter((learner) => learner.sendsVoice(ogg, { duration: 5 }))
    expect(answers).toEqual(
      inEachLanguage((language) => text(language, 'voice.tooLong', { seconds: 75, max: 60 })),
    )
  })

  test('a voice note that declares over 4 MB costs the learner nothing', async () => {
    const fileSize = 4 * 1024 * 1024 + 1
    const answers = await answersAfter((person) => sendRecorded(person, 'shop', { fileSize }))
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.tooBig')))
  })

  test('a voice note of over 4 MB that declares less costs the learner nothing', async () => {
    const bytes = new Uint8Array(4 * 1024 * 1024 + 1)
    bytes.set(RECORDED.shop.bytes)
    const answers = await answersAfter((learner) =>
      learner.sendsVoice(bytes, { duration: 4, fileSize: 5_000 }),
    )
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.tooBig')))
  })

  test('a voice note that only Telegram knows to be over 20 MB costs the learner nothing', async () => {
    const answers = await answersAfter((person) => {
      const description = 'Bad Request: file is too big'
      bot.telegram.failNext('getFile', { kind: 'error', status: 400, description })
      sendRecorded(person, 'shop')
    })
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.tooBig')))
  })

  test.each([
    ['getFile', 400, 'Bad Request: wrong file_id or the file is temporarily unavailable'],
    ['getFile', 400, 'Bad Request: invalid file_id'],
    ['getFile', 400, 'Bad Request: FILE_REFERENCE_EXPIRED'],
    ['downloadFile', 404, 'Not Found'],
  ])(
    'a voice note that %s does not have any more (%i %s) costs the learner nothing',
    async (method, status, description) => {
      const answers = await answersAfter((person) => {
        bot.telegram.failNext(
          method,
          { kind: 'error', status, description },
          method === 'getFile' ? 1 : 2,
        )
        sendRecorded(person, 'shop')
      })
      expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.expired')))
    },
  )

  test.each([
    ['text', new TextEncoder().encode('This is not audio at all.')],
    ['an Ogg without sound', RECORDED.shop.bytes.subarray(0, 100)],
    [
      'a video',
      new Uint8Array([...Buffer.from('\x1a\x45\xdf\xa3', 'latin1'), ...Buffer.alloc(99)]),
    ],
    ['Ogg in name only', new TextEncoder().encode(`OggS${'x'.repeat(500)}`)],
  ])('a voice note that holds %s costs the learner nothing', async (_, bytes) => {
    const answers = await answersAfter((learner) => learner.sendsVoice(bytes, { duration: 3 }))
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.damaged')))
  })

  test('an empty voice note costs the learner nothing', async () => {
    const answers = await answersAfter((learner) =>
      learner.sendsVoice(new Uint8Array(), { duration: 0 }),
    )
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.damaged')))
  })

  test('silence is told to the learner and makes no lesson', async () => {
    const unheardPlace = { places: ['unheard 1'], paidCalls: { ...NOTHING_PAID, transcribe: 1 } }
    const answers = await answersAfter((person) => sendRecorded(person, 'silence'), unheardPlace)
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.silence')))
  })

  test('Russian makes no lesson, and is named in the learner’s language', async () => {
    const unheardPlace = { places: ['unheard 1'], paidCalls: { ...NOTHING_PAID, transcribe: 1 } }
    const answers = await answersAfter((person) => sendRecorded(person, 'russian'), unheardPlace)
    expect(answers).toEqual([
      [expect.stringContaining('другой язык: русский.')],
      [expect.stringContaining('інша мова: російська.')],
      [expect.stringContaining('another language: Russian.')],
    ])
  })

  test('words that a recogniser makes up in noise make no lesson', async () => {
    bot.openai.hears(RECORDED.food.bytes, { text: 'Titulky vytvořil JohnyX.', languages: ['cs'] })
    const unheardPlace = { places: ['unheard 1'], paidCalls: { ...NOTHING_PAID, transcribe: 1 } }
    const answers = await answersAfter((person) => sendRecorded(person, 'food'), unheardPlace)
    bot.openai.hears(RECORDED.food.bytes, RECORDED.food)
    expect(answers).toEqual(inEachLanguage((language) => text(language, 'voice.silence')))
  })
})
