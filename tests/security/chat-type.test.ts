import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../lib/bot/features.ts'
import { text } from '../../lib/bot/texts/texts.ts'
import type { Chat } from '../../scripts/studio/telegram/objects.ts'
import {
  inChatOf,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'

let bot: WholeBot
const logLines: string[] = []
beforeAll(async () => {
  const print = (line: string) => void logLines.push(line)
  bot = await startWholeBot({ LOG_LEVEL: 'info' }, { print })
})
afterAll(() => bot.stop())

const FILE = { file_id: 'f', file_unique_id: 'u', file_size: 1_000 }

describe('in a group', () => {
  let groups = 0
  function newGroup(type: 'group' | 'supergroup'): Chat {
    groups += 1
    return { id: -1_000 - groups, type, title: 'Čeština' }
  }

  test.each(['group', 'supergroup'] as const)(
    'in a group, voice, text, commands and stickers get one line each that we teach in private (%s)',
    async (type) => {
      const { id } = await bot.learner('uk')
      const chat = newGroup(type)
      const olena = bot.telegram.learner({ id, first_name: 'Olena', language_code: 'en' }, chat)
      olena.sendsVoice(RECORDED.shop.bytes, { duration: 4 })
      olena.says('Rád piju černou kávu.')
      olena.says('/start')
      olena.says('/help@honzik_stand_in_bot')
      olena.sends({ sticker: FILE })
      await bot.settled()
      const answers = bot.telegram.chat(chat.id).messages.filter(({ author }) => author === 'bot')
      expect(answers.map((message) => message.text)).toEqual(
        Array(5).fill(text('uk', 'unsupported.group')),
      )
      expect(answers.map(({ message }) => message.reply_to_message?.message_id)).toHaveLength(5)
      expect(bot.openai.requests).toEqual([])
      expect(await bot.db.selectFrom('lesson').select('id').execute()).toEqual([])
      expect(await bot.db.selectFrom('quota_use').select('job_id').execute()).toEqual([])
    },
  )

  test.each(COMMANDS.map(({ name }) => name))(
    'in a group /%s does nothing, whichever bot it is addressed to',
    async (name) => {
      const stranger = bot.stranger('uk', newGroup('supergroup'))
      for (const command of [`/${name}`, `/${name}@honzik_stand_in_bot`, `/${name} now`]) {
        stranger.says(command)
      }
      await bot.settled()
      expect(stranger.read()).toEqual(Array(3).fill(text('uk', 'unsupported.group')))
      expect(stranger.seen().flatMap(({ buttons }) => buttons)).toEqual([])
      expect(await bot.deps.learners.findByTelegramId(stranger.id)).toBeUndefined()
    },
  )

  test('a stranger in a group reads that line in the language of their app, and does not become a learner', async () => {
    const stranger = bot.stranger('ru', newGroup('group'))
    sendRecorded(stranger, 'shop')
    await bot.settled()
    expect(stranger.read()).toEqual([text('ru', 'unsupported.group')])
    expect(await bot.deps.learners.findByTelegramId(stranger.id)).toBeUndefined()
  })

  test.each([
    ['new members', { new_chat_members: [{ id: 9, first_name: 'Petr' }] }],
    ['one who left', { left_chat_member: { id: 9, first_name: 'Petr' } }],
    ['a new title', { new_chat_title: 'Čeština pro všechny' }],
    ['a new picture', { new_chat_photo: [FILE] }],
    [
      'a pinned message',
      { pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: 'group' } } },
    ],
    ['its making', { group_chat_created: true }],
    ['its move', { migrate_to_chat_id: -100 }],
    ['a video chat', { video_chat_started: {} }],
    ['a topic', { forum_topic_created: { name: 'x', icon_color: 1 } }],
  ])('in a group, a note of Telegram’s about %s gets no answer', async (_, content) => {
    const person = bot.stranger('ru', newGroup('supergroup'))
    person.sends({ ...content })
    await bot.settled()
    expect(person.read()).toEqual([])
    expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
  })

  test.each([
    [403, 'Forbidden: bot was kicked from the group chat'],
    [400, 'Bad Request: not enough rights to send text messages to the chat'],
    [400, 'Bad Request: CHAT_RESTRICTED'],
    [400, 'Bad Request: TOPIC_CLOSED'],
    [400, 'Bad Request: group chat was upgraded to a supergroup chat'],
    [400, 'Bad Request: words of tomorrow'],
  ])(
    'a message in a group where we may not write ends as a done job (%i %s)',
    async (status, description) => {
      const person = bot.stranger('ru', newGroup('group'))
      const inGroup = inChatOf(person, 'sendMessage')
      bot.telegram.failNext(inGroup, { kind: 'error', status, description })
      logLines.length = 0
      person.says('Ahoj')
      await bot.settled()
      expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
      expect(bot.callsTo(person, 'sendMessage')).toHaveLength(1)
      const lines = logLines.map((line) => JSON.parse(line))
      expect(lines.map(({ event }) => event)).toContain('chat_closed')
      expect(lines.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([])
    },
  )
})

describe('updates of no concern to us', () => {
  test.each([
    [
      'a channel’s post',
      {
        channel_post: { message_id: 1, date: 0, chat: { id: -77, type: 'channel' }, text: 'Ahoj' },
      },
    ],
    [
      'an edited post',
      {
        edited_channel_post: {
          message_id: 1,
          date: 0,
          chat: { id: -77, type: 'channel' },
          text: 'Ahoj',
        },
      },
    ],
    [
      'being blocked',
      { my_chat_member: { chat: { id: 5, type: 'private' }, from: { id: 5 }, date: 0 } },
    ],
    [
      'an inline query',
      { inline_query: { id: '1', from: { id: 5, first_name: 'A' }, query: 'x', offset: '' } },
    ],
    ['a poll’s answer', { poll_answer: { poll_id: '1', option_ids: [0] } }],
    ['a kind of tomorrow', { telepathy: { from: { id: 5 } } }],
    ['nothing at all', {}],
  ])('an update of no concern to us (%s) is stored and not answered', async (_, update) => {
    const calls = bot.telegram.calls.length
    const { update_id } = bot.telegram.deliver(update)
    await bot.settled()
    expect(bot.telegram.calls).toHaveLength(calls)
    const job = await bot.db
      .selectFrom('inbox')
      .select(['state', 'attempts'])
      .where('key', '=', String(update_id))
      .executeTakeFirst()
    expect(job).toEqual({ state: 'done', attempts: 1 })
  })
})
