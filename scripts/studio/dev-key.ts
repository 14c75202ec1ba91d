import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateUp } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { createApiKey, pgApiKeys } from '../../lib/adapters/postgres/api-keys.ts'

const KEY_FILE = join('.data', 'dev-api-key')

/** A key for the lesson API that is in the database: the one of an earlier `npm run dev`, or else a new one. */
export async function readyApiKey(pgliteDir: string): Promise<string> {
  const database = await openDatabase({ pgliteDir })
  try {
    await migrateUp(database.db)
    const earlierKey = existsSync(KEY_FILE) ? readFileSync(KEY_FILE, 'utf8').trim() : ''
    if (await pgApiKeys(database.db).authenticate(earlierKey)) return earlierKey
    const name = `dev ${new Date().toISOString()}`
    const newKey = await createApiKey(database.db, { name, telegramLearners: false })
    writeFileSync(KEY_FILE, `${newKey}\n`, { mode: 0o600 })
    return newKey
  } finally {
    await database.close()
  }
}
