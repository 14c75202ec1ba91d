import { type Kysely, sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import type { Tables } from '../../../db/tables.ts'
import { periodFigures } from '../../../lib/adapters/postgres/period-figures.ts'
import { describeDatabases } from '../../support/databases.ts'

const TAUGHT = { name: 'lessons', labels: { kind: 'voice', outcome: 'taught' }, value: 1 }
const SILENT = { name: 'lessons', labels: { kind: 'voice', outcome: 'silence' }, value: 1 }
const COST = { name: 'cost_micro_usd', labels: { stage: 'reply', model: 'a-model' }, value: 500 }
const VERDICT = {
  name: 'answer_seconds',
  labels: { to: 'verdict', kind: 'voice' },
  le: 4,
  value: 1,
  sum_ms: 3_000,
}

async function measure(db: Kysely<Tables>, age: string, ...samples: object[]): Promise<void> {
  await sql`insert into measurement (at, samples)
    values (now() - ${age}::interval, ${JSON.stringify(samples)}::jsonb)`.execute(db)
}

async function tally(db: Kysely<Tables>, age: string, value: number): Promise<void> {
  for (const grain of ['hour', 'day']) {
    await sql`insert into tally (grain, start, name, labels, le, value, sum_ms)
      values (${grain}, date_trunc(${grain}, now() - ${age}::interval, 'UTC'), 'lessons',
        ${JSON.stringify(TAUGHT.labels)}::jsonb, 'infinity', ${value}, 0)`.execute(db)
  }
}

describeDatabases('The figures of a period', (database) => {
  beforeEach(async () => {
    for (const table of ['measurement', 'tally', 'learner'])
      await sql`delete from ${sql.table(table)}`.execute(database().db)
  })

  test('a period without anything has all its hours or days, and nothing in them', async () => {
    const { db } = database()
    for (const [period, length] of [
      ['24h', 24],
      ['7d', 7],
      ['30d', 30],
    ] as const) {
      const { buckets, outcomes, answers } = await periodFigures(db, period)
      expect([buckets.length, outcomes, answers]).toEqual([length, [], []])
      const times = buckets.map(({ at }) => at)
      expect(times).toEqual(times.toSorted())
      expect(buckets.at(-1)).toMatchObject({ taught: 0, untaught: 0, p50: null, microUsd: 0 })
    }
  })

  test('what is in the tally and what is not yet in it add up, and what is older than the period is not counted', async () => {
    const { db } = database()
    await measure(db, '0 seconds', TAUGHT, VERDICT, COST)
    await measure(db, '0 seconds', SILENT)
    await tally(db, '0 seconds', 10)
    await tally(db, '9 days', 100)
    const day = await periodFigures(db, '24h')
    expect(day.buckets.at(-1)).toMatchObject({ taught: 11, untaught: 1, microUsd: 500, p50: 2 })
    expect(day.outcomes).toEqual([
      { kind: 'voice', outcome: 'taught', count: 11 },
      { kind: 'voice', outcome: 'silence', count: 1 },
    ])
    expect(day.answers).toEqual([{ until: 'verdict', p50: 2, p95: 3.8 }])
    expect(day.costs).toEqual([{ stage: 'reply', model: 'a-model', microUsd: 500 }])
    expect((await periodFigures(db, '7d')).outcomes[0]).toMatchObject({ count: 11 })
    expect((await periodFigures(db, '30d')).outcomes[0]).toMatchObject({ count: 111 })
  })

  test('learners are counted as newcomers by when they came, as active by their last lesson, and by the week they came in', async () => {
    const { db } = database()
    const add = (came: string, lastLesson: number | null) =>
      sql`insert into learner (telegram_id, native_language, created_at, run_to)
        values ((random() * 1e9)::bigint, 'uk', now() - ${came}::interval,
          (now() at time zone 'UTC')::date - ${lastLesson}::integer)`.execute(db)
    await add('1 minute', 0)
    await add('1 minute', null)
    await add('20 days', 3)
    await add('20 days', 15)
    await add('400 days', 0)
    const { learners } = await periodFigures(db, '24h')
    expect(learners).toMatchObject({ newcomers: 2, active: 2 })
    expect((await periodFigures(db, '30d')).learners).toMatchObject({ newcomers: 4, active: 4 })
    expect(learners.weeks).toHaveLength(8)
    expect(learners.weeks.at(-1)).toMatchObject({ newcomers: 2, retained: 1 })
    expect(learners.weeks.filter(({ newcomers }) => newcomers > 0)).toHaveLength(2)
    expect(
      learners.weeks.find(({ newcomers, retained }) => newcomers === 2 && retained === 1),
    ).toBeDefined()
  })
})
