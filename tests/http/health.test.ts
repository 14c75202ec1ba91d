import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATION_NAMES } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { databaseHealth } from '../../lib/adapters/postgres/health.ts'
import type { DatabaseHealth, InboxHealth } from '../../lib/app/health.ts'
import { createDeps, type Deps } from '../../lib/deps.ts'
import { healthOf } from '../../lib/http/health.ts'
import { createPostgresDatabase } from '../rigs/postgres/postgres.ts'
import { describePostgres } from '../support/databases.ts'
import { ADMIN_TOKEN, type Product, startProduct } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.close())

const QUIET: InboxHealth = {
  waiting: 0,
  parked: 0,
  dead: 0,
  diedLastHour: 0,
  oldestDueSeconds: 0,
  oldestDelay: null,
  blockedStages: [],
}
const HEALTHY: DatabaseHealth = { pendingMigrations: [], inbox: QUIET }

type Report = { status: string; version?: string; checks: Record<string, string> }

async function health(change: Partial<Deps> = {}, path = '/health', headers = {}) {
  const fetch = healthOf(async () => ({ ...product.deps, ...change }))
  const response = await fetch(new Request(`https://bot.example${path}`, { headers }))
  return { response, body: (await response.json()) as Report }
}

const asAdmin = { authorization: `Bearer ${ADMIN_TOKEN}` }

describe('health', () => {
  test('a healthy service is 200 and lists its checks', async () => {
    const { response, body } = await health()
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      status: 'healthy',
      version: product.deps.config.version,
      environment: 'test',
      checks: {
        config: 'ok',
        database: 'ok',
        migrations: 'ok',
        openai: 'configured',
        telegram: 'configured',
        inbox: 'ok: 0 waiting, 0 parked, 0 dead',
      },
    })
  })

  test('health asks no provider', async () => {
    const calls = product.telegram.calls.length
    await health()
    expect(product.telegram.calls).toHaveLength(calls)
    expect(product.openai.requests).toEqual([])
  })

  test('health is one database statement', async () => {
    const statements: string[] = []
    const checks = watchedHealth(product.db, statements)
    expect((await health({ databaseHealth: checks })).response.status).toBe(200)
    expect(statements).toHaveLength(1)
  })

  test('health starts a sweep after its checks', async () => {
    const order: string[] = []
    await health({
      databaseHealth: async () => {
        order.push('looked')
        return product.deps.databaseHealth()
      },
      sweepSoon: () => order.push('swept'),
    })
    expect(order).toEqual(['looked', 'swept'])
  })

  test('health counts dead, parked and waiting jobs, and is 503 when no process works on the inbox', async () => {
    const add = (state: string, due: string, isParked = false) =>
      sql`insert into inbox (source, key, lane, state, payload, due_at, parked)
        values ('tg:1', gen_random_uuid(), 'counted ' || gen_random_uuid(), ${state}, '', now() + ${due}::interval, ${isParked})`.execute(
        product.db,
      )
    const quiet = { sweepSoon: () => {} }
    await add('dead', '-1 day')
    await add('waiting', '4 minutes')
    await add('waiting', '-9 minutes')
    const busy = await health(quiet)
    expect(busy.response.status).toBe(200)
    expect(busy.body.checks.inbox).toBe('ok: 2 waiting, 0 parked, 1 dead')

    await add('waiting', '-11 minutes')
    const report = await health(quiet)
    expect(report.response.status).toBe(503)
    expect(report.body).toMatchObject({ status: 'unhealthy', checks: { database: 'ok' } })
    expect(report.body.checks.inbox).toMatch(/^stalled: .* 66\d s/)
    await sql`delete from inbox where lane like 'counted %'`.execute(product.db)
  })

  test.each<[string, Partial<InboxHealth>, number, RegExp]>([
    ['nothing waits', {}, 200, /^ok: 0 waiting, 0 parked, 0 dead$/],
    ['much waits, and is taken up', { waiting: 5_000, oldestDueSeconds: 600 }, 200, /^ok: 5000 w/],
    ['the oldest job has been due too long', { oldestDueSeconds: 601 }, 503, /^stalled: .*601 s/],
    [
      'a job is tried again for a while',
      { oldestDelay: { seconds: 600, reason: 'provider-failed' } },
      200,
      /^ok: /,
    ],
    [
      'a job is tried again for long',
      { oldestDelay: { seconds: 601, reason: 'provider-failed' } },
      503,
      /^delayed: .*601 s: provider-failed /,
    ],
    ['jobs died long ago', { dead: 7 }, 200, /^ok: .*7 dead/],
    ['jobs died in the last hour', { dead: 7, diedLastHour: 2 }, 503, /^2 died.*see job_dead/],
    [
      'jobs are parked, since the tutor has no quota',
      { parked: 3, blockedStages: [{ stage: 'reply', reason: 'provider-quota-exhausted' }] },
      503,
      /^3 parked: the provider of CHAT has no quota left: top its account up/,
    ],
    [
      'jobs are parked, since the recogniser refuses the key',
      { parked: 1, blockedStages: [{ stage: 'transcribe', reason: 'provider-unauthorized' }] },
      503,
      /^1 parked: the provider of STT refuses the key or the model: check STT_API_KEY .*STT_MODEL/,
    ],
    [
      'the speaker refuses the key',
      { blockedStages: [{ stage: 'speak', reason: 'provider-unauthorized' }] },
      503,
      /^answers go out in writing: the provider of TTS refuses the key or the model: check TTS_API_KEY/,
    ],
    ['parked jobs are free again', { parked: 1 }, 503, /^1 parked: they go on by themselves/],
    [
      'a provider refuses callers who ask again themselves, and nothing waits for it',
      { blockedStages: [{ stage: 'reply', reason: 'provider-unauthorized' }] },
      200,
      /^ok: /,
    ],
  ])('health, where %s', async (_, change, status, check) => {
    const { response, body } = await health({
      databaseHealth: async () => ({ pendingMigrations: [], inbox: { ...QUIET, ...change } }),
    })
    expect(body.checks.inbox).toMatch(check)
    expect(response.status).toBe(status)
  })

  test.each([
    [
      'refuses us',
      { refusal: 'refuses the name or the password: check DATABASE_URL' },
      { database: 'refuses the name or the password: check DATABASE_URL', inbox: 'unknown' },
    ],
    [
      'has no tables',
      { pendingMigrations: ['a', 'b'], inbox: undefined },
      { database: 'ok', migrations: 'pending: 2: run npm run migrate -- up', inbox: 'unknown' },
    ],
  ])(
    'health is 503 where the database %s, and names what to do',
    async (_, databaseState, checks) => {
      const { response, body } = await health({ databaseHealth: async () => databaseState })
      expect(response.status).toBe(503)
      expect(body.checks).toMatchObject(checks)
    },
  )

  test('health is 503 where the database is read-only, for deliveries are refused then', async () => {
    const readOnly = { ...HEALTHY, isReadOnly: true as const }
    const { response, body } = await health({ databaseHealth: async () => readOnly })
    expect(response.status).toBe(503)
    expect(body.checks.database).toBe('read-only')
  })

  test('health is 503 naming an encoding that cannot hold lessons', async () => {
    const latin = { ...HEALTHY, wrongEncoding: 'LATIN1' }
    const { response, body } = await health({ databaseHealth: async () => latin })
    expect(response.status).toBe(503)
    expect(body.checks.database).toBe('encoded in LATIN1, not in UTF8')
  })

  test('health is 503 with the database named when it does not answer, and shows no address', async () => {
    const deps = await createDeps({
      ...product.env,
      DATABASE_URL: 'postgres://someone:password@127.0.0.1:1/nothing',
    })
    const response = await healthOf(async () => deps)(new Request('https://bot.example/health'))
    const text = await response.text()
    expect(response.status).toBe(503)
    expect(JSON.parse(text)).toMatchObject({
      status: 'unhealthy',
      checks: { config: 'ok', database: 'unreachable', migrations: 'unknown', inbox: 'unknown' },
    })
    expect(text).not.toMatch(/password|127\.0\.0\.1/)
    await deps.close()
  })

  test('health is 503 naming the wrong variables, never their values', async () => {
    const fetch = healthOf(() =>
      createDeps({ TELEGRAM_BOT_TOKEN: 'a-secret-token', PORT: 'a-secret-port' }),
    )
    const response = await fetch(new Request('https://bot.example/health'))
    expect(response.status).toBe(503)
    const text = await response.text()
    const { checks } = JSON.parse(text) as Report
    for (const name of [
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_WEBHOOK_SECRET',
      'OPENAI_API_KEY',
      'PORT',
    ]) {
      expect(checks.config).toContain(name)
    }
    expect(text).not.toContain('a-secret')
  })
})

describe('deep health', () => {
  test('deep health asks Telegram for its webhook and OpenAI for its models', async () => {
    product.telegram.setWebhook('https://bot.example/webhook', 'secret')
    const { response, body } = await health({}, '/health?deep=1', asAdmin)
    expect(body.checks).toMatchObject({ openai: 'ok', telegram: 'ok: 0 pending' })
    expect(response.status).toBe(200)
    expect(product.telegram.callsOf('getWebhookInfo')).not.toHaveLength(0)
  })

  test('deep health is 503 when no webhook is set', async () => {
    product.telegram.setWebhook(null)
    const { response, body } = await health({}, '/health?deep=1', asAdmin)
    expect(response.status).toBe(503)
    expect(body.checks).toMatchObject({
      openai: 'ok',
      telegram: 'no webhook is set: run npm run webhook -- set',
    })
  })

  test('deep health is 503 when neither neighbour can be reached, and shows neither token nor key', async () => {
    const { neighbourHealth, close } = await createDeps({
      ...product.env,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
      TELEGRAM_API_ROOT: 'http://127.0.0.1:1',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
    })
    const { response, body } = await health({ neighbourHealth }, '/health?deep=1', asAdmin)
    const text = JSON.stringify(body)
    const { checks } = body
    expect(response.status).toBe(503)
    expect(checks.telegram).toMatch(/^failed/)
    expect(checks.openai).toMatch(/^failed/)
    expect(text).not.toContain(product.telegram.token)
    expect(text).not.toContain('no-key-is-needed')
    await close()
  })
})

function watchedHealth(db: Product['db'], statements: string[]) {
  const watchedDb = db.withPlugin({
    transformQuery: ({ node }) => {
      statements.push(node.kind)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return () => databaseHealth(watchedDb)
}

describePostgres('health before the first migration', () => {
  test('health is 503 with the pending migrations before the first one has run', async () => {
    const { url, drop } = await createPostgresDatabase()
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    const empty = await health({ databaseHealth: () => databaseHealth(db), sweepSoon: () => {} })
    expect(empty.response.status).toBe(503)
    expect(empty.body.checks).toMatchObject({
      database: 'ok',
      inbox: 'unknown',
      migrations: `pending: ${MIGRATION_NAMES.length}: run npm run migrate -- up`,
    })
    await close()
    await drop()
  })
})
