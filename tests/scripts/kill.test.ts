import { readFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import type { Tables } from '../../db/tables.ts'
import { pgLearners } from '../../lib/adapters/postgres/learners.ts'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram } from '../../scripts/studio/telegram/stand-in.ts'
import { countPaidCalls } from '../rigs/paid-calls.ts'
import { killChildren, startInstance } from '../rigs/processes.ts'
import { describePostgres } from '../support/databases.ts'
import { KILL_POINTS } from './kill-points.ts'

const SECRET = 'the-secret-of-the-webhook'
const UNHURRIED = { timeout: 45_000, interval: 20 }
const VOICE_NOTE = new Uint8Array(
  readFileSync(new URL('../../scripts/studio/recordings/1-shop.ogg', import.meta.url)),
)

describePostgres('A process killed (kill -9) in the middle of a lesson', (database) => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    killChildren()
    await Promise.all(closing.splice(0).map((close) => close()))
  })

  for (const [index, point] of KILL_POINTS.entries()) {
    test(`${point.when}: the next one ends it exactly once`, async () => {
      const { db, url } = database()
      const chatId = 1_000 + index
      const learner = await pgLearners(db).chooseNativeLanguage(chatId, 'en')
      const telegram = await startTelegram({ firstUpdateId: 1_000 * (index + 1) })
      const first = await startOpenai(point.latency ? { latency: point.latency } : {})
      const second = await startOpenai()
      closing.push(telegram.stop, first.stop, second.stop)
      const environment = (openai: OpenaiStandIn) => ({
        DATABASE_URL: url,
        OPENAI_BASE_URL: openai.url,
        OPENAI_API_KEY: 'no-key-is-needed',
        DAILY_BUDGET_USD: '5',
        TELEGRAM_API_ROOT: telegram.url,
        TELEGRAM_BOT_TOKEN: telegram.token,
        // The same words are spoken again and again, and each time counts.
        CACHE_MAX_MB: '0',
        TELEGRAM_WEBHOOK_SECRET: SECRET,
        PORT: '0',
      })
      const spentBefore = await spentOf(db)

      const firstInstance = await startInstance(environment(first))
      telegram.setWebhook(`${firstInstance.url}/webhook`, SECRET)
      const world = { openai: first, telegram }
      point.stop(world)
      const anna = telegram.learner({ id: chatId, first_name: 'Anna' })
      const { update_id } = anna.sendsVoice(VOICE_NOTE, { duration: 4 })
      await vi.waitFor(async () => {
        expect(point.isBegun(world)).toBe(true)
        expect(await journalOf(db, update_id)).toEqual(point.done)
        expect(await lessonsOf(db, learner.id)).toHaveLength(point.recorded)
      }, UNHURRIED)
      // Acknowledged: Telegram will not send it again.
      expect(telegram.pendingCount()).toBe(0)
      expect((await firstInstance.end('SIGKILL')).signal).toBe('SIGKILL')
      // Only now: what was begun before the kill must be all that was.
      expect(await journalOf(db, update_id)).toEqual(point.done)

      await sql`update inbox set lease_until = now() - interval '1 second'
        where key = ${String(update_id)}`.execute(db)
      await startInstance(environment(second))
      await vi.waitFor(async () => {
        expect(await jobOf(db, update_id)).toMatchObject({ state: 'done' })
      }, UNHURRIED)

      expect(await jobOf(db, update_id)).toEqual({
        state: 'done',
        attempts: 2,
        duplicates_possible: point.unknowable ?? 0,
      })
      expect(countPaidCalls([...first.requests, ...second.requests])).toEqual({
        transcribe: 1,
        reply: 1,
        speak: 1,
        ...point.paid,
      })

      const botMessages = telegram.chat(chatId).messages.filter(({ author }) => author === 'bot')
      const texts = botMessages.filter(({ file }) => file === null).map(({ text }) => text)
      const isVerdict = (text: string) => text.includes('obchodu')
      expect(texts.filter(isVerdict)).toHaveLength(1)
      expect(texts).toHaveLength(point.doubled === 'heard' ? 2 : 1)
      const voices = botMessages.filter(({ file }) => file?.kind === 'voice')
      expect(voices).toHaveLength(point.doubled === 'voice' ? 2 : 1)

      const lessons = await lessonsOf(db, learner.id)
      expect(lessons).toHaveLength(1)
      expect(await ledgerOf(db, learner.id)).toEqual({
        stars: lessons[0]?.stars_earned,
        entries: [lessons[0]?.stars_earned],
        max_streak: 1,
        places: ['voice 1'],
      })
      const { cost_micro_usd = 0, speech_cost_micro_usd = 0 } = lessons[0] ?? {}
      expect((await spentOf(db)) - spentBefore).toBe(cost_micro_usd + (speech_cost_micro_usd ?? 0))
    })
  }
})

/** The finished steps of an update's job; a speech without the hash of its text. */
async function journalOf(db: Kysely<Tables>, updateId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('journal')
    .innerJoin('inbox', 'inbox.id', 'journal.job_id')
    .select('step')
    .where('inbox.key', '=', String(updateId))
    .where('journal.state', '=', 'done')
    .execute()
  return rows.map(({ step }) => step.replace(/:.*/, '')).sort()
}

function jobOf(db: Kysely<Tables>, updateId: number) {
  return db
    .selectFrom('inbox')
    .select(['state', 'attempts', 'duplicates_possible'])
    .where('key', '=', String(updateId))
    .executeTakeFirst()
}

function lessonsOf(db: Kysely<Tables>, learnerId: number) {
  return db
    .selectFrom('lesson')
    .select(['stars_earned', 'cost_micro_usd', 'speech_cost_micro_usd'])
    .where('learner_id', '=', learnerId)
    .execute()
}

/** What the lesson has given the learner, and what it has taken of their day. */
async function ledgerOf(db: Kysely<Tables>, learnerId: number) {
  const [learner, entries, places] = await Promise.all([
    db
      .selectFrom('learner')
      .select(['total_stars as stars', 'max_streak'])
      .where('id', '=', learnerId)
      .executeTakeFirstOrThrow(),
    db.selectFrom('star_entry').select('stars').where('learner_id', '=', learnerId).execute(),
    db
      .selectFrom('quota_use')
      .select(['kind', 'place'])
      .where('learner_id', '=', learnerId)
      .execute(),
  ])
  return {
    ...learner,
    entries: entries.map(({ stars }) => stars),
    places: places.map(({ kind, place }) => `${kind} ${place}`),
  }
}

/** What all lessons have cost so far, in millionths of a US dollar. */
async function spentOf(db: Kysely<Tables>): Promise<number> {
  const rows = await db.selectFrom('budget_day').select('spent_micro_usd').execute()
  return rows.reduce((sum, { spent_micro_usd }) => sum + spent_micro_usd, 0)
}
