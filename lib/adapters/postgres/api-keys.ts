import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { ApiKeys } from '../../app/api-keys.ts'

const SECRET_FORM = /^mluv_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/

/** API keys in PostgreSQL: of a secret only its SHA-256 is stored, and a prefix to find it by. */
export function pgApiKeys(db: Kysely<Tables>): ApiKeys {
  return {
    async authenticate(secret) {
      const prefix = SECRET_FORM.exec(secret)?.[1]
      if (prefix === undefined) return undefined
      const row = await db
        .selectFrom('api_key')
        .selectAll()
        .where('prefix', '=', prefix)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined || !timingSafeEqual(row.hash, sha256(secret))) return undefined
      return { id: row.id, name: row.name, telegramLearners: row.telegram_learners }
    },
  }
}

/**
 * Makes a key and returns its secret, which is stored nowhere. A revoked key of that name gets its prefix
 * added to its own. Throws where a key that is not revoked has the name.
 */
export async function createApiKey(
  db: Kysely<Tables>,
  { name, telegramLearners }: { name: string; telegramLearners: boolean },
): Promise<string> {
  const prefix = randomBytes(4).toString('hex')
  const secret = `mluv_${prefix}_${randomBytes(32).toString('base64url')}`
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('api_key')
      .set({ name: sql<string>`name || ' (mluv_' || prefix || ')'` })
      .where('name', '=', name)
      .where('revoked_at', 'is not', null)
      .execute()
    await transaction
      .insertInto('api_key')
      .values({ name, prefix, hash: sha256(secret), telegram_learners: telegramLearners })
      .execute()
  })
  return secret
}

export type ListedApiKey = {
  name: string
  /** The beginning of the secret, by which a key is recognised. */
  prefix: string
  createdAt: Date
  telegramLearners: boolean
  revokedAt: Date | null
}

/** All keys ever made, oldest first. */
export async function listApiKeys(db: Kysely<Tables>): Promise<ListedApiKey[]> {
  const { rows } = await sql<ListedApiKey>`
    select name, prefix, created_at as "createdAt", telegram_learners as "telegramLearners",
      revoked_at as "revokedAt"
    from api_key order by id`.execute(db)
  return rows
}

/** Revokes a key: its secret no longer authenticates, and its name is free for another one. */
export async function revokeApiKey(
  db: Kysely<Tables>,
  name: string,
): Promise<'revoked' | 'already-revoked' | 'unknown'> {
  const revokedRow = await db
    .updateTable('api_key')
    .set({ revoked_at: sql<Date>`now()` })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (revokedRow !== undefined) return 'revoked'
  const row = await db
    .selectFrom('api_key')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? 'unknown' : 'already-revoked'
}

function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
