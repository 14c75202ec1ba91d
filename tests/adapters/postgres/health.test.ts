import fs from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Kysely, sql } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  MIGRATION_NAMES,
  migrateDown,
  migrateUp,
  migrationState,
  pendingMigrations,
} from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { databaseHealth } from '../../../lib/adapters/postgres/health.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { judgeMigrations } from '../../../lib/app/check/database.ts'
import type { InboxHealth } from '../../../lib/app/health.ts'
import { createPostgresDatabase } from '../../rigs/postgres/postgres.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import { beginJob, claimJob, lapseLease, newApiJob, newJob } from '../../support/jobs.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations', import.meta.url))

const NOTHING = {
  waiting: 0,
  parked: 0,
  dead: 0,
  diedLastHour: 0,
  oldestDueSeconds: 0,
  oldestDelay: null,
  blockedStages: [],
}
const LATER = { afterMs: 600_000, error: 'no', countsAttempt: false }

async function inboxHealth(db: Kysely<Tables>): Promise<InboxHealth> {
  const health = await databaseHealth(db)
  if ('refusal' in health || health.inbox === undefined) throw new Error('It sees no inbox.')
  return health.inbox
}

describeDatabases('The health of a database', (database) => {
  test('the health of a database counts what waits, is parked or dead, and says for how long a job has been due', async () => {
    const { db } = database()
    const inbox = pgInbox(db, { leaseSeconds: 20 })
    expect(await databaseHealth(db)).toEqual({ pendingMigrations: [], inbox: NOTHING })

    await inbox.retryLater(await beginJob(inbox), { ...LATER, isParked: true })
    await inbox.retryLater(await beginJob(inbox), LATER)
    expect(await inboxHealth(db)).toMatchObject({ waiting: 2, parked: 1, oldestDueSeconds: 0 })

    const job = newJob()
    await inbox.add(job)
    await sql`update inbox set due_at = now() - interval '90 seconds' where key = ${job.key}`.execute(
      db,
    )
    await inbox.bury(await beginJob(inbox), 'provider-failed: no')
    // The operator need not hear of these: the learner has blocked the bot, the caller has the failure.
    await inbox.leave(await beginJob(inbox), 'telegram-blocked: no')
    const apiJob = newApiJob()
    await inbox.add(apiJob)
    await inbox.bury(await claimJob(inbox, apiJob.lane), 'provider-failed: no')
    await inbox.finish(await beginJob(inbox))
    await inbox.add(newJob({ poison: true }))
    const breaker = pgBreaker(db, () => 'api.openai.com gpt')
    await breaker.open('reply', 'provider-unauthorized')
    const health = await inboxHealth(db)
    expect(health).toMatchObject({
      waiting: 3,
      parked: 1,
      dead: 2,
      diedLastHour: 1,
      blockedStages: [{ stage: 'reply', reason: 'provider-unauthorized' }],
    })
    await breaker.close(['reply'])
    await sql`update inbox set finished_at = now() - interval '61 minutes' where state = 'dead'`.execute(
      db,
    )
    expect(await inboxHealth(db)).toMatchObject({ dead: 2, diedLastHour: 0 })
    expect(health.oldestDueSeconds).toBeGreaterThanOrEqual(90)
    expect(health.oldestDueSeconds).toBeLessThan(120)
  })

  test('a job that fails again and again is a delay, and those behind it are not due', async () => {
    const { db } = database()
    await sql`delete from inbox`.execute(db)
    const inbox = pgInbox(db, { leaseSeconds: 20 })
    const failingJob = await beginJob(inbox)
    await inbox.add(newJob({ lane: failingJob.lane }))
    await inbox.retryLater(failingJob, { ...LATER, error: 'provider-failed: HTTP 500' })
    const parkedJob = await beginJob(inbox)
    await inbox.add(newJob({ lane: parkedJob.lane }))
    await inbox.retryLater(parkedJob, {
      ...LATER,
      isParked: true,
      error: 'provider-unauthorized: no',
    })
    const runningJob = await beginJob(inbox)
    const longAgo = sql`now() - interval '700 seconds'`
    await sql`update inbox set received_at = ${longAgo}, due_at = least(due_at, ${longAgo})
      where id not in (${failingJob.id}, ${parkedJob.id})`.execute(db)
    await sql`update inbox set received_at = ${longAgo} where id in (${failingJob.id}, ${parkedJob.id})`.execute(
      db,
    )
    const { oldestDueSeconds, oldestDelay } = await inboxHealth(db)
    expect(oldestDueSeconds).toBe(0)
    expect(oldestDelay).toEqual({ seconds: expect.closeTo(700, -2), reason: 'provider-failed' })
    await lapseLease(db, runningJob)
    expect((await inboxHealth(db)).oldestDueSeconds).toBeGreaterThanOrEqual(700)
    await sql`delete from inbox`.execute(db)
  })

  test('the health of a database names the migrations that are missing after one was taken back', async () => {
    const { db } = database()
    await migrateDown(db)
    const missingMigrations = await pendingMigrations(db)
    expect(await databaseHealth(db)).toMatchObject({ pendingMigrations: missingMigrations })
    await migrateUp(db)
    expect(await databaseHealth(db)).toMatchObject({ pendingMigrations: [] })
  })

  test('the health of a database that a later version has migrated names what only that one knows', async () => {
    const { db } = database()
    await sql`insert into kysely_migration (name, timestamp) values ('2099-01-01-later', '')`.execute(
      db,
    )
    const state = { pending: [], later: ['2099-01-01-later'] }
    expect(await migrationState(db)).toEqual(state)
    const { pending, later } = state
    expect(await databaseHealth(db)).toMatchObject({
      pendingMigrations: pending,
      laterMigrations: later,
    })
    expect(judgeMigrations(pending, later)).toMatchObject({
      status: 'ok',
      found: 'up to date; a later version has run 2099-01-01-later',
    })
    await sql`delete from kysely_migration where name = '2099-01-01-later'`.execute(db)
  })

  test('the health of a database that an older version has migrated names what is missing, and sees no inbox', async () => {
    const { db } = database()
    let name = ''
    do [name = ''] = await migrateDown(db)
    while (name !== '2026-11-28-2-inbox-classes')
    expect(await databaseHealth(db)).toEqual({
      pendingMigrations: await pendingMigrations(db),
      inbox: undefined,
    })
    await migrateUp(db)
  })
})

describePostgres('The health of a database that can only be read', (database) => {
  test('a database that can only be read says so, since nothing can be stored in it', async () => {
    const url = new URL(database().url ?? '')
    url.searchParams.set('options', '-c default_transaction_read_only=on')
    const { db, close } = await openDatabase({ url: url.href, pgliteDir: '' })
    expect(await databaseHealth(db)).toMatchObject({ isReadOnly: true, pendingMigrations: [] })
    await close()
  })
})

describePostgres('The health of a database in LATIN1', () => {
  let latin: Awaited<ReturnType<typeof createPostgresDatabase>>
  beforeAll(async () => {
    latin = await createPostgresDatabase("encoding 'LATIN1' locale 'C' template template0")
  })
  afterAll(() => latin.drop())

  test('the health of a database in LATIN1 names its encoding, before its migrations and after them', async () => {
    const { db, close } = await openDatabase({ url: latin.url, pgliteDir: '' })
    expect(await databaseHealth(db)).toEqual({
      pendingMigrations: [...MIGRATION_NAMES],
      wrongEncoding: 'LATIN1',
      inbox: undefined,
    })
    // migrateUp refuses it by now; versions before that did not.
    const provider = new FileMigrationProvider({ fs, path, migrationFolder: MIGRATIONS })
    const { error } = await new Migrator({ db, provider }).migrateToLatest()
    expect(error).toBeUndefined()
    expect(await databaseHealth(db)).toEqual({
      pendingMigrations: [],
      wrongEncoding: 'LATIN1',
      inbox: NOTHING,
    })
    await close()
  })
})

describePostgres('The health of an empty database', () => {
  let empty: Awaited<ReturnType<typeof createPostgresDatabase>>
  beforeAll(async () => {
    empty = await createPostgresDatabase()
  })
  afterAll(() => empty.drop())

  test('an empty database has every migration pending', async () => {
    const { db, close } = await openDatabase({ url: empty.url, pgliteDir: '' })
    expect(await databaseHealth(db)).toEqual({
      pendingMigrations: [...MIGRATION_NAMES],
      inbox: undefined,
    })
    await close()
  })

  test('the health of a database that refuses the name, or is not there, says so', async () => {
    for (const [change, refusal] of [
      ['pathname', 'there is no database of that name: check DATABASE_URL'],
      ['username', 'refuses the name or the password: check DATABASE_URL'],
    ] as const) {
      const url = new URL(empty.url)
      url[change] = change === 'pathname' ? '/no_such_database' : 'no_such_role'
      const { db, close } = await openDatabase({ url: url.href, pgliteDir: '' })
      expect(await databaseHealth(db)).toEqual({ refusal })
      await close()
    }
  })

  test('the health of a database is an error where no server answers', async () => {
    const { db, close } = await openDatabase({ url: 'postgres://x@127.0.0.1:9/x', pgliteDir: '' })
    await expect(databaseHealth(db)).rejects.toThrow('ECONNREFUSED')
    await close()
  })
})
