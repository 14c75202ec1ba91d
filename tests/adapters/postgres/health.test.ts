import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MIGRATION_NAMES, migrateDown, migrateUp, pendingMigrations } from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import { databaseHealth } from '../../../lib/adapters/postgres/health.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { createPostgresDatabase } from '../../rigs/postgres/postgres.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import { beginJob, newJob } from '../../support/jobs.ts'

const NOTHING = { waiting: 0, parked: 0, dead: 0, oldestDueSeconds: 0 }
const LATER = { afterMs: 600_000, error: 'no', countsAttempt: false }

describeDatabases('The health of a database', (database) => {
  test('the health of a database counts what waits, is parked or dead, and says for how long a job has been due', async () => {
    const { db } = database()
    const inbox = pgInbox(db, { leaseSeconds: 20 })
    expect(await databaseHealth(db)).toEqual({ pendingMigrations: [], ...NOTHING })

    await inbox.retryLater(await beginJob(inbox), { ...LATER, parked: true })
    await inbox.retryLater(await beginJob(inbox), LATER)
    expect(await databaseHealth(db)).toMatchObject({ waiting: 2, parked: 1, oldestDueSeconds: 0 })

    const job = newJob()
    await inbox.add(job)
    await sql`update inbox set due_at = now() - interval '90 seconds' where key = ${job.key}`.execute(
      db,
    )
    await inbox.bury(await beginJob(inbox), 'no')
    await inbox.finish(await beginJob(inbox))
    await inbox.add(newJob({ poison: true }))
    const health = await databaseHealth(db)
    expect(health).toMatchObject({ pendingMigrations: [], waiting: 3, parked: 1, dead: 1 })
    expect(health.oldestDueSeconds).toBeGreaterThanOrEqual(90)
    expect(health.oldestDueSeconds).toBeLessThan(120)
  })

  test('the health of a database names the migrations that are missing after one was taken back', async () => {
    const { db } = database()
    await migrateDown(db)
    expect((await databaseHealth(db)).pendingMigrations).toEqual(await pendingMigrations(db))
    await migrateUp(db)
    expect((await databaseHealth(db)).pendingMigrations).toEqual([])
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
      ...NOTHING,
    })
    await close()
  })

  test('the health of a database is an error where no server answers', async () => {
    const { db, close } = await openDatabase({ url: 'postgres://x@127.0.0.1:9/x', pgliteDir: '' })
    await expect(databaseHealth(db)).rejects.toThrow('ECONNREFUSED')
    await close()
  })
})
