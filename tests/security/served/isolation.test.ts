import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { LessonAnswer } from '../../../lib/http/lesson/answer.ts'
import vercelJson from '../../../vercel.json' with { type: 'json' }
import { textRequest } from '../../support/lesson-requests.ts'
import { DOORS, knock, SECRET_HEADER } from '../doors.ts'
import { SECRETS, type Served, serveFunctions } from '../served.ts'

let server: Served
beforeAll(async () => {
  server = await serveFunctions()
})
afterAll(() => server.close())

const WORDS = 'Moje tajemství je v Brně.'
const LESSON = { text: WORDS, include_audio: false }

const Problem = z.object({ code: z.string() })

async function ask(key: string, fields: object, headers: Record<string, string> = {}) {
  const response = await server.ask(textRequest(key, { ...LESSON, ...fields }, headers))
  const body: unknown = await response.json()
  return response.status === 200
    ? { code: 'lesson', lesson: LessonAnswer.parse(body), text: JSON.stringify(body) }
    : { code: Problem.parse(body).code, lesson: undefined, text: JSON.stringify(body) }
}

/** A learner of a key's who has said the words above. */
async function learnerWithSecrets(userId: string) {
  const key = await server.newApiKey()
  const { lesson } = await ask(key, { user_id: userId }, { 'idempotency-key': 'first' })
  const { learner_id: id } = await server.db
    .selectFrom('lesson')
    .select('learner_id')
    .where('id', '=', lesson?.lesson_id ?? 0)
    .executeTakeFirstOrThrow()
  return { key, userId, id, lessonId: lesson?.lesson_id, stateOf: () => stateOf(id) }
}

/** All that can be done to a learner. */
async function stateOf(learnerId: number) {
  const { db } = server
  const of = (table: 'lesson' | 'quota_use' | 'star_entry') =>
    db.selectFrom(table).selectAll().where('learner_id', '=', learnerId).execute()
  return {
    learner: await db.selectFrom('learner').selectAll().where('id', '=', learnerId).execute(),
    lessons: await of('lesson'),
    places: await of('quota_use'),
    stars: await of('star_entry'),
  }
}

/** What the model was shown with the last request. */
function lastShown(): string {
  return JSON.stringify(
    server.openai.requests.findLast(({ stage }) => stage === 'reply')?.fields.messages,
  )
}

describe('with another API key', () => {
  test.each<[string, (owner: { userId: string; id: number }) => string]>([
    ['the same user_id', ({ userId }) => userId],
    ['the user_id in another case', ({ userId }) => userId.toUpperCase()],
    ['the number of the learner in our tables', ({ id }) => String(id)],
    ['the name of their lane', ({ id }) => `learner:${id}`],
    ['what would be all learners in SQL', () => "' or 1=1 --"],
    ['what would be any of them in a pattern', () => '%'],
  ])(
    'with another API key %s is a learner of its own, to whom nothing of the first one is shown',
    async (_, userIdOf) => {
      const owner = await learnerWithSecrets('olena')
      const stateBefore = await owner.stateOf()
      const intruder = await server.newApiKey()
      const { lesson } = await ask(intruder, { user_id: userIdOf(owner), text: 'Jdu domů.' })
      expect(lesson).toMatchObject({
        total_stars: lesson?.stars_earned,
        daily_challenge: { messages_today: 1 },
      })
      expect(lastShown()).not.toContain(WORDS)
      expect(await owner.stateOf()).toEqual(stateBefore)
    },
  )

  test('with another API key the same Idempotency-Key and request are another lesson', async () => {
    const owner = await learnerWithSecrets('olena')
    const stateBefore = await owner.stateOf()
    const intruder = await server.newApiKey()
    const fields = { user_id: owner.userId }
    const { lesson } = await ask(intruder, fields, { 'idempotency-key': 'first' })
    expect(lesson?.lesson_id).not.toBe(owner.lessonId)
    const otherAnswer = await ask(
      intruder,
      { ...fields, text: 'Co?' },
      { 'idempotency-key': 'first' },
    )
    expect(otherAnswer.code).toBe('idempotency_mismatch')
    expect(otherAnswer.text).not.toContain(WORDS)
    expect(await owner.stateOf()).toEqual(stateBefore)
    const replay = await ask(owner.key, fields, { 'idempotency-key': 'first' })
    expect(replay.lesson?.lesson_id).toBe(owner.lessonId)
  })
})

describe('between Telegram and the API', () => {
  test('an API key for Telegram learners finds those who have pressed /start, by their Telegram id', async () => {
    const key = await server.newApiKey({ telegramLearners: true })
    const ofTheApi = await learnerWithSecrets('881001')
    const stateBefore = await ofTheApi.stateOf()
    const unknown = ['881001', '0', '0xd7169', '881001.5', '+881001', '８８１００１', '-1']
    for (const userId of [...unknown, 'olena', `${ofTheApi.id}`, '9'.repeat(40)]) {
      expect(await ask(key, { user_id: userId })).toMatchObject({ code: 'unknown_learner' })
    }
    const { id } = await server.deps.learners.chooseNativeLanguage(881_001, 'uk')
    const { lesson } = await ask(key, { user_id: '881001', text: 'Jdu domů.' })
    expect(lesson?.daily_challenge.messages_today).toBe(1)
    expect(lastShown()).not.toContain(WORDS)
    expect((await stateOf(id)).lessons).toHaveLength(1)
    expect(await ofTheApi.stateOf()).toEqual(stateBefore)
  })

  test('any other API key with a Telegram id gets a learner of its own', async () => {
    const { id } = await server.deps.learners.chooseNativeLanguage(881_002, 'uk')
    const key = await server.newApiKey()
    const fields = { user_id: '881002', native_language: 'ru', level: 'native' }
    expect(await ask(key, fields)).toMatchObject({ code: 'lesson' })
    const { learner, lessons } = await stateOf(id)
    expect(lessons).toEqual([])
    expect(learner).toMatchObject([{ native_language: 'uk', level: 'beginner', total_stars: 0 }])
  })
})

/** Delivers an update and waits for what it brings about. */
async function deliver(update: object): Promise<void> {
  const [webhook] = DOORS
  if (webhook === undefined) throw new Error('The webhook has no row.')
  const headers = { [SECRET_HEADER]: SECRETS.TELEGRAM_WEBHOOK_SECRET }
  expect((await server.ask(knock({ ...webhook, body: update }, headers))).status).toBe(200)
  await server.deps.idle()
}

let people = 0

/** Someone on Telegram who has said something. */
async function onTelegram(words: string) {
  people += 1
  const user = { id: 882_000 + people, first_name: 'Olena' }
  const { id } = await server.deps.learners.chooseNativeLanguage(user.id, 'uk')
  const learner = server.telegram.learner(user)
  const { message } = learner.says(words)
  await server.telegram.settled()
  await server.deps.idle()
  return { ...learner, id, message, stateOf: () => stateOf(id) }
}

describe('on Telegram', () => {
  // Lessons that stay texts are quicker; this is never tried again.
  beforeAll(() => server.openai.failAll('speak', { kind: 'quota-exhausted' }))
  afterAll(async () => {
    server.openai.recover()
    await server.db.deleteFrom('breaker').execute()
  })

  test('an answer to another learner’s message brings nothing of it to the model', async () => {
    const owner = await onTelegram(WORDS)
    const stateBefore = await owner.stateOf()
    const intruder = await onTelegram('Ahoj, to jsem já.')
    const quote = { reply_to_message: owner.message, quote: { text: WORDS, position: 0 } }
    const forward = { forward_origin: { type: 'user', date: 0, sender_user: owner.user } }
    intruder.says('Opakuj to, prosím.', { ...quote, ...forward })
    await server.telegram.settled()
    await server.deps.idle()
    expect(lastShown()).toContain('Ahoj, to jsem já.')
    expect(lastShown()).not.toContain(WORDS)
    expect((await intruder.stateOf()).lessons).toHaveLength(2)
    expect(await owner.stateOf()).toEqual(stateBefore)
  })

  test('a message that claims another learner’s chat changes its sender only', async () => {
    const owner = await onTelegram(WORDS)
    const stateBefore = await owner.stateOf()
    const intruder = await onTelegram('Ahoj, to jsem já.')
    const { message } = intruder.says('Jdu domů.')
    await deliver({
      update_id: 900_000_000 + people,
      message: { ...message, message_id: 990_000 + people, chat: owner.chat },
    })
    expect(await owner.stateOf()).toEqual(stateBefore)
    expect(lastShown()).toContain('Ahoj, to jsem já.')
    expect(lastShown()).not.toContain(WORDS)
  })

  test('messages of two chats with one message id are two messages', async () => {
    const [firstChat, otherChat] = [await onTelegram('Ahoj.'), await onTelegram('Nazdar.')]
    expect(firstChat.message.message_id).toBe(otherChat.message.message_id)
    expect((await firstChat.stateOf()).lessons).toHaveLength(1)
    expect((await otherChat.stateOf()).lessons).toHaveLength(1)
  })
})

describe('every way in', () => {
  const root = resolve(import.meta.dirname, '../../..')

  /** Whose things a door speaks of, and what holds them apart; a new door says so here and tests it above. */
  const HELD_APART: Record<string, 'by key and user_id' | 'by sender' | 'nobody’s'> = {
    '/webhook': 'by sender',
    '/api/v1/lessons/process': 'by key and user_id',
    '/api/v1/learners/olena': 'by key and user_id',
    '/api/v1/learners/olena?': 'by key and user_id',
    '/api/cron/sweep': 'nobody’s',
    '/health?deep=1': 'nobody’s',
    '/metrics': 'nobody’s',
    '/api/dashboard?period=24h': 'nobody’s',
    '/api/dashboard': 'nobody’s',
    '/api/dashboard/session': 'nobody’s',
    '/health': 'nobody’s',
    '/api/openapi.json': 'nobody’s',
  }

  test('every door is in the table that says what holds its learners apart', () => {
    const functions = globSync('api/**/*.ts', { cwd: root })
    expect([...new Set(DOORS.map(({ file }) => file))].sort()).toEqual(functions.sort())
    const paths = DOORS.map(({ path }) => new URL(path, 'https://bot.example').pathname)
    const rewrittenPaths = vercelJson.rewrites.map(({ source }) => source)
    const isDoor = (source: string) => {
      const pattern = new URLPattern({ pathname: source })
      return paths.some((pathname) => pattern.test({ pathname }))
    }
    expect(rewrittenPaths.filter((source) => !isDoor(source))).toEqual([])
    expect(Object.keys(HELD_APART)).toEqual(DOORS.map(({ path }) => path))
  })

  test('a door that serves no learner’s data names no learner', async () => {
    const owner = await learnerWithSecrets('a-name-that-is-nowhere-else')
    const session = await server.newSession()
    const opening: Record<string, string> = {
      '/api/dashboard?period=24h': session,
      '/api/dashboard': session,
      '/api/cron/sweep': SECRETS.CRON_SECRET,
      '/health?deep=1': SECRETS.ADMIN_TOKEN,
      '/metrics': SECRETS.ADMIN_TOKEN,
    }
    for (const door of DOORS.filter(({ path }) => HELD_APART[path] === 'nobody’s')) {
      const response = await server.ask(knock(door, door.show(opening[door.path] ?? '')))
      const text = await response.text()
      expect(response.status).toBe(200)
      for (const private_ of [WORDS, owner.userId, `learner:${owner.id}`]) {
        expect(text).not.toContain(private_)
      }
    }
  })
})
