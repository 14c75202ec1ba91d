import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { createDeps, type Deps } from '../../lib/deps.ts'
import { LESSON_ESTIMATE_MICRO_USD } from '../../lib/domain/lesson/prices.ts'
import { answering } from '../../lib/http/answering.ts'
import { processLesson } from '../../lib/http/lesson/process.ts'
import { takeDelivery } from '../../lib/http/webhook/delivery.ts'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { describePostgres } from '../support/databases.ts'
import { type Gate, openGate } from '../support/gate.ts'
import { formRequest, textRequest } from '../support/lesson-requests.ts'
import { forgetSpending, spentToday } from '../support/lessons.ts'
import { recording, WEBHOOK_SECRET } from '../support/product.ts'
import { SECRET_HEADER } from './doors.ts'

const AT_ONCE = 50
const PLAN = { text: 3, voice: 2 }
const BUDGET_MICRO_USD = 10 * LESSON_ESTIMATE_MICRO_USD
/** So many lessons are reckoned to fit: 8 as they are, then 4 with short replies, and 2 in writing alone. */
const AFFORDABLE = 14

/** Two instances on one database: what they take together is what counts. */
describePostgres(`${AT_ONCE} requests at once, on two instances:`, (database) => {
  let telegram: TelegramStandIn
  let openai: OpenaiStandIn
  let gate: Gate
  let withoutBudget: Instances
  let onBudget: Instances
  beforeAll(async () => {
    ;[telegram, openai] = await Promise.all([startTelegram(), startOpenai()])
    gate = await openGate(openai.url)
    const env = {
      DATABASE_URL: database().url,
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_BOT_TOKEN: telegram.token,
      // The tests speak the same words again and again, and count each time.
      CACHE_MAX_MB: '0',
      TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
      OPENAI_BASE_URL: openai.url,
      CHAT_BASE_URL: gate.url,
      OPENAI_API_KEY: 'no-key-is-needed',
      FREE_TEXT_PER_DAY: String(PLAN.text),
      FREE_VOICE_PER_DAY: String(PLAN.voice),
      LOG_LEVEL: 'silent',
    }
    withoutBudget = await startInstances(env)
    onBudget = await startInstances({
      ...env,
      DAILY_BUDGET_USD: String(BUDGET_MICRO_USD / 1_000_000),
    })
    // An exhausted quota is never tried again, and a lesson that stays a text is quicker.
    openai.failAll('speak', { kind: 'quota-exhausted' })
  })
  afterAll(async () => {
    await Promise.all([withoutBudget.close(), onBudget.close()])
    await gate.stop()
    await Promise.all([telegram.stop(), openai.stop()])
  })

  /** Turns memory off, whose calls are paid beside the plan. */
  async function forgoMemory(learnerId: number): Promise<void> {
    const { db } = database()
    await db.updateTable('learner').set({ remembers: false }).where('id', '=', learnerId).execute()
  }

  async function ledgerOf(learnerId: number) {
    const places = await database()
      .db.selectFrom('quota_use')
      .select(['kind', 'place'])
      .where('learner_id', '=', learnerId)
      .execute()
    const lessons = await database()
      .db.selectFrom('lesson')
      .select('kind')
      .where('learner_id', '=', learnerId)
      .execute()
    return {
      places: places.map(({ kind, place }) => `${kind} ${place}`).sort(),
      lessons: lessons.map(({ kind }) => kind).sort(),
    }
  }

  const FULL = {
    places: ['text 1', 'text 2', 'text 3', 'voice 1', 'voice 2'],
    lessons: ['text', 'text', 'text', 'voice', 'voice'],
  }

  test('requests at once in a chat get the lessons of its plan, and each message beyond it costs one line at most', async () => {
    const user = { id: 9_001, first_name: 'Olena' }
    const { id } = await withoutBudget.deps.learners.chooseNativeLanguage(user.id, 'uk')
    await forgoMemory(id)
    const olena = telegram.learner(user)
    const updates = Array.from({ length: AT_ONCE }, (_, turn) =>
      turn % 2 === 0
        ? olena.says('Rád piju černou kávu.')
        : olena.sendsVoice(recording('1-shop'), { duration: 4 }),
    )
    const answers = await Promise.all(updates.map(withoutBudget.deliver))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await withoutBudget.settled()

    expect(await ledgerOf(id)).toEqual(FULL)
    expect(telegram.callsOf('getFile')).toHaveLength(PLAN.voice)
    expect(openai.count('transcribe')).toBe(PLAN.voice)
    expect(openai.count('reply')).toBe(PLAN.text + PLAN.voice)
    // A lesson is a verdict and, as nothing can be spoken, the reply in writing.
    const taughtCount = PLAN.text + PLAN.voice
    // One line tells of all messages that are beyond what a lane holds.
    const sends = telegram.callsOf('sendMessage').length
    expect(sends).toBeGreaterThan(2 * taughtCount)
    expect(sends).toBeLessThanOrEqual(2 * taughtCount + (AT_ONCE - taughtCount))
  })

  test('a learner who writes in the chat and by the API at once has one plan for both', async () => {
    const user = { id: 9_002, first_name: 'Olena' }
    const { id } = await withoutBudget.deps.learners.chooseNativeLanguage(user.id, 'uk')
    await forgoMemory(id)
    const olena = telegram.learner(user)
    const key = await createApiKey(database().db, { name: 'a bridge', telegramLearners: true })
    const callsBefore = { transcribe: openai.count('transcribe'), reply: openai.count('reply') }
    const fields = { user_id: String(user.id), include_audio: 'no' }
    const ways = [
      () => withoutBudget.ask(formRequest(key, { ...fields, text: 'Jdu domů.' })),
      () => withoutBudget.ask(formRequest(key, { ...fields, audio: recording('1-shop') })),
      () => withoutBudget.deliver(olena.says('Rád piju černou kávu.')),
      () => withoutBudget.deliver(olena.sendsVoice(recording('1-shop'), { duration: 4 })),
    ]
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, turn) => (ways[turn % ways.length] ?? expect.fail)()),
    )
    await withoutBudget.settled()
    expect(await ledgerOf(id)).toEqual(FULL)
    expect(openai.count('transcribe')).toBe(callsBefore.transcribe + PLAN.voice)
    expect(openai.count('reply')).toBe(callsBefore.reply + PLAN.text + PLAN.voice)
  })

  test('recordings without speech are recognised three times the plan, and no oftener', async () => {
    const key = await createApiKey(database().db, { name: 'silence', telegramLearners: false })
    const transcriptionsBefore = openai.count('transcribe')
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withoutBudget.ask(formRequest(key, { user_id: 'mute', audio: recording('silence') })),
      ),
    )
    await withoutBudget.settled()
    expect(openai.count('transcribe')).toBe(transcriptionsBefore + 3 * PLAN.voice)
  })

  test('only those of an API key’s many learners begin a lesson for whom the budget has room', async () => {
    await forgetSpending(database().db)
    const key = await createApiKey(database().db, { name: 'a crowd', telegramLearners: false })
    const repliesBefore = openai.count('reply')
    const release = gate.hold()
    const answers = Array.from({ length: AT_ONCE }, (_, turn) =>
      onBudget.ask(textRequest(key, { ...LESSON, user_id: `one of many ${turn}` })),
    )
    let refusals = 0
    for (const answer of answers) void answer.then(() => (refusals += 1))
    await vi.waitFor(
      () =>
        expect([refusals, openai.count('reply')]).toEqual([
          AT_ONCE - AFFORDABLE,
          repliesBefore + AFFORDABLE,
        ]),
      { timeout: 30_000, interval: 20 },
    )
    // All that may run are under way, none has an answer, and nothing more could be charged.
    expect(await spentToday(database().db)).toBe(BUDGET_MICRO_USD)

    release()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(AFFORDABLE)
    expect(statuses.filter((status) => status === 429)).toHaveLength(AT_ONCE - AFFORDABLE)
    const { cost } = await database()
      .db.selectFrom('lesson')
      .innerJoin('learner', 'learner.id', 'lesson.learner_id')
      .select(({ fn }) => fn.sum<number>('cost_micro_usd').as('cost'))
      .where('external_id', 'like', 'one of many %')
      .executeTakeFirstOrThrow()
    const spentMicroUsd = (await spentToday(database().db)) ?? 0
    expect(spentMicroUsd).toBeLessThanOrEqual(BUDGET_MICRO_USD)
    expect(spentMicroUsd).toBeGreaterThanOrEqual(Number(cost))
    // Other lessons get what the estimates were too high by.
    const lateAnswer = await onBudget.ask(textRequest(key, { ...LESSON, user_id: 'one of many 0' }))
    expect(lateAnswer.status).toBe(200)
  })
})

const LESSON = { text: 'Jdu domů.', include_audio: false }

type Instances = Awaited<ReturnType<typeof startInstances>>

/** Two instances of one configuration, to which requests go in turn. */
async function startInstances(env: NodeJS.Dict<string>) {
  // What is waited for half a second takes a fiftieth of that.
  const sleep = (ms: number, signal?: AbortSignal) =>
    delay(ms / 50, undefined, signal && { signal })
  const instances = await Promise.all([createDeps(env, { sleep }), createDeps(env, { sleep })])
  const [deps] = instances
  let turn = 0
  function forNext(): () => Promise<Deps> {
    turn += 1
    const instanceDeps = instances[turn % 2] ?? deps
    return async () => instanceDeps
  }
  /** Sends the same again, as clients and Telegram do, where the database had no connection to spare. */
  async function untilTaken(
    send: (request: Request) => Promise<Response>,
    request: Request,
  ): Promise<Response> {
    for (;;) {
      const response = await send(request.clone())
      if (response.status !== 503) return response
      await sleep(5_000)
    }
  }
  const idle = () => Promise.all(instances.map((instance) => instance.idle()))
  return {
    deps,
    ask(request: Request): Promise<Response> {
      request.headers.set('idempotency-key', randomUUID())
      return untilTaken(answering(forNext(), { POST: processLesson }), request)
    },
    deliver(update: object): Promise<Response> {
      const request = new Request('https://bot.example/webhook', {
        method: 'POST',
        headers: { [SECRET_HEADER]: WEBHOOK_SECRET },
        body: JSON.stringify(update),
      })
      return untilTaken(answering(forNext(), { POST: takeDelivery }), request)
    },
    /** No job is under way or due any more. */
    async settled(): Promise<void> {
      await idle()
      while ((await deps.sweep()) > 0) await idle()
    },
    async close(): Promise<void> {
      await idle()
      await Promise.all(instances.map((instance) => instance.close()))
    },
  }
}
