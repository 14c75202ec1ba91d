import { sql } from 'kysely'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { sumsSince } from '../../../lib/adapters/postgres/tally.ts'
import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import { JOB_SCENARIOS } from './job-scenarios.ts'
import type { Play, Scenario } from './scenario.ts'
import { ADMIN_TOKEN, CRON_SECRET, type PostgresWorld } from './world.ts'

const [NOTE] = await recordings()

/** What a new feature is put under this proof by: a row. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'voice lesson',
    pays: ['transcribe', 'reply', 'speak'],
    makes: { jobs: 1, lessons: 1, voices: 1, texts: 1 },
    begin: (world) => onTelegram(world, saysIt),
  },
  {
    name: 'text lesson',
    pays: ['reply', 'speak'],
    makes: { jobs: 1, lessons: 1, voices: 1, texts: 1 },
    begin: (world) => onTelegram(world, (learner) => learner.says('Včera jsem šel do obchod.')),
  },
  {
    name: 'voice lesson, acknowledged when finished',
    env: { ACK_MODE: 'finished' },
    pays: ['transcribe', 'reply', 'speak'],
    makes: { jobs: 1, lessons: 1, voices: 1, texts: 1 },
    begin: (world) => onTelegram(world, saysIt),
  },
  {
    name: 'onboarding tap',
    pays: [],
    // The press and the /start before it; the welcome, the question that was answered, the next one.
    makes: { jobs: 2, lessons: 0, voices: 0, texts: 3 },
    async begin(world) {
      const id = world.newId()
      const learner = world.telegram.learner({ id, first_name: 'Olena' })
      learner.says('/start')
      await world.telegram.settled()
      await world.deps().idle()
      const question = world.telegram.chat(id).messages.find(({ buttons }) => buttons.length > 0)
      const button = question?.buttons.find(({ text }) => text.includes('Українська'))
      const data = button?.callback_data
      if (question === undefined || data === undefined) throw new Error('There is no question.')
      return {
        act: { queue: () => learner.taps(question.id, data) },
        chatId: id,
        async wrong() {
          const learnerRow = await pgLearners(world.db).findByTelegramId(id)
          return learnerRow?.nativeLanguage === 'uk' ? [] : ['the language was not chosen']
        },
      }
    },
  },
  {
    name: 'move to another time zone',
    pays: [],
    // The card, the place on it, and its confirmation: one message, edited.
    makes: { jobs: 3, lessons: 0, voices: 0, texts: 1 },
    async begin(world) {
      const id = world.newId()
      const learners = pgLearners(world.db)
      await learners.chooseNativeLanguage(id, 'uk')
      const learner = world.telegram.learner({ id, first_name: 'Olena' })
      const settle = async () => {
        await world.telegram.settled()
        await world.deps().idle()
      }
      learner.says('/timezone')
      await settle()
      const card = world.telegram.chat(id).messages.find(({ buttons }) => buttons.length > 0)
      if (card === undefined) throw new Error('There is no card.')
      learner.taps(card.id, 'card-zone-ask:Asia/Almaty')
      await settle()
      return {
        act: { queue: () => learner.taps(card.id, 'card-zone:Asia/Almaty') },
        chatId: id,
        async wrong() {
          const learnerRow = await learners.findByTelegramId(id)
          const isMoved = learnerRow?.timeZone === 'Asia/Almaty' && learnerRow.zoneChange !== null
          return isMoved ? [] : ['the zone was not changed']
        },
      }
    },
  },
  {
    name: 'API lesson',
    pays: ['transcribe', 'reply', 'speak'],
    makes: { jobs: 1, lessons: 1, voices: 0, texts: 0 },
    async begin(world) {
      const key = `request-${world.newId()}`
      const secret = await createApiKey(world.db, { name: key, telegramLearners: false })
      const form = new FormData()
      form.set('user_id', 'anna')
      form.set('audio', new File([bytesOfNote()], 'note.ogg', { type: 'audio/ogg' }))
      const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': key }
      const ask = () =>
        world.ask('/api/v1/lessons/process', { method: 'POST', headers, body: form })
      return { act: { ask } }
    },
  },
  {
    name: 'command',
    pays: [],
    makes: { jobs: 1, lessons: 0, voices: 0, texts: 1 },
    begin: (world) => onTelegram(world, (learner) => learner.says('/help')),
  },
  {
    name: 'health',
    isProbe: true,
    pays: [],
    makes: { jobs: 0, lessons: 0, voices: 0, texts: 0 },
    begin: async (world) => ({ act: { ask: () => world.ask('/health') } }),
  },
  {
    name: 'metrics',
    isProbe: true,
    pays: [],
    makes: { jobs: 0, lessons: 0, voices: 0, texts: 0 },
    begin: async (world) => {
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
      return { act: { ask: () => world.ask('/metrics', { headers }) } }
    },
  },
  {
    name: 'tally',
    pays: [],
    // Added up once is what counts, in however many jobs.
    makes: { lessons: 0, voices: 0, texts: 0 },
    begin: tallyOfAnHour,
  },
  {
    name: 'sweep',
    pays: [],
    makes: { jobs: 1, lessons: 0, voices: 0, texts: 1 },
    async begin(world) {
      const play = await onTelegram(world, (learner) => learner.says('/help'))
      if (!('queue' in play.act)) throw new Error('It is said on Telegram.')
      // Stored, and the process that was to run it is gone.
      world.deps().stop()
      play.act.queue()
      await world.telegram.settled()
      await world.deps().idle()
      await world.restart()
      const headers = { authorization: `Bearer ${CRON_SECRET}` }
      return { ...play, act: { ask: () => world.ask('/api/cron/sweep', { headers }) } }
    },
  },
  ...JOB_SCENARIOS,
]

function saysIt(learner: Learner): Update {
  return learner.sendsVoice(bytesOfNote(), { duration: 4 })
}

function bytesOfNote(): Uint8Array<ArrayBuffer> {
  if (NOTE === undefined) throw new Error('A recording is missing.')
  return new Uint8Array(NOTE.bytes)
}

/** A learner who has answered all questions does something. */
async function onTelegram(world: PostgresWorld, act: (learner: Learner) => Update): Promise<Play> {
  const id = world.newId()
  await pgLearners(world.db).chooseNativeLanguage(id, 'en')
  const learner = world.telegram.learner({ id, first_name: 'Anna' })
  return { act: { queue: () => act(learner) }, chatId: id }
}

/** What an hour has measured is added up by the job of a sweep: each row once, whatever breaks. */
async function tallyOfAnHour(world: PostgresWorld): Promise<Play> {
  const { db } = world
  const samples = JSON.stringify([{ name: 'duplicates_possible', labels: {}, value: 1 }])
  await sql`delete from inbox where source = 'tally:hour'`.execute(db)
  await sql`delete from tally`.execute(db)
  await sql`delete from measurement`.execute(db)
  await sql`
    insert into measurement (at, samples)
    select now() - interval '2 hours', ${samples}::jsonb from generate_series(1, 3)`.execute(db)
  await world.restart()
  const headers = { authorization: `Bearer ${CRON_SECRET}` }
  return {
    act: { ask: () => world.ask('/api/cron/sweep', { headers }) },
    async wrong() {
      const { rows } = await sql<{ value: number }>`
        select value from tally where name = 'duplicates_possible' and grain <> 'all'
        union all
        select value from (${sumsSince('all')}) as sums where name = 'duplicates_possible'`.execute(
        db,
      )
      const sums = rows.map(({ value }) => value)
      return sums.join() === '3,3,3' ? [] : [`of 3 the tally says ${sums.join() || 'nothing'}`]
    },
  }
}
