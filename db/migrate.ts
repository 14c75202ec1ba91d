import { type Kysely, sql } from 'kysely'
import { type Migration, type MigrationResultSet, Migrator } from 'kysely/migration'
import * as firstLesson from './migrations/2026-11-23-first-lesson.ts'
import * as usage from './migrations/2026-11-28-1-usage.ts'
import * as inboxClasses from './migrations/2026-11-28-2-inbox-classes.ts'
import * as messages from './migrations/2026-11-28-3-messages.ts'
import * as vendorTrait from './migrations/2026-11-28-4-vendor-trait.ts'
import * as apiKeyLimits from './migrations/2026-11-28-5-api-key-limits.ts'
import * as learnerLevelGender from './migrations/2026-11-28-6-learner-level-gender.ts'
import * as gradedLessons from './migrations/2026-11-28-7-graded-lessons.ts'
import * as settings from './migrations/2026-11-29-1-settings.ts'
import * as answers from './migrations/2026-11-29-2-answers.ts'
import * as duty from './migrations/2026-11-29-4-duty.ts'
import * as usageCall from './migrations/2026-11-29-5-usage-call.ts'
import * as tally from './migrations/2026-11-29-6-tally.ts'
import * as learnerBudget from './migrations/2026-11-29-7-1-learner-budget.ts'
import * as alerts from './migrations/2026-11-29-7-alerts.ts'
import * as cache from './migrations/2026-11-29-9-cache.ts'
import * as memory from './migrations/2026-11-30-2-memory.ts'
import * as dashboard from './migrations/2026-11-30-3-dashboard.ts'
import * as keyRotation from './migrations/2026-11-30-4-key-rotation.ts'
import * as heldBack from './migrations/2026-11-30-5-held-back.ts'
import type { Tables } from './tables.ts'

/** Every migration in order. A shipped one is never edited. */
const migrations: Record<string, Migration> = {
  '2026-11-23-first-lesson': firstLesson,
  '2026-11-28-1-usage': usage,
  '2026-11-28-2-inbox-classes': inboxClasses,
  '2026-11-28-3-messages': messages,
  '2026-11-28-4-vendor-trait': vendorTrait,
  '2026-11-28-5-api-key-limits': apiKeyLimits,
  '2026-11-28-6-learner-level-gender': learnerLevelGender,
  '2026-11-28-7-graded-lessons': gradedLessons,
  '2026-11-29-1-settings': settings,
  '2026-11-29-2-answers': answers,
  '2026-11-29-4-duty': duty,
  '2026-11-29-5-usage-call': usageCall,
  '2026-11-29-6-tally': tally,
  '2026-11-29-7-1-learner-budget': learnerBudget,
  '2026-11-29-7-alerts': alerts,
  '2026-11-29-9-cache': cache,
  '2026-11-30-2-memory': memory,
  '2026-11-30-3-dashboard': dashboard,
  '2026-11-30-4-key-rotation': keyRotation,
  '2026-11-30-5-held-back': heldBack,
}

/** The only encoding that holds every text of ours: Czech, Russian, emoji. */
export const ENCODING = 'UTF8'

/**
 * Brings the schema up to date; the names of the migrations that ran. Safe to call from many processes. Throws
 * where the database has an encoding in which lessons could not be stored, or no schema for us.
 */
export async function migrateUp(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db)
  const encoding = rows[0]?.server_encoding
  if (encoding !== ENCODING) {
    throw new Error(
      `It is encoded in ${encoding}, and lessons need ${ENCODING}. Make another one: create database NAME encoding '${ENCODING}' template template0.`,
    )
  }
  const ourMigrator = await migrator(db)
  await requireOwnSchema(db)
  return namesOf(await ourMigrator.migrateToLatest())
}

/** Takes the newest migration back; its name. Data in the tables it made is lost. */
export async function migrateDown(db: Kysely<Tables>): Promise<string[]> {
  return namesOf(await (await migrator(db)).migrateDown())
}

/** The migrations that have not run yet, oldest first. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<string[]> {
  return (await migrationState(db)).pending
}

/** Of the migrations, those that have not run yet, and those that have run and are unknown to this code: a later version's. */
export type MigrationState = { pending: string[]; later: string[] }

/** What has run here, beside what this code knows. */
export async function migrationState(db: Kysely<Tables>): Promise<MigrationState> {
  return compareMigrations(await executedMigrations(db, await currentSchema(db)))
}

/** The state of a database in which these have run. */
export function compareMigrations(executed: readonly string[]): MigrationState {
  return {
    pending: MIGRATION_NAMES.filter((name) => !executed.includes(name)),
    later: executed.filter((name) => !(name in migrations)).toSorted(),
  }
}

/** The names of all migrations that this code knows, oldest first. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(migrations)

/**
 * Of the schema that our tables are in, the first of the search path: without its name, kysely takes the table of any
 * other application's migrations, in any schema, for ours.
 */
async function migrator(db: Kysely<Tables>): Promise<Migrator> {
  const provider = { getMigrations: async () => migrations }
  return new Migrator({ db, provider, migrationTableSchema: await currentSchema(db) })
}

async function currentSchema(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(
    db,
  )
  const schema = rows[0]?.schema
  if (schema) return schema
  throw new Error(
    'Its search_path names no schema that is there: create one, or change search_path.',
  )
}

/** Throws where another application that uses kysely, too, has the schema. */
async function requireOwnSchema(db: Kysely<Tables>): Promise<void> {
  const schema = await currentSchema(db)
  const executed = await executedMigrations(db, schema)
  const [first] = executed
  if (first === undefined || executed.some((name) => name in migrations)) return
  throw new Error(
    `Its schema ${schema} has the migrations of another application (${first}). ${OWN_SCHEMA}`,
  )
}

/** The names of all that have run in a schema, in their order; none where no table says so. */
async function executedMigrations(db: Kysely<Tables>, schema: string): Promise<string[]> {
  const { rows: tables } = await sql`
    select from pg_tables where schemaname = ${schema} and tablename = 'kysely_migration'`.execute(
    db,
  )
  if (tables.length === 0) return []
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(`${schema}.kysely_migration`)} order by name`.execute(db)
  return rows.map(({ name }) => name)
}

/** What to do where our tables' place is taken. */
export const OWN_SCHEMA =
  'Give Mluv.Me a database of its own, or a schema: create schema mluv; alter role ROLE in database NAME set search_path = mluv.'

function namesOf({ error, results }: MigrationResultSet): string[] {
  if (error !== undefined) throw error
  return (results ?? []).map((result) => result.migrationName)
}
