import { type Kysely, sql } from 'kysely'
import { type Migration, type MigrationResultSet, Migrator } from 'kysely/migration'
import * as firstLesson from './migrations/2026-11-23-first-lesson.ts'
import * as vendorTrait from './migrations/2026-11-28-4-vendor-trait.ts'
import type { Tables } from './tables.ts'

/** Every migration in order. A shipped one is never edited. */
const migrations: Record<string, Migration> = {
  '2026-11-23-first-lesson': firstLesson,
  '2026-11-28-4-vendor-trait': vendorTrait,
}

/** The only encoding that holds every text of ours: Czech, Russian, emoji. */
export const ENCODING = 'UTF8'

/**
 * Brings the schema up to date; the names of the migrations that ran. Safe to call from many processes. Throws
 * where the database has an encoding in which lessons could not be stored.
 */
export async function migrateUp(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db)
  const encoding = rows[0]?.server_encoding
  if (encoding !== ENCODING) {
    throw new Error(
      `It is encoded in ${encoding}, and lessons need ${ENCODING}. Make another one: create database NAME encoding '${ENCODING}' template template0.`,
    )
  }
  return namesOf(await migrator(db).migrateToLatest())
}

/** Takes the newest migration back; its name. Data in the tables it made is lost. */
export async function migrateDown(db: Kysely<Tables>): Promise<string[]> {
  return namesOf(await migrator(db).migrateDown())
}

/** The migrations that have not run yet, oldest first. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<string[]> {
  const infos = await migrator(db).getMigrations()
  return infos.filter((info) => info.executedAt === undefined).map((info) => info.name)
}

/** The names of all migrations that this code knows, oldest first. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(migrations)

function migrator(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } })
}

function namesOf({ error, results }: MigrationResultSet): string[] {
  if (error !== undefined) throw error
  return (results ?? []).map((result) => result.migrationName)
}
