import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MIGRATION_NAMES, migrateDown, migrateUp, pendingMigrations } from '../../db/migrate.ts'
import { type Database, openDatabase } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { databaseHealth } from '../../lib/adapters/postgres/health.ts'
import { MIGRATE } from '../../scripts/migrate.ts'
import { createPostgresDatabase } from '../rigs/postgres/postgres.ts'
import { describeDatabases, describePostgres } from '../support/databases.ts'
import { typeCommand } from '../support/terminal.ts'

/** A row in every table, in an order that foreign keys allow. */
const A_ROW_EACH: Readonly<Record<keyof Tables, string>> = {
  inbox: `insert into inbox (source, key, lane, payload) values ('tg:1', '1', 'chat:1', 'x')`,
  journal: `insert into journal (job_id, step, state) select id, 'heard', 'started' from inbox`,
  breaker: `insert into breaker (provider, probe_at) values ('openai', now())`,
  api_key: `insert into api_key (name, prefix, hash) values ('a', 'b', 'c')`,
  api_key_use: `insert into api_key_use select inbox.id, api_key.id, '2026-11-23' from inbox, api_key`,
  learner: `insert into learner (api_key_id, external_id, native_language)
    select id, 'x', 'uk' from api_key`,
  quota_use: `insert into quota_use (job_id, learner_id, day, kind, place)
    select inbox.id, learner.id, '2026-11-23', 'voice', 1 from inbox, learner`,
  budget_day: `insert into budget_day (day) values ('2026-11-23')`,
  lesson: `insert into lesson (job_id, learner_id, day, kind, said, reply, corrected_text, suggestion,
      new_words, score, words_total, words_correct, duration_seconds, cost_micro_usd, stars_earned,
      bonus_stars)
    select inbox.id, learner.id, '2026-11-23', 'voice', 'a', 'b', 'c', 'd', '[]', 100, 1, 1, 1.5, 1, 1, 0
    from inbox, learner`,
  mistake: `insert into mistake select id, 0, 'a', 'b', 'case', 'c', 'd' from lesson`,
  star_entry: `insert into star_entry (learner_id, reason, key, stars)
    select id, 'lesson', '1', 1 from learner`,
  notice: `insert into notice (chat_id, name, job_id) values (1, 'edits', 1)`,
  usage: `insert into usage (job_id, learner_id, day, step, stage, vendor, model, micro_usd, is_estimate)
    select 1, id, '2026-11-23', 'reply', 'reply', 'a', 'b', 1, false from learner`,
  expectation: `insert into expectation (chat_id, message_id, learner_id, kind, about, expires_at)
    select 1, 2, id, 'retake', '1', now() from learner`,
  fact: `insert into fact (learner_id, lesson_id, text) select learner_id, id, 'a' from lesson`,
  vendor_trait: `insert into vendor_trait (stage, host, model, refused) values ('reply', 'a', 'b', 'c')`,
  alert: `insert into alert (kind) values ('a kind')`,
  cache: `insert into cache (key, value, bytes, expires_at) values ('a', 'b', 1024, now())`,
  duty: `insert into duty (name) values ('a duty')`,
  measurement: `insert into measurement (samples) values ('[]')`,
  tally: `insert into tally values ('all', '-infinity', 'lessons', '{}', 'infinity', 1, 0)`,
  sign_in: `update sign_in set attempts = array[now()]`,
}

describePostgres('A database in LATIN1', () => {
  test('a database in LATIN1 is not migrated, and the error says what to make instead', async () => {
    const { url, drop } = await createPostgresDatabase(
      "encoding 'LATIN1' locale 'C' template template0",
    )
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    await expect(migrateUp(db)).rejects.toThrow(/LATIN1.*create database NAME encoding 'UTF8'/)
    expect(await pendingMigrations(db)).toEqual([...MIGRATION_NAMES])
    await close()
    await drop()
  })
})

describePostgres('A database that another application uses, too', () => {
  /** An empty database, and a connection to it whose search path is this one. */
  async function shareDatabase(searchPath: string) {
    const { url, drop } = await createPostgresDatabase()
    const ownUrl = new URL(url)
    ownUrl.searchParams.set('options', `-c search_path=${searchPath}`)
    const [other, ours] = await Promise.all([
      openDatabase({ url, pgliteDir: '' }),
      openDatabase({ url: ownUrl.href, pgliteDir: '' }),
    ])
    await sql`create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)`.execute(
      other.db,
    )
    await sql`insert into kysely_migration values ('2020-01-01-users', 'x')`.execute(other.db)
    return {
      url: ownUrl.href,
      other: other.db,
      ours: ours.db,
      async [Symbol.asyncDispose]() {
        await Promise.all([other.close(), ours.close()])
        await drop()
      },
    }
  }

  test.each(['mluv', 'mluv,public', '"Mluv Me"'])(
    'migrations run in a schema of our own (%s) beside another kysely application in public',
    async (searchPath) => {
      await using place = await shareDatabase(searchPath.replaceAll(' ', '\\ '))
      const { other, ours } = place
      await sql.raw(`create schema ${searchPath.split(',', 1).join()}`).execute(other)
      expect(await pendingMigrations(ours)).toEqual(MIGRATION_NAMES)
      expect(await migrateUp(ours)).toEqual(MIGRATION_NAMES)
      expect(await migrateUp(ours)).toEqual([])
      expect(await databaseHealth(ours)).toMatchObject({
        pendingMigrations: [],
        inbox: { waiting: 0 },
      })
      for (const name of MIGRATION_NAMES.toReversed())
        expect(await migrateDown(ours)).toEqual([name])
      const { rows } = await sql`select name from public.kysely_migration`.execute(other)
      expect(rows).toEqual([{ name: '2020-01-01-users' }])
    },
  )

  test('migrations of another application in our schema are named, and left alone', async () => {
    await using place = await shareDatabase('public')
    const { code, stderr } = await typeCommand(MIGRATE, 'up', { DATABASE_URL: place.url })
    expect(code).toBe(1)
    expect(stderr).toEqual([
      expect.stringMatching(
        /schema public has the migrations of another.*2020-01-01-users.*create schema/,
      ),
    ])
  })

  test('a table of another application in our schema is named, and left alone', async () => {
    await using place = await shareDatabase('public')
    await sql`drop table kysely_migration`.execute(place.other)
    await sql`create table learner (theirs text)`.execute(place.other)
    const { code, stderr } = await typeCommand(MIGRATE, 'up', { DATABASE_URL: place.url })
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/table of another.*"learner".*create schema/)])
    expect(await tablesOf(place.other)).toEqual(['learner'])
  })

  test('a search path without a schema that is there is named', async () => {
    await using place = await shareDatabase('nowhere')
    const { code, stderr } = await typeCommand(MIGRATE, 'up', { DATABASE_URL: place.url })
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/search_path names no schema/)])
  })
})

describeDatabases('Migrations', (database) => {
  test('migrations go down and up again with data in every table', async () => {
    const { db } = database()
    expect(await pendingMigrations(db)).toEqual([])
    expect(await tablesOf(db)).toEqual(Object.keys(A_ROW_EACH).sort())
    for (const statement of Object.values(A_ROW_EACH)) {
      const { numAffectedRows } = await sql.raw(statement).execute(db)
      expect(numAffectedRows).toBe(1n)
    }

    for (const name of MIGRATION_NAMES.toReversed()) expect(await migrateDown(db)).toEqual([name])
    expect(await tablesOf(db)).toEqual([])
    expect(await pendingMigrations(db)).toEqual(MIGRATION_NAMES)

    expect(await migrateUp(db)).toEqual(MIGRATION_NAMES)
    expect(await migrateUp(db)).toEqual([])
    expect(await pendingMigrations(db)).toEqual([])
    expect(await tablesOf(db)).toEqual(Object.keys(A_ROW_EACH).sort())
    expect(await db.selectFrom('inbox').select('id').execute()).toEqual([])
  })
})

describePostgres('Migrations by several processes', () => {
  let url: string
  let drop: () => Promise<void>
  let pools: Database[]
  beforeAll(async () => {
    ;({ url, drop } = await createPostgresDatabase())
    pools = await Promise.all([1, 2, 3].map(() => openDatabase({ url, pgliteDir: '' })))
  })
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()))
    await drop()
  })

  test('several processes that migrate at once all succeed, and each migration runs once', async () => {
    const ran = await Promise.all(pools.map(({ db }) => migrateUp(db)))
    expect(ran.flat()).toEqual(MIGRATION_NAMES)
    const [first] = pools
    expect(first && (await pendingMigrations(first.db))).toEqual([])
  })
})

async function tablesOf(db: Kysely<Tables>): Promise<string[]> {
  const tables = await db.introspection.getTables()
  return tables.map((table) => table.name).sort()
}
