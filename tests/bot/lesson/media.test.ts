import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import {
  NOTHING,
  only,
  RECORDED,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({}, { isTerse: true })
})
afterAll(() => bot.stop())

const FILE = { file_id: 'f', file_unique_id: 'u', file_size: 1_000 }
const VIDEO = { ...FILE, width: 320, height: 240, duration: 3 }
const CZECH = 'Já mám rád kniha.'

test.each([
  ['a photo', { photo: [FILE] }],
  ['a video', { video: VIDEO }],
  ['a GIF', { animation: VIDEO, document: FILE }],
  ['a file', { document: { ...FILE, mime_type: 'application/pdf' } }],
  ['a photo that moves', { live_photo: VIDEO, photo: [FILE] }],
])('the Czech under %s is a lesson', async (_, content) => {
  const person = await bot.learner('uk')
  person.sends({ ...content, caption: CZECH })
  await bot.settled()
  expect(await person.ledger()).toMatchObject({ lessons: [CZECH], places: ['text 1'] })
  expect(only(person, text('uk', 'verdict.wrote')).message.reply_to_message?.message_id).toBe(1)
  expect(voiceNotes(person)).toHaveLength(1)
})

test('another language under a photo is told as that of a text', async () => {
  const person = await bot.learner('uk')
  person.sends({ photo: [FILE], caption: 'Это моя собака и её дом.' })
  await bot.settled()
  expect(person.read()).toEqual([text('uk', 'text.notCzech')])
  expect(await person.ledger()).toEqual(NOTHING)
})

test('an album with Czech under its first photo is one lesson and nothing else', async () => {
  const person = await bot.learner('uk')
  const media_group_id = 'a'
  person.sends({ photo: [FILE], media_group_id, caption: CZECH })
  for (let item = 1; item < 10; item += 1) person.sends({ photo: [FILE], media_group_id })
  await bot.settled()
  expect(person.read()).toEqual([expect.stringContaining(text('uk', 'verdict.wrote')), '🔊'])
  expect(await person.ledger()).toMatchObject({ lessons: [CZECH] })
})

test.each([
  ['an audio file', 'audio', {}],
  [
    'an audio file that is known by its name alone',
    'audio',
    { mimeType: 'application/x', fileName: 'Nahrávka 1.OGG' },
  ],
  ['a sound file sent as a document', 'document', { fileName: 'hlas.oga' }],
] as const)('%s is a voice lesson', async (_, kind, details) => {
  const person = await bot.learner('uk')
  const fields = { forward_origin: { type: 'hidden_user', sender_user_name: 'Petr', date: 1 } }
  person.sendsFile(kind, RECORDED.shop.bytes, { duration: 4, ...details }, fields)
  await bot.settled()
  expect(await person.ledger()).toMatchObject({
    lessons: [RECORDED.shop.text],
    places: ['voice 1'],
  })
  expect(voiceNotes(person)).toHaveLength(1)
})

test('a song is too long, and costs nothing', async () => {
  const person = await bot.learner('en')
  person.sendsFile('audio', RECORDED.shop.bytes, { duration: 200, mimeType: 'audio/mpeg' })
  await bot.settled()
  expect(person.read()).toEqual([text('en', 'voice.tooLong', { seconds: 200, max: 60 })])
  expect(await person.ledger()).toEqual(NOTHING)
})

test('an album of songs is refused once', async () => {
  const person = await bot.learner('en')
  for (let song = 0; song < 5; song += 1) {
    const details = { duration: 200, mimeType: 'audio/mpeg' }
    person.sendsFile('audio', RECORDED.shop.bytes, details, { media_group_id: 'songs' })
  }
  await bot.settled()
  expect(person.read()).toEqual([text('en', 'voice.tooLong', { seconds: 200, max: 60 })])
})

test.each([
  ['AMR', { mime_type: 'audio/amr', file_name: 'x.amr' }],
  ['a playlist', { mime_type: 'audio/x-mpegurl', file_name: 'x.m3u' }],
])('an audio file of another kind is refused by its kind: %s', async (_, names) => {
  const person = await bot.learner('cs')
  person.sends({ audio: { ...FILE, duration: 3, ...names } })
  await bot.settled()
  expect(person.read()).toEqual([text('cs', 'unsupported.audio')])
  expect(bot.telegram.callsOf('getFile').filter(({ payload }) => payload.file_id === 'f')).toEqual(
    [],
  )
})
