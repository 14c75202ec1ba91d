import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgTally, sumsSince } from '../../../lib/adapters/postgres/tally.ts'
import { runMeasures, type Sample } from '../../../lib/app/measures.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, newCharge, takeOver } from '../../support/jobs.ts'

const TAUGHT = { name: 'lessons', labels: { kind: 'voice', outcome: 'taught' }, value: 1 } as const

describeDatabases('The tally', (database) => {
  const inbox = () => pgInbox(database().db, { leaseSeconds: 20 })
  const tally = () => pgTally(database().db)

  /** Ends a run with these samples, so many hours before the first hour that is not added up yet. */
  async function measure(samples: readonly Sample[], hoursAgo = 0): Promise<void> {
    await inbox().finish(await beginJob(inbox()), samples)
    await sql`
      update measurement set at = date_trunc('hour', now() - interval '15 minutes', 'UTC') - ${hoursAgo}::float8 * interval '1 hour'
        + interval '1 second'
      where id = (select max(id) from measurement)`.execute(database().db)
  }

  async function totals(): Promise<unknown[]> {
    const { rows } = await sql`
      select name, labels, le, value, sum_ms from (${sumsSince('all')}) as sums
      order by name, labels, le`.execute(database().db)
    return rows
  }

  async function hours(): Promise<unknown[]> {
    const { rows } = await sql<{ hoursAgo: number; value: number }>`
      select extract(epoch from date_trunc('hour', now() - interval '15 minutes', 'UTC') - start)::integer / 3600 as "hoursAgo", value
      from (${sumsSince('hour', sql`now() - interval '3 days'`)}) as sums order by "hoursAgo"`.execute(
      database().db,
    )
    return rows.map(({ hoursAgo, value }) => [hoursAgo, value])
  }

  beforeEach(async () => {
    await sql`delete from measurement`.execute(database().db)
    await sql`delete from tally`.execute(database().db)
  })

  test('what is measured counts at once, and the same after its hour is added up', async () => {
    const measures = runMeasures()
    measures.count('lessons', { kind: 'voice', outcome: 'taught' })
    measures.time('stage_seconds', { stage: 'reply' }, 700)
    measures.time('stage_seconds', { stage: 'reply' }, 900)
    measures.time('stage_seconds', { stage: 'reply' }, 999_999)
    for (const hoursAgo of [0, 1, 30]) await measure(measures.samples('done'), hoursAgo)
    const totalsBefore = await totals()
    expect(totalsBefore).toEqual([
      { ...TAUGHT, le: Number.POSITIVE_INFINITY, value: 3, sum_ms: 0 },
      { name: 'stage_seconds', labels: { stage: 'reply' }, le: 1, value: 6, sum_ms: 4800 },
      {
        ...{ name: 'stage_seconds', labels: { stage: 'reply' } },
        ...{ le: Number.POSITIVE_INFINITY, value: 3, sum_ms: 2_999_997 },
      },
    ])
    expect(await tally().isDue()).toBe(true)
    expect(await tally().add(10)).toBe(2)
    expect(await tally().isDue()).toBe(false)
    expect(await totals()).toEqual(totalsBefore)
  })

  test('each hour and each day has its own sum in the tally, and a late sample is added to its hour', async () => {
    for (const hoursAgo of [0, 2, 2]) await measure([TAUGHT], hoursAgo)
    await tally().add(10)
    await measure([TAUGHT], 2)
    expect(await hours()).toEqual([
      [0, 1],
      [2, 3],
    ])
    await tally().add(10)
    expect(await hours()).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  test('the tally catches up with many hours by a bounded number of rows at once', async () => {
    for (let hoursAgo = 1; hoursAgo <= 5; hoursAgo += 1) await measure([TAUGHT], hoursAgo)
    expect([await tally().add(2), await tally().add(2), await tally().add(2)]).toEqual([2, 2, 1])
    expect(await tally().add(2)).toBe(0)
    expect(await hours()).toEqual([1, 2, 3, 4, 5].map((hour) => [hour, 1]))
  })

  test('two runs that add at once count nothing twice', async () => {
    for (let count = 0; count < 20; count += 1) await measure([TAUGHT], 1 + (count % 3))
    await Promise.all([tally().add(15), tally().add(15), tally().add(15)])
    await tally().add(100)
    expect(await totals()).toEqual([
      { ...TAUGHT, le: Number.POSITIVE_INFINITY, value: 20, sum_ms: 0 },
    ])
  })

  test('the tally forgets hours after 60 days, days after 400, and the sum of all time never', async () => {
    await measure([TAUGHT], 61 * 24)
    await measure([TAUGHT], 401 * 24)
    await tally().add(10)
    await tally().prune(10)
    const { rows } = await sql<{ grain: string; value: number }>`
      select grain, value from tally order by grain`.execute(database().db)
    expect(rows).toEqual([
      { grain: 'all', value: 2 },
      { grain: 'day', value: 1 },
    ])
  })

  test('a price that is paid counts once, also where another run has the job by then', async () => {
    const job = await beginJob(inbox())
    const charge = newCharge(40)
    await pgJournal(database().db).write(job, [], [charge])
    await takeOver(database().db, inbox(), job)
    const repeatedWrite = pgJournal(database().db).write(job, [], [charge, newCharge(2)])
    await expect(repeatedWrite).rejects.toMatchObject({ code: 'lease-lost' })
    expect(await totals()).toMatchObject([{ name: 'cost_micro_usd', value: 42 }])
  })

  describe('a run that has lost its job', () => {
    test.each([
      [
        'finish',
        (job: Parameters<ReturnType<typeof inbox>['finish']>[0]) => inbox().finish(job, [TAUGHT]),
      ],
      [
        'retryLater',
        (job) =>
          inbox().retryLater(job, {
            afterMs: 1,
            error: 'no',
            countsAttempt: true,
            samples: [TAUGHT],
          }),
      ],
      ['bury', (job) => inbox().bury(job, 'no', [TAUGHT])],
    ] satisfies [
      string,
      (job: Parameters<ReturnType<typeof inbox>['finish']>[0]) => Promise<void>,
    ][])(
      'a run that has lost its job leaves nothing that it has measured by %s',
      async (_, end) => {
        const job = await beginJob(inbox())
        const nextRun = await takeOver(database().db, inbox(), job)
        await expect(end(job)).rejects.toMatchObject({ code: 'lease-lost' })
        expect(await totals()).toEqual([])
        await end(nextRun)
        expect(await totals()).toMatchObject([{ name: 'lessons', value: 1 }])
      },
    )
  })
})
