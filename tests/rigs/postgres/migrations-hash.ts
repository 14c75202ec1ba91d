import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** Names a database that is migrated once and then copied: other migrations make another one. */
export const MIGRATIONS_HASH = hashOf([
  new URL('../../../db/migrate.ts', import.meta.url),
  ...migrationFiles(new URL('../../../db/migrations/', import.meta.url)),
])

function migrationFiles(folder: URL): URL[] {
  const names = readdirSync(folder).sort()
  return names.map((name) => new URL(name, folder))
}

function hashOf(files: readonly URL[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}
