import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import type { InterfaceLanguage } from '../../../lib/bot/texts/language.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import { isObject } from '../../../scripts/studio/telegram/objects.ts'
import {
  eventually,
  inChatOf,
  NOTHING,
  only,
  RECORDED,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

/** The sentences of each reply; each is a call for speech. */
const SENTENCES = 3

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

describe('a conversation', () => {
  test('three voice notes are answered one by one, in the learner’s language', async () => {
    const olena = await bot.learner('uk')
    const countCalls = bot.countPaid()
    for (const name of ['shop', 'prague', 'food'] as const) {
      sendRecorded(olena, name)
      await bot.settled()
    }
    expect(countCalls()).toEqual({ transcribe: 3, reply: 3, speak: 3 * SENTENCES })
    expect(olena.read().map((message) => message.split('\n')[0])).toEqual([
      '🎙 Що я чую',
      '🔊',
      '🎙 Що я чую',
      '🔊',
      '🎙 Що я чую',
      '🔊',
    ])
    expect(olena.read()[0]).toBe(
      [
        '🎙 Що я чую\nVčera jsem šel do obchod obchodu a koupil jsem chleba.',
        '✏️ do obchod → do obchodu\n' +
          'Після прийменника do потрібен родовий відмінок, а слово obchod має в ньому -u: do obchodu.',
        '🎯 89 зі 100 · ⭐ +2 · 🔥 1',
        '🔊 Honzík відповідає (спершу послухай)\n' +
          'Čerstvý chleba, to je základ! Já si ho dávám nejradši s máslem a se solí. A kde vlastně bydlíš?',
        '✏️ Po předložce do je druhý pád: do obchodu.\n' +
          '💡 Порада: Чех скаже коротше: „Včera jsem si v obchodě koupil chleba“.\n' +
          '📖 čerstvý — свіжий\n📖 máslo — масло\n' +
          '⭐ +2 зірки · усього 2 (урок +1, добрий результат +1)\n' +
          '🔥 Серія: 1 день\n🏁 Завдання дня: 1 з 5',
      ].join('\n\n'),
    )
    expect(only(olena, 'Завдання дня: 3 з 5').message.reply_to_message?.message_id).toBe(7)
    expect(await olena.ledger()).toMatchObject({
      lessons: [RECORDED.shop.text, RECORDED.prague.text, RECORDED.food.text],
      places: ['voice 1', 'voice 2', 'voice 3'],
    })
  })

  test('the tutor gets the learner’s and its own earlier turns', async () => {
    const ivan = await bot.learner('ru')
    sendRecorded(ivan, 'shop')
    await bot.settled()
    sendRecorded(ivan, 'prague')
    await bot.settled()
    const messages = bot.openai.requests.findLast(({ stage }) => stage === 'reply')?.fields.messages
    const turns = (Array.isArray(messages) ? messages : []).filter(isObject)
    expect(turns.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(turns[1]?.content).toBe(RECORDED.shop.text)
    expect(turns[2]?.content).toContain('Čerstvý chleba')
    expect(turns[3]?.content).toBe(RECORDED.prague.text)
  })

  test.each<[string, InterfaceLanguage, string[]]>([
    ['ru', 'ru', ['🎙 Что я слышу', 'предложный падеж', '+2 звезды', 'Серия: 1 день']],
    ['be', 'ru', ['🎙 Что я слышу', 'Задание дня: 1 из 5']],
    ['en', 'en', ['🎙 What I heard', 'After v comes the locative', '+2 stars', 'Streak: 1 day']],
    ['vi', 'en', ['🎙 What I heard', 'Daily challenge: 1 of 5']],
    ['sk', 'cs', ['🎙']],
  ])('a learner who speaks %s is answered in %s', async (native, language, parts) => {
    const person = await bot.learner(native)
    sendRecorded(person, 'prague')
    await bot.settled()
    const [verdict] = person.read()
    expect(verdict).toContain(text(language, 'challenge.progress', { done: 1, goal: 5 }))
    expect(verdict).toContain(text(language, 'reply.listenFirst'))
    for (const part of parts) expect(verdict).toMatch(new RegExp(part.replaceAll('+', '\\+')))
  })

  test('two voice notes that come at once are answered in their order', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'prague')
    sendRecorded(olena, 'food')
    await bot.settled()
    const readMessages = olena.read()
    expect(
      readMessages.map((message) => (message === '🔊' ? '🔊' : message.split('\n')[1])),
    ).toEqual([
      'Já bydlím v Praha Praze už dva roky.',
      '🔊',
      'Mám rád česká české jídlo, nejvíc svíčkovou.',
      '🔊',
    ])
  })
})

describe('what a learner sees', () => {
  test('the transcript is shown at once, and this very message turns into the verdict', async () => {
    const olena = await bot.learner('uk')
    const release = bot.hold('reply')
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()).toHaveLength(1))
    expect(olena.read()).toEqual([`🎙 Що я чую\n${RECORDED.shop.text}`])
    const transcriptMessage = olena.seen()[0]
    release()
    await bot.settled()
    expect(olena.seen().map(({ id }) => id)).toEqual([
      transcriptMessage?.id,
      (transcriptMessage?.id ?? 0) + 1,
    ])
    expect(only(olena, '89 зі 100').revisions.map((message) => message.text)).toEqual([
      `🎙 Що я чую\n${RECORDED.shop.text}`,
    ])
  })

  test('Honzík is shown recording until his voice note is there', async () => {
    const olena = await bot.learner('uk')
    const release = bot.hold('reply')
    sendRecorded(olena, 'shop')
    // A message takes the indicator away: it is shown again.
    await eventually(() => {
      const events = bot.telegram
        .chat(olena.id)
        .history.map((event) => (event.kind === 'action' ? event.action : event.kind))
      expect(events.slice(1)).toEqual(['record_voice', 'sent', 'record_voice'])
    })
    release()
    await bot.settled()
    expect(new Set(bot.telegram.chat(olena.id).actions)).toEqual(new Set(['record_voice']))
  })

  test('a voice note is Ogg with one Opus stream, and declares the duration it has', async () => {
    const olena = await bot.learner('uk')
    sendRecorded(olena, 'shop')
    await bot.settled()
    const [note] = voiceNotes(olena)
    const bytes = Buffer.from(note?.file?.bytes ?? [])
    expect(bytes.toString('latin1', 0, 4)).toBe('OggS')
    expect(bytes.indexOf('OpusHead')).toBe(28)
    const audio = await inspectAudio(bytes)
    expect(audio).toMatchObject({ format: 'ogg', codec: 'opus' })
    expect(audio?.durationSeconds).toBeGreaterThan(3)
    expect(note?.message.voice?.duration).toBe(Math.round(audio?.durationSeconds ?? 0))
  })

  test('the verdict comes while the voice is still being made', async () => {
    const olena = await bot.learner('uk')
    const release = bot.hold('speak')
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()[0]).toContain('89 зі 100'))
    expect(olena.read()).toHaveLength(1)
    release()
    await bot.settled()
    expect(olena.read()[1]).toBe('🔊')
  })

  test('the voice note comes while the verdict is still on its way', async () => {
    const olena = await bot.learner('uk')
    const answer = bot.holdTelegram(inChatOf(olena, 'editMessageText'))
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()[1]).toBe('🔊'))
    expect(bot.callsTo(olena, 'editMessageText').map(({ end }) => end)).toEqual(['under-way'])
    answer()
    await bot.settled()
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('the voice note comes while the transcript is still being sent', async () => {
    const olena = await bot.learner('uk')
    const answer = bot.holdTelegram(inChatOf(olena, 'sendMessage'))
    sendRecorded(olena, 'shop')
    await eventually(() => expect(olena.read()[1]).toBe('🔊'))
    expect(bot.callsTo(olena, 'editMessageText')).toEqual([])
    answer()
    await bot.settled()
    expect(olena.read()[0]).toContain('89 зі 100')
  })

  test('a learner who forbids voice notes gets a sound file', async () => {
    const olena = await bot.learner('uk')
    bot.telegram.forbidVoice(olena.id)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()[1]).toBe('📎')
    const { file } = only(olena, '📎')
    expect(file).toMatchObject({ kind: 'document', object: { file_name: 'honzik.ogg' } })
    expect(Buffer.from(file?.bytes ?? []).indexOf('OpusHead')).toBe(28)
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('the reply comes in writing where Telegram takes the sound in no form', async () => {
    const olena = await bot.learner('uk')
    const refusal = { kind: 'error', status: 400, description: 'Bad Request: wrong file' } as const
    bot.telegram.forbidVoice(olena.id)
    bot.telegram.failNext(inChatOf(olena, 'sendDocument'), refusal, 9)
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()[1]).toContain('Čerstvý chleba')
    expect(olena.read()).toHaveLength(2)
    expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test('the reply comes in writing where the provider cannot speak it', async () => {
    const olena = await bot.learner('uk')
    bot.openai.failAll('speak', { kind: 'server-error' })
    sendRecorded(olena, 'shop')
    await bot.settled()
    bot.openai.recover()
    expect(olena.read()[0]).toContain('89 зі 100')
    expect(olena.read()[1]).toBe(
      '🔇 Цього разу голос підвів, тож відповідаю письмово.\n\n💬 Honzík відповідає\n' +
        'Čerstvý chleba, to je základ! Já si ho dávám nejradši s máslem a se solí. A kde vlastně bydlíš?',
    )
    expect(await olena.ledger()).toMatchObject({ stars: 2, places: ['voice 1'] })
  })

  test('the bot changes the subject where the model refuses this one', async () => {
    const olena = await bot.learner('uk')
    bot.openai.failNext('reply', { kind: 'refusal' })
    sendRecorded(olena, 'shop')
    await bot.settled()
    expect(olena.read()).toEqual([
      `🎙 Що я чую\n${RECORDED.shop.text}`,
      text('uk', 'failure.refused'),
    ])
    expect(await olena.ledger()).toEqual({ ...NOTHING, places: ['unheard 1'] })
  })
})

describe('a voice note that is delivered twice', () => {
  test.each(['one after the other', 'at the same time', 'as another update'])(
    'a voice note delivered twice %s makes one lesson, one verdict and one voice note',
    async (how) => {
      const olena = await bot.learner('uk')
      const countCalls = bot.countPaid()
      const update = sendRecorded(olena, 'shop')
      if (how === 'one after the other') await bot.settled()
      if (how === 'at the same time') bot.telegram.deliver(update, `beside ${olena.id}`)
      else if (how === 'as another update') bot.telegram.deliver({ message: update.message })
      else bot.telegram.deliver(update)
      await bot.settled()
      expect(countCalls()).toEqual({ transcribe: 1, reply: 1, speak: SENTENCES })
      expect(olena.read()).toEqual([expect.stringContaining('89 зі 100'), '🔊'])
      expect(await olena.ledger()).toEqual({
        lessons: [RECORDED.shop.text],
        stars: 2,
        places: ['voice 1'],
      })
    },
  )
})

describe('a learner’s day', () => {
  test('a day has five voice lessons; the sixth voice note is told when the next ones come', async () => {
    const olena = await bot.learner('uk')
    const countCalls = bot.countPaid()
    for (let lesson = 0; lesson < 6; lesson += 1) {
      sendRecorded(olena, lesson % 2 === 0 ? 'prague' : 'food')
      await bot.settled()
    }
    // After the fifth lesson facts are looked for, which takes no place of the plan.
    expect(countCalls()).toEqual({ transcribe: 5, reply: 5 + 1, speak: 5 * SENTENCES })
    expect(olena.read()).toHaveLength(11)
    const leftLines = olena.read().flatMap((message) => /⏳ (.*)/.exec(message)?.[1] ?? [])
    expect(leftLines).toEqual([
      'На сьогодні лишилося ще 2 голосові уроки.',
      'На сьогодні лишився ще 1 голосовий урок.',
    ])
    expect(olena.read()[8]).toContain('🏁 Завдання дня виконано: +5 зірок')
    expect(olena.read().at(-1)).toMatch(
      /^Голосові уроки на сьогодні закінчилися \(5 на день\)\. Нові з’являться (завтра|через \d+ (годин|хвилин)[иу]?)\. На сьогодні лишилося ще 6 текстових уроків\.$/,
    )
    expect(await olena.ledger()).toMatchObject({
      // Two recordings are sent again and again.
      stars: 2 * 2 + 3 + 5,
      places: ['voice 1', 'voice 2', 'voice 3', 'voice 4', 'voice 5', 'memory 1'],
    })
  })

  test('a day takes fifteen voice notes without Czech; the next ones are not listened to', async () => {
    const ivan = await bot.learner('ru')
    const countCalls = bot.countPaid()
    for (let note = 0; note < 16; note += 1) sendRecorded(ivan, 'silence')
    await bot.settled()
    expect(countCalls()).toEqual({ transcribe: 15, reply: 0, speak: 0 })
    expect(ivan.read().at(-1)).toMatch(
      /^Сегодня слишком много сообщений, из которых не получился урок\./,
    )
    expect(new Set(ivan.read().slice(0, 15))).toEqual(new Set([text('ru', 'voice.silence')]))
  })
})
