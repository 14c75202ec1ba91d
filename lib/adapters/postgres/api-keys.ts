import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { ApiKeyTable } from '../../../db/tables/learners.ts'
import type { Tables } from '../../../db/tables.ts'
import type { ApiKeys, KeyLimits } from '../../app/api-keys.ts'

/** As precise as an operator reads it, and a write a minute at most. */
const USE_NOTED_EVERY = '1 minute'

/** How long a rotated key's old secret is still taken: long enough to deploy the new one everywhere. */
const OLD_SECRET_TAKEN_FOR = '1 day'

const SECRET_FORM = /^mluv_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/

/** API keys in PostgreSQL: of a secret only its SHA-256 is stored, and a prefix to find it by. */
export function pgApiKeys(db: Kysely<Tables>): ApiKeys {
  return {
    async authenticate(secret) {
      const prefix = SECRET_FORM.exec(secret)?.[1]
      if (prefix === undefined) return undefined
      const { rows } = await sql<Selectable<ApiKeyTable> & { is_use_noted: boolean }>`
        select *,
          coalesce(last_used_at > now() - ${USE_NOTED_EVERY}::interval, false) as is_use_noted
        from api_key where revoked_at is null
          and (prefix = ${prefix} or previous_prefix = ${prefix} and previous_until > now())`.execute(
        db,
      )
      const hash = sha256(secret)
      // A prefix is only a way to find a row: a rotated key's old one may be another key's by chance.
      const row = rows.find((candidate) => {
        const isCurrent = candidate.prefix === prefix
        const storedHash = isCurrent ? candidate.hash : candidate.previous_hash
        return storedHash !== null && timingSafeEqual(storedHash, hash)
      })
      if (!row) return undefined
      if (!row.is_use_noted) {
        await sql`update api_key set last_used_at = now() where id = ${row.id}`.execute(db)
      }
      const { id, name, telegram_learners: telegramLearners } = row
      const limits = {
        lessonsPerDay: row.lessons_per_day,
        dailyBudgetMicroUsd: row.daily_budget_micro_usd,
        learners: row.max_learners,
      }
      return { id, name, telegramLearners, limits }
    },
  }
}

export type NewApiKey = {
  name: string
  telegramLearners: boolean
  /** None by default. */
  limits?: Partial<KeyLimits>
}

/**
 * Makes a key and returns its secret, which is stored nowhere. A revoked key of that name gets its prefix
 * added to its own. Throws where a key that is not revoked has the name.
 */
export async function createApiKey(
  db: Kysely<Tables>,
  { name, telegramLearners, limits = {} }: NewApiKey,
): Promise<string> {
  const { prefix, secret } = newSecret()
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('api_key')
      .set({ name: sql<string>`name || ' (mluv_' || prefix || ')'` })
      .where('name', '=', name)
      .where('revoked_at', 'is not', null)
      .execute()
    await transaction
      .insertInto('api_key')
      .values({
        name,
        prefix,
        hash: sha256(secret),
        telegram_learners: telegramLearners,
        lessons_per_day: limits.lessonsPerDay ?? null,
        daily_budget_micro_usd: limits.dailyBudgetMicroUsd ?? null,
        max_learners: limits.learners ?? null,
      })
      .execute()
  })
  return secret
}

/**
 * Gives a key a new secret and returns it; the old one is taken for another day, an older one no longer. Undefined
 * where no key that is not revoked has the name.
 */
export async function rotateApiKey(db: Kysely<Tables>, name: string): Promise<string | undefined> {
  const { prefix, secret } = newSecret()
  const row = await db
    .updateTable('api_key')
    .set((eb) => ({
      prefix,
      hash: sha256(secret),
      previous_prefix: eb.ref('prefix'),
      previous_hash: eb.ref('hash'),
      previous_until: sql<Date>`now() + ${OLD_SECRET_TAKEN_FOR}::interval`,
    }))
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row && secret
}

function newSecret(): { prefix: string; secret: string } {
  const prefix = randomBytes(4).toString('hex')
  return { prefix, secret: `mluv_${prefix}_${randomBytes(32).toString('base64url')}` }
}

export type ListedApiKey = {
  name: string
  /** The beginning of the secret, by which a key is recognised. */
  prefix: string
  createdAt: Date
  telegramLearners: boolean
  /** Null where the key has no such limit. */
  lessonsPerDay: number | null
  dailyBudgetMicroUsd: number | null
  maxLearners: number | null
  /** What counts against the limits: lessons and known costs of this UTC day, learners in all. */
  lessonsToday: number
  spentTodayMicroUsd: number
  learners: number
  lastUsedAt: Date | null
  /** Until when the secret before is taken, too; null where none is. */
  oldSecretUntil: Date | null
  revokedAt: Date | null
}

/** All keys ever made, oldest first. */
export async function listApiKeys(db: Kysely<Tables>): Promise<ListedApiKey[]> {
  const { rows } = await sql<ListedApiKey>`
    select name, prefix, created_at as "createdAt", telegram_learners as "telegramLearners",
      lessons_per_day as "lessonsPerDay", daily_budget_micro_usd as "dailyBudgetMicroUsd",
      max_learners as "maxLearners",
      (select count(*)::integer from inbox
        left join api_key_use on api_key_use.job_id = inbox.id
        where source = 'api:' || api_key.id
          and received_at >= date_trunc('day', now(), 'UTC')
          and (exists (select from quota_use where quota_use.job_id = inbox.id)
            or exists (select from usage where usage.job_id = inbox.id)
            or (state = 'waiting' and api_key_use.job_id is not null))
      ) as "lessonsToday",
      (select coalesce(sum(micro_usd), 0)::bigint from usage
        where api_key_id = api_key.id and day = (now() at time zone 'UTC')::date
      ) as "spentTodayMicroUsd",
      (select count(*)::integer from learner where api_key_id = api_key.id) as learners,
      last_used_at as "lastUsedAt",
      case when previous_until > now() and revoked_at is null then previous_until end
        as "oldSecretUntil", revoked_at as "revokedAt"
    from api_key order by id`.execute(db)
  return rows
}

/** Revokes a key: its secrets no longer authenticate, and its name is free for another one. */
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
