import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { migrateUp } from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { MIGRATIONS_HASH } from './migrations-hash.ts'

/** Where the tests and the proof look for a real PostgreSQL. */
export const TEST_POSTGRES_URL =
  process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@localhost:5432/test'

const TEMPLATE = `mluv_template_${MIGRATIONS_HASH}`
const NO_SUCH_DATABASE = '3D000'

export type PostgresDatabase = { url: string; drop: () => Promise<void> }

/** An empty database on the real server; `options` are those of CREATE DATABASE. */
export async function createPostgresDatabase(options = ''): Promise<PostgresDatabase> {
  const name = newName()
  await onServer(async (client) => {
    await client.query(`create database ${name} ${options}`)
    await client.query(withoutWaiting(name))
  })
  return databaseOf(name)
}

/**
 * A database with all tables: copied from one that is migrated once per server and set of migrations.
 *
 * Its commits wait for the server's disk only where `waitsForDisk` asks for it, as measurements do: the rigs kill
 * processes of ours and connections, which loses no commit, but never the server.
 */
export async function createMigratedPostgresDatabase({
  waitsForDisk = false,
}: {
  waitsForDisk?: boolean
} = {}): Promise<PostgresDatabase> {
  const name = newName()
  const copy = `create database ${name} template ${TEMPLATE}`
  await onServer(async (client) => {
    try {
      await client.query(copy)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== NO_SUCH_DATABASE) throw error
      // The first one on this server has to make it.
      await makeTemplate(client)
      await client.query(copy)
    }
    if (!waitsForDisk) await client.query(withoutWaiting(name))
  })
  return databaseOf(name)
}

function withoutWaiting(name: string): string {
  return `alter database ${name} set synchronous_commit = off`
}

/** Of several processes that find no template one makes it; it gets its name when it is whole. */
async function makeTemplate(client: pg.Client): Promise<void> {
  await client.query(`select pg_advisory_lock(hashtext('${TEMPLATE}'))`)
  const template = await client.query(`select from pg_database where datname = '${TEMPLATE}'`)
  if (template.rowCount === 0) {
    const { url } = await createPostgresDatabase()
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    await migrateUp(db)
    await close()
    const name = new URL(url).pathname.slice(1)
    // PostgreSQL refuses to copy a database with open connections.
    await client.query(`alter database ${name} with allow_connections false`)
    await client.query(`alter database ${name} rename to ${TEMPLATE}`)
  }
  await client.query(`select pg_advisory_unlock(hashtext('${TEMPLATE}'))`)
}

function newName(): string {
  return `mluv_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
}

function databaseOf(name: string): PostgresDatabase {
  const url = new URL(TEST_POSTGRES_URL)
  url.pathname = `/${name}`
  const drop = () =>
    onServer(async (client) => {
      await client.query(`drop database if exists ${name} with (force)`)
    })
  return { url: url.href, drop }
}

async function onServer(act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: TEST_POSTGRES_URL })
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}

/** Begins the budget's day, which the first lesson of a day does: else it would have a statement that no other has. */
export async function beginDay(db: Kysely<Tables>): Promise<void> {
  await sql`insert into budget_day (day) values ((now() at time zone 'UTC')::date)
    on conflict do nothing`.execute(db)
}
