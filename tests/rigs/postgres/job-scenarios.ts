import { sql } from 'kysely'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import type { NewJob } from '../../../lib/app/jobs/inbox.ts'
import { MEMORY_SOURCE } from '../../../lib/app/memory/memory.ts'
import type { Play, Scenario } from './scenario.ts'
import { CRON_SECRET, type PostgresWorld } from './world.ts'

/** Jobs that a sweep begins, and a lesson whose cache is new to it or away. */
export const JOB_SCENARIOS: readonly Scenario[] = [
  {
    name: 'alert',
    pays: [],
    makes: { jobs: 1, lessons: 0, voices: 0, texts: 1 },
    async begin(world) {
      const chatId = world.newId()
      world.telegram.learner({ id: chatId, first_name: 'Operator' })
      // No look is due: one alert comes, and no other.
      await sql`update duty set done_at = 'infinity' where name like 'alert%'`.execute(world.db)
      await world.restart({ ALERT_CHAT_ID: String(chatId) })
      const alert = { kind: 'slow', summary: 'a', fix: 'b', since: '2026-11-28T12:00', link: null }
      await add(world, {
        source: 'alert:chat',
        slots: 'background',
        key: `alert ${chatId}`,
        lane: 'alert:chat',
        payload: new TextEncoder().encode(JSON.stringify({ target: 'chat', alert })),
      })
      return { ...sweepPlay(world), chatId }
    },
  },
  {
    name: 'memory',
    pays: ['reply'],
    steps: { reply: 'remember' },
    // The lesson before it is one of both.
    makes: { jobs: 2, lessons: 1, voices: 1, texts: 1 },
    async begin(world) {
      const { db } = world
      const { chatId, learnerId } = await teach(world, 'Jmenuji se Olena.')
      await add(world, {
        ...MEMORY_SOURCE,
        key: `memory ${chatId}`,
        lane: `memory:${learnerId}`,
        payload: new Uint8Array(),
        learnerId,
      })
      return {
        ...sweepPlay(world),
        chatId,
        async wrong() {
          const facts = await db
            .selectFrom('fact')
            .select('text')
            .where('learner_id', '=', learnerId)
            .execute()
          const texts = facts.map(({ text }) => text).join()
          return texts === 'is called Olena' ? [] : [`remembered: ${texts}`]
        },
      }
    },
  },
  {
    name: 'text lesson, new to the cache',
    env: { CACHE_MAX_MB: '200' },
    pays: ['reply', 'speak'],
    makes: { jobs: 1, lessons: 1, voices: 1, texts: 1 },
    async begin(world) {
      await world.db.deleteFrom('cache').execute()
      return saying(world, 'Včera jsem šel do obchod.')
    },
  },
  {
    name: 'text lesson, its cache away',
    env: { CACHE_MAX_MB: '200' },
    pays: ['reply', 'speak'],
    makes: { jobs: 1, lessons: 1, voices: 1, texts: 1 },
    async begin(world) {
      const rename = (from: string, to: string) =>
        sql`alter table if exists ${sql.table(from)} rename to ${sql.id(to)}`.execute(world.db)
      await rename('cache', 'cache_away')
      return {
        ...(await saying(world, 'Včera jsem šel do obchod.')),
        async wrong() {
          await rename('cache_away', 'cache')
          return []
        },
      }
    },
  },
]

function add({ db }: PostgresWorld, job: NewJob) {
  return pgInbox(db, { leaseSeconds: 20 }).add(job)
}

function sweepPlay(world: PostgresWorld): Play {
  const headers = { authorization: `Bearer ${CRON_SECRET}` }
  return { act: { ask: () => world.ask('/api/cron/sweep', { headers }) } }
}

async function saying(world: PostgresWorld, said: string): Promise<Play & { chatId: number }> {
  const chatId = world.newId()
  await pgLearners(world.db).chooseNativeLanguage(chatId, 'en')
  const learner = world.telegram.learner({ id: chatId, first_name: 'Anna' })
  return { act: { queue: () => learner.says(said) }, chatId }
}

/** A learner who has had a lesson. */
async function teach(world: PostgresWorld, said: string) {
  const { act, chatId } = await saying(world, said)
  if ('queue' in act) act.queue()
  await world.telegram.settled()
  await world.deps().idle()
  const learner = await pgLearners(world.db).findByTelegramId(chatId)
  if (learner === undefined) throw new Error('There is no learner.')
  return { chatId, learnerId: learner.id }
}
