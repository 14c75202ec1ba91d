import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import { noticesOf } from '../../support/buttons.ts'
import {
  eventually,
  inChatOf,
  type Person,
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

/** A learner who has had a voice lesson, and the voice note that came of it. */
async function taughtLearner(language: 'ru' | 'uk' | 'en' = 'en') {
  const person = await bot.learner(language)
  sendRecorded(person, 'shop')
  await bot.settled()
  const [note] = voiceNotes(person)
  if (note === undefined) throw new Error('There is no voice note.')
  return { person, note }
}

function dataOf({ buttons }: ChatMessage, name: string): string {
  const data = buttons.find(({ callback_data }) => callback_data?.startsWith(`${name}:`))
  if (data?.callback_data === undefined) throw new Error(`There is no button ${name}.`)
  return data.callback_data
}

async function press(person: Person, message: ChatMessage, name: string): Promise<void> {
  person.taps(message.id, dataOf(message, name))
  await bot.settled()
}

const REPLY = 'Čerstvý chleba, to je základ!'
const TRANSLATION = 'Here stands the translation of the reply.'

describe('the buttons under a voice note', () => {
  test('Translate puts the reply and its translation under the voice note, and goes away', async () => {
    const { person, note } = await taughtLearner()
    const countCalls = bot.countPaid()
    await press(person, note, 'aside-translate')
    const [captionedNote] = voiceNotes(person)
    expect(captionedNote?.text).toBe(`${REPLY}\n\n🌐 ${TRANSLATION}`)
    expect(captionedNote?.buttons.map((button) => button.text)).toEqual([
      `🐢 ${text('en', 'aside.slower')}`,
      `💬 ${text('en', 'aside.answers')}`,
    ])
    expect(countCalls()).toEqual({ transcribe: 0, reply: 1, speak: 0 })
  })

  test('a translation that is shown while its lesson is withdrawn brings no buttons back', async () => {
    const { person, note } = await taughtLearner()
    const release = bot.holdTelegram(inChatOf(person, 'editMessageCaption'))
    person.taps(note.id, dataOf(note, 'aside-translate'))
    await eventually(() => expect(bot.callsTo(person, 'editMessageCaption')).toHaveLength(1))
    // The press that did it has taken the buttons away before.
    await bot.db
      .updateTable('lesson')
      .set({ withdrawn_at: new Date() })
      .where('reply_message_id', '=', note.id)
      .execute()
    release()
    await bot.settled()
    expect(voiceNotes(person)).toMatchObject([{ buttons: [] }])
  })

  test('a translation is paid for once, however often its button is pressed', async () => {
    const { person, note } = await taughtLearner()
    const countCalls = bot.countPaid()
    const data = dataOf(note, 'aside-translate')
    for (let time = 0; time < 3; time += 1) person.taps(note.id, data)
    await bot.settled()
    await press(person, note, 'aside-translate')
    expect(countCalls()).toMatchObject({ reply: 1 })
    expect(noticesOf(bot, person).at(-1)).toBe(text('en', 'aside.done'))
    expect(bot.callsTo(person, 'editMessageCaption')).toHaveLength(1)
  })

  test('Slower says the same words as a new voice note, and pressed again sends it by its file id', async () => {
    const { person, note } = await taughtLearner()
    const countCalls = bot.countPaid()
    await press(person, note, 'aside-slower')
    await press(person, note, 'aside-slower')
    expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 1 })
    const [, slowerNote, repeatedNote] = voiceNotes(person)
    expect(slowerNote?.file?.bytes.length).toBeGreaterThan(note.file?.bytes.length ?? 0)
    expect(repeatedNote?.file?.object.file_id).toBe(slowerNote?.file?.object.file_id)
    expect(slowerNote?.message.reply_to_message?.message_id).toBe(note.id)
  })

  test('What can I say? brings two answers to copy, once', async () => {
    const { person, note } = await taughtLearner('uk')
    const countCalls = bot.countPaid()
    await press(person, note, 'aside-answers')
    await press(person, note, 'aside-answers')
    expect(countCalls()).toMatchObject({ reply: 1 })
    expect(person.read().at(-1)).toBe(
      'Ano, moc.\nТак, дуже.\n\nNe, děkuju.\nНі, дякую.\n\n👆 Торкнися фрази, щоб скопіювати',
    )
    const answers = person.seen().at(-1)?.message
    expect(answers?.entities?.map(({ type }) => type)).toEqual(['code', 'code'])
    expect(noticesOf(bot, person).at(-1)).toBe(text('uk', 'aside.done'))
  })

  test('at the first steps the translation and the answers are there already, and cost nothing', async () => {
    const person = await bot.learner('en', 'first_steps')
    sendRecorded(person, 'shop')
    await bot.settled()
    const [note] = voiceNotes(person)
    if (note === undefined) throw new Error('There is no voice note.')
    const countCalls = bot.countPaid()
    await press(person, note, 'aside-translate')
    await press(person, note, 'aside-answers')
    expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 0 })
    expect(voiceNotes(person)[0]?.text).toContain(TRANSLATION)
    expect(person.read().at(-1)).toContain('Ano, moc.\nYes, a lot.')
  })

  test('the buttons stand under the text where voice notes cannot be spoken', async () => {
    const person = await bot.learner('en')
    bot.openai.failAll('speak', { kind: 'server-error' })
    sendRecorded(person, 'shop')
    await bot.settled()
    bot.openai.recover()
    const writtenReply = person.seen().at(-1)
    if (writtenReply === undefined) throw new Error('There is no reply.')
    await press(person, writtenReply, 'aside-translate')
    expect(person.read().at(-1)).toBe(`💬 Honzík answers\n\n${REPLY}\n\n🌐 ${TRANSLATION}`)
    await press(person, writtenReply, 'aside-slower')
    expect(person.read().at(-1)).toBe('🔊')
  })

  test('the buttons stand under the sound file of those who forbid voice notes', async () => {
    const person = await bot.learner('en')
    bot.telegram.forbidVoice(person.id)
    sendRecorded(person, 'shop')
    await bot.settled()
    const file = person.seen().at(-1)
    if (file === undefined) throw new Error('There is no sound file.')
    await press(person, file, 'aside-translate')
    expect(person.seen().at(-1)?.text).toContain(TRANSLATION)
    await press(person, file, 'aside-slower')
    expect(person.read().at(-1)).toBe('📎')
    await press(person, file, 'aside-slower')
    expect(person.read().filter((line) => line === '📎')).toHaveLength(3)
  })

  test('a press whose provider fails is told, costs no other lesson, and works when pressed again', async () => {
    const { person, note } = await taughtLearner()
    bot.openai.failAll('reply', { kind: 'server-error' })
    await press(person, note, 'aside-translate')
    expect(person.read().at(-1)).toBe(text('en', 'aside.failed'))
    bot.openai.recover()
    await press(person, note, 'aside-translate')
    expect(voiceNotes(person)[0]?.text).toContain(TRANSLATION)
  })

  test('a press is answered while the provider hangs', async () => {
    const { person, note } = await taughtLearner()
    const release = bot.hold('reply')
    person.taps(note.id, dataOf(note, 'aside-translate'))
    await bot.telegram.settled()
    await expect.poll(() => bot.telegram.callsOf('answerCallbackQuery').length).toBeGreaterThan(0)
    person.says('/help')
    await expect.poll(() => person.read().at(-1)).toContain('/start')
    release()
    await bot.settled()
    expect(voiceNotes(person)[0]?.text).toContain(TRANSLATION)
  })

  test('what presses pay is charged to the learner, and nothing is held back when they are done', async () => {
    const { person, note } = await taughtLearner()
    await press(person, note, 'aside-translate')
    await press(person, note, 'aside-slower')
    const { id } = (await bot.deps.learners.findByTelegramId(person.id)) ?? {}
    const places = await bot.db
      .selectFrom('quota_use')
      .select(['kind', 'place', 'reserved_micro_usd'])
      .where('learner_id', '=', id ?? 0)
      .orderBy('job_id')
      .execute()
    expect(places).toEqual([
      { kind: 'voice', place: 1, reserved_micro_usd: 0 },
      { kind: 'aside', place: 1, reserved_micro_usd: 0 },
      { kind: 'aside', place: 2, reserved_micro_usd: 0 },
    ])
    const charges = await bot.db
      .selectFrom('usage')
      .select(['step', 'learner_id'])
      .where('learner_id', '=', id ?? 0)
      .orderBy('id')
      .execute()
    expect(charges.map(({ step }) => step).slice(-2)).toEqual(['translate', 'speak'])
  })
})

describe('a button of a lesson that is not there', () => {
  test('a press on another learner’s lesson says that the button is no longer valid', async () => {
    const { note } = await taughtLearner()
    const otherLesson = await taughtLearner('ru')
    const countCalls = bot.countPaid()
    for (const name of ['aside-translate', 'aside-slower', 'aside-answers']) {
      bot.telegram.deliver({
        callback_query: {
          id: `other ${name}`,
          from: otherLesson.person.user,
          chat_instance: '1',
          message: otherLesson.note.message,
          data: dataOf(note, name),
        },
      })
    }
    await bot.settled()
    expect(noticesOf(bot, otherLesson.person)).toEqual(
      Array(3).fill(text('ru', 'unsupported.button')),
    )
    expect(countCalls()).toEqual({ transcribe: 0, reply: 0, speak: 0 })
  })
})
