import { type Kysely, sql } from 'kysely'
import { MIGRATION_NAMES } from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { type Trouble, withPort } from './trouble.ts'

/** Lets the newest migration look as if it had not run. */
async function forgetMigration(db: Kysely<Tables>) {
  const newest = MIGRATION_NAMES.at(-1) ?? ''
  const migrations = sql.table('kysely_migration')
  await sql`delete from ${migrations} where name = ${newest}`.execute(db)
  return { mend: () => sql`insert into ${migrations} values (${newest}, 'now')`.execute(db) }
}

/** Troubles of the configuration, the database, the inbox and the money. */
export const OWN_TROUBLES: readonly Trouble[] = [
  {
    name: 'the database is dead',
    cause: async ({ databaseUrl }) => ({ env: { DATABASE_URL: withPort(databaseUrl, '1') } }),
    check: 'database',
    status: 'FAIL',
    found: /^PostgreSQL at localhost:1\/\S+ does not answer \(ECONNREFUSED\)\.$/,
    fix: /DATABASE_URL/,
  },
  {
    name: 'the database is PostgreSQL 14',
    async cause({ databaseUrl }) {
      const { db, close } = await openDatabase({ url: databaseUrl, pgliteDir: '' })
      const name = sql.ref(new URL(databaseUrl).pathname.slice(1))
      await sql`create function current_setting(text) returns text language sql as $$
        select case $1 when 'server_version_num' then '140012' when 'server_version' then '14.12'
          else pg_catalog.current_setting($1) end $$`.execute(db)
      await sql`alter database ${name} set search_path = public, pg_catalog`.execute(db)
      return {
        async mend() {
          await sql`alter database ${name} reset search_path`.execute(db)
          await sql`drop function public.current_setting(text)`.execute(db)
          await close()
        },
      }
    },
    check: 'database',
    status: 'FAIL',
    found: /^PostgreSQL 14\.12, and 15 is needed$/,
    fix: /newer server/,
  },
  {
    name: 'a migration is pending',
    cause: ({ served: { db } }) => forgetMigration(db),
    check: 'migrations',
    status: 'FAIL',
    found: new RegExp(`^1 pending: ${MIGRATION_NAMES.at(-1)}$`),
    fix: /^npm run migrate -- up$/,
  },
  {
    name: 'a migration is pending, and migrations are run on another database',
    async cause({ served: { db }, databaseUrl }) {
      const otherUrl = new URL(databaseUrl)
      otherUrl.pathname = '/other'
      const { mend } = await forgetMigration(db)
      return { env: { DATABASE_URL_UNPOOLED: otherUrl.href }, mend }
    },
    check: 'migrations',
    status: 'FAIL',
    found: /^1 pending/,
    fix: /DATABASE_URL_UNPOOLED leads to the same database/,
  },
  {
    name: 'the vendor of speech has no Opus',
    async cause({ served: { db, openai } }) {
      const { host } = new URL(openai.url)
      const trait = { stage: 'speak', host, model: 'gpt-realtime-2.1-mini' } as const
      await db
        .insertInto('vendor_trait')
        .values({ ...trait, refused: 'response_format=opus' })
        .execute()
      return { mend: () => db.deleteFrom('vendor_trait').execute() }
    },
    check: 'vendor',
    status: 'warn',
    found: /^TTS: .* has no Opus/,
    fix: /TTS_BASE_URL/,
  },
  {
    name: 'the price of a model is not known',
    cause: async () => ({ env: { CHAT_MODEL: 'our-own-tutor' } }),
    check: 'vendor',
    status: 'warn',
    found: /^CHAT: the price of our-own-tutor is not known/,
    fix: /PRICES_FILE/,
  },
  {
    name: 'the sweep has stopped two days ago',
    async cause({ served: { db }, databaseUrl }) {
      await sql`update duty set done_at = now() - interval '2 days' where name = 'sweep'`.execute(
        db,
      )
      const heldDatabase = await openDatabase({ url: databaseUrl, pgliteDir: '' })
      const release = Promise.withResolvers<void>()
      const isHeld = Promise.withResolvers<void>()
      // Held, the mark cannot be set by the server under test, which sweeps.
      const holding = heldDatabase.db.transaction().execute(async (transaction) => {
        await sql`select from duty where name = 'sweep' for update`.execute(transaction)
        isHeld.resolve()
        await release.promise
      })
      await isHeld.promise
      return {
        async mend() {
          release.resolve()
          await holding
          await heldDatabase.close()
          await sql`update duty set done_at = now() where name = 'sweep'`.execute(db)
        },
      }
    },
    check: 'cron',
    status: 'FAIL',
    found: /^last sweep 48 h ago$/,
    fix: /monitor.*CRON_SECRET/,
  },
  {
    name: 'the budget of the day is used up',
    async cause({ served: { db } }) {
      await sql`insert into budget_day values ((now() at time zone 'UTC')::date, 999000)`.execute(
        db,
      )
      return {
        env: { DAILY_BUDGET_USD: '1' },
        mend: () => db.deleteFrom('budget_day').execute(),
      }
    },
    check: 'budget',
    status: 'FAIL',
    found: /^\$1\.00 spent today \(UTC\), \$0\.00 of \$1\.00 left: no lessons$/,
    fix: /DAILY_BUDGET_USD/,
  },
  {
    name: 'nine tenths of the budget are used up',
    async cause({ served: { db } }) {
      await sql`insert into budget_day values ((now() at time zone 'UTC')::date, 900000)`.execute(
        db,
      )
      return {
        env: { DAILY_BUDGET_USD: '1' },
        mend: () => db.deleteFrom('budget_day').execute(),
      }
    },
    check: 'budget',
    status: 'warn',
    found: /\$0\.10 of \$1\.00 left, thrifty: replies of two sentences, no new memories$/,
    fix: /npm run usage/,
  },
  {
    name: 'lessons wait for the provider to be paid',
    async cause({ served: { db, openai } }) {
      const provider = `reply ${new URL(openai.url).host} gpt-6-luna`
      await sql`insert into breaker (provider, probe_at, reason)
        values (${provider}, now() + interval '1 hour', 'provider-quota-exhausted')`.execute(db)
      await sql`insert into inbox (source, key, lane, payload, parked, due_at)
        values ('tg:1', 'parked', 'chat:1', 'x', true, now() + interval '1 hour')`.execute(db)
      return {
        async mend() {
          await db.deleteFrom('breaker').execute()
          await db.deleteFrom('inbox').execute()
        },
      }
    },
    check: 'inbox',
    status: 'FAIL',
    found: /^1 waiting, .* 1 parked/,
    fix: /CHAT has no quota left: top its account up/,
  },
  {
    name: 'the provider’s key is not set',
    cause: async () => ({ env: { OPENAI_API_KEY: '' } }),
    check: 'config',
    status: 'FAIL',
    found: /^OPENAI_API_KEY is required/,
    fix: /Environment Variables/,
  },
  {
    name: 'Redis does not answer',
    cause: async () => ({ env: { REDIS_URL: 'redis://127.0.0.1:1', CACHE_MAX_MB: '200' } }),
    check: 'redis',
    status: 'warn',
    found: /^Redis at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/,
    fix: /REDIS_URL/,
  },
  {
    name: 'what is set for Redis is no URL of one',
    cause: async () => ({ env: { REDIS_URL: 'localhost:6379' } }),
    check: 'config',
    status: 'FAIL',
    found: /^REDIS_URL must be a URL beginning with redis/,
    fix: /Environment Variables/,
  },
]
