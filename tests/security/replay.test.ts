import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { localDay } from '../../lib/domain/day.ts'
import { answering } from '../../lib/http/answering.ts'
import { takeDelivery } from '../../lib/http/webhook/delivery.ts'
import { type Product, startProduct, WEBHOOK_SECRET } from '../support/product.ts'
import { SECRET_HEADER } from './doors.ts'

const PLAN = 2
const DAY_MS = 24 * 3_600_000

let product: Product
beforeAll(async () => {
  product = await startProduct({ FREE_TEXT_PER_DAY: String(PLAN) })
  // Lessons that stay texts are quicker.
  product.openai.failAll('speak', { kind: 'server-error' })
})
afterAll(() => product.close())

let people = 0
let learner: Awaited<ReturnType<typeof newLearner>>
beforeEach(async () => {
  learner = await newLearner()
})

async function newLearner() {
  people += 1
  const user = { id: 8_000 + people, first_name: 'Olena' }
  const { id } = await product.deps.learners.chooseNativeLanguage(user.id, 'uk')
  return { ...product.telegram.learner(user), id, chatId: user.id }
}

/** Delivers an update as one who holds the secret can. */
async function deliver(update: object, deps: Partial<Product['deps']> = {}): Promise<number> {
  const webhook = answering(async () => ({ ...product.deps, ...deps }), { POST: takeDelivery })
  const response = await webhook(
    new Request('https://bot.example/webhook', {
      method: 'POST',
      headers: { [SECRET_HEADER]: WEBHOOK_SECRET },
      body: JSON.stringify(update),
    }),
  )
  return response.status
}

const lessons = () =>
  product.db
    .selectFrom('lesson')
    .innerJoin('inbox', 'inbox.id', 'lesson.job_id')
    .select(['lesson.day', 'inbox.received_at'])
    .where('lesson.learner_id', '=', learner.id)
    .execute()

const jobs = () =>
  product.db
    .selectFrom('inbox')
    .select(['received_at', 'state', 'attempts'])
    .where('lane', '=', `chat:${learner.chatId}`)
    .execute()

/** The days that a message may count for that is received then: its own day, and the one before. */
function possibleDays(receivedAt: Date): { today: string; dayBefore: string } {
  const dayOf = (ms: number) => localDay(new Date(ms), 'Europe/Prague')
  return { today: dayOf(receivedAt.getTime()), dayBefore: dayOf(receivedAt.getTime() - DAY_MS) }
}

describe('an update that is sent a thousand times', () => {
  test('an update sent a thousand times at once is one job', async () => {
    const update = learner.says('Jdu domů.')
    const asleep = { wake: () => {}, sweepSoon: () => {} }
    const answers = Array.from({ length: 1_000 }, () => deliver(update, asleep))
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]))
    expect(await jobs()).toHaveLength(1)
    await product.deps.drain(`chat:${learner.chatId}`, 'lesson')
    expect(await lessons()).toHaveLength(1)
  })

  test('an update sent again while it runs and after is one lesson, answered and paid for once', async () => {
    const update = learner.says('Jdu domů.')
    const repliesBefore = product.openai.count('reply')
    for (let times = 0; times < 20; times += 1) {
      await Promise.all(Array.from({ length: 50 }, () => deliver(update)))
    }
    await product.deps.idle()
    expect(await lessons()).toHaveLength(1)
    expect(product.openai.count('reply')).toBe(repliesBefore + 1)
    const messages = product.telegram.chat(learner.chatId).messages
    expect(messages.filter(({ author }) => author === 'bot')).toHaveLength(2)
  })
})

const seconds = (ms: number) => Math.floor(ms / 1000)

describe('a message that says it was sent', () => {
  test.each<[string, () => unknown, 'today' | 'dayBefore']>([
    ['now', () => seconds(Date.now()), 'today'],
    ['in an hour', () => seconds(Date.now()) + 3_600, 'today'],
    ['in the year 2100', () => seconds(Date.UTC(2100, 0)), 'today'],
    ['beyond what a date can be', () => 1e300, 'today'],
    ['three days ago', () => seconds(Date.now() - 3 * DAY_MS), 'dayBefore'],
    ['two years ago', () => seconds(Date.now() - 730 * DAY_MS), 'dayBefore'],
    ['in 1970', () => 0, 'dayBefore'],
    ['before any date', () => -1e300, 'dayBefore'],
    ['at no time', () => undefined, 'today'],
    ['at a time that is a text', () => '2026-11-01', 'today'],
    ['at a time that is a list', () => [0], 'today'],
  ])(
    'a message dated %s is a lesson of a day on which Telegram can have sent it',
    async (_, date, day) => {
      const update = learner.says('Jdu domů.')
      await deliver({ ...update, message: { ...update.message, date: date() } })
      await product.deps.idle()
      expect(await jobs()).toMatchObject([{ state: 'done', attempts: 1 }])
      const [lesson, ...otherLessons] = await lessons()
      expect(otherLessons).toEqual([])
      expect(lesson?.day).toBe(possibleDays(lesson?.received_at ?? new Date(0))[day])
    },
  )

  test('messages dated on forty days get the plan of two, and no streak', async () => {
    const now = Date.now()
    for (let days = -20; days < 20; days += 1) {
      const update = learner.says('Jdu domů.')
      const date = seconds(now + days * DAY_MS)
      await deliver({ ...update, message: { ...update.message, date } })
      await product.deps.idle()
    }
    const possible = new Set(
      (await jobs()).flatMap(({ received_at }) => Object.values(possibleDays(received_at))),
    )
    const days = (await lessons()).map(({ day }) => day)
    expect([...possible]).toEqual(expect.arrayContaining(days))
    expect(days.length).toBeLessThanOrEqual(PLAN * possible.size)
    const { max_streak: streak } = await product.db
      .selectFrom('learner')
      .select('max_streak')
      .where('id', '=', learner.id)
      .executeTakeFirstOrThrow()
    expect(streak).toBeLessThanOrEqual(possible.size)
  })
})
