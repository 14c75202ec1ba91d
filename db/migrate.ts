import type { Kysely } from 'kysely'
import { type Migration, type MigrationResultSet, Migrator } from 'kysely/migration'
import * as firstLesson from './migrations/2026-11-23-first-lesson.ts'
import type { Tables } from './tables.ts'

/** Every migration in order. A shipped one is never edited. */
const migrations: Record<string, Migration> = {
  '2026-11-23-first-lesson': firstLesson,
}

/** Brings the schema up to date; the names of the migrations that ran. Safe to call from many processes. */
export async function migrateUp(db: Kysely<Tables>): Promise<string[]> {
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
