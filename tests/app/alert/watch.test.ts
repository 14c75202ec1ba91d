import { type Kysely, sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Tables } from '../../../db/tables.ts'
import { pgAlerts } from '../../../lib/adapters/postgres/alerts.ts'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import type { EndingModel } from '../../../lib/app/alert/findings.ts'
import { type WatchDeps, watch } from '../../../lib/app/alert/watch.ts'
import { AppError } from '../../../lib/app/error.ts'
import type { Alert } from '../../../lib/domain/alert/alert.ts'
import { ALERT_KINDS } from '../../../lib/domain/alert/alert.ts'
import { describeDatabases } from '../../support/databases.ts'
import { newLearner } from '../../support/lessons.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

const LINK = 'https://bot.example/health'
const GOOD = 'ok: 0 pending'

/** What neighbours say in a round. */
type Neighbours = { webhook?: string | Error; models?: EndingModel[] | Error }

describeDatabases('An operator', (database) => {
  let log: ReturnType<typeof rememberingLog>
  let wokenLanes: string[]
  beforeEach(async () => {
    log = rememberingLog()
    wokenLanes = []
    const { db } = database()
    for (const table of [
      'usage',
      'quota_use',
      'lesson',
      'inbox',
      'breaker',
      'budget_day',
    ] as const) {
      await db.deleteFrom(table).execute()
    }
    await sql`update alert set level = 0, since = null, sent_at = null, is_told = false`.execute(db)
    await sql`update duty set done_at = null`.execute(db)
  })

  const depsOf = ({ webhook = GOOD, models = [] }: Neighbours): WatchDeps => ({
    alerts: pgAlerts(database().db, { targets: ['chat', 'webhook'], link: LINK }),
    config: { dailyBudgetUsd: 1 },
    webhookJudgement: async () => answerOf(webhook),
    endingModels: async () => answerOf(models),
    wake: (lane) => void wokenLanes.push(lane),
    log,
  })

  /** A look whose turn it is. */
  async function round(neighbours: Neighbours = {}): Promise<void> {
    await sql`update duty set done_at = null where name like 'alert%'`.execute(database().db)
    await watch(depsOf(neighbours))
  }

  /** Moves all that was told into the past by so many minutes. */
  async function pass(minutes: number): Promise<void> {
    await sql`update alert set sent_at = sent_at - ${minutes} * interval '1 minute',
      since = since - ${minutes} * interval '1 minute'`.execute(database().db)
    await sql`update inbox set key = key || '!' where source like 'alert:%'`.execute(database().db)
  }

  /** What one target is told, oldest first. */
  async function alertsTold(target = 'chat'): Promise<Alert[]> {
    const rows = await database()
      .db.selectFrom('inbox')
      .select('payload')
      .where('source', '=', `alert:${target}`)
      .orderBy('id')
      .execute()
    return rows.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)).alert)
  }
  const kindsTold = async () => (await alertsTold()).map(({ kind }) => kind)

  test('an operator is told nothing while all is well', async () => {
    await round()
    expect(await alertsTold()).toEqual([])
    expect(wokenLanes).toEqual([])
  })

  describe.each(TROUBLES)(
    'of $kind',
    ({ kind, cause, mend, neighbours, summary, fix, repeats }) => {
      test(`an operator is told of ${kind} with what to do, at both addresses, and of nothing else`, async () => {
        await cause?.(database().db)
        await round(neighbours)
        const [alert, ...otherAlerts] = await alertsTold()
        expect(otherAlerts).toEqual([])
        expect(alert).toEqual({
          kind,
          summary: expect.stringMatching(summary),
          fix: expect.stringMatching(fix),
          since: expect.stringMatching(/^\d{4}-.*Z$/),
          link: LINK,
        })
        expect(await alertsTold('webhook')).toEqual([alert])
        expect(wokenLanes).toEqual(['alert:chat', 'alert:webhook'])
      })

      test(`an operator is not told of ${kind} twice within an hour`, async () => {
        await cause?.(database().db)
        await round(neighbours)
        await round(neighbours)
        await pass(59)
        await round(neighbours)
        expect(await kindsTold()).toEqual([kind])
        await pass(2)
        await round(neighbours)
        expect(await kindsTold()).toEqual(repeats ? [kind, kind] : [kind])
      })

      test(`an operator is told once that ${kind} is over`, async () => {
        await cause?.(database().db)
        await round(neighbours)
        await mend?.(database().db)
        await pass(30)
        await round()
        await round()
        const [, allClear, ...otherAlerts] = await alertsTold()
        expect(otherAlerts).toEqual([])
        expect(allClear).toMatchObject({
          kind,
          summary: expect.stringMatching(/^Over: .*It lasted 30 min\.$/),
          fix: '',
        })
      })
    },
  )

  test('a budget that goes from 80 to 100 percent within the hour is told twice, and its end once', async () => {
    const { db } = database()
    await spend(db, 0.85)
    await round()
    await spend(db, 1)
    await round()
    await spend(db, 0)
    await round()
    expect(await kindsTold()).toEqual(['budget-80', 'budget-100', 'budget-100'])
  })

  test('what cannot be looked at stays as it was told, and the other looks go on', async () => {
    const { db } = database()
    const webhook = 'failing: 3 pending'
    await round({ webhook })
    await spend(db, 0.85)
    const unreachable = new AppError('telegram-unreachable', 'no')
    await round({ webhook: unreachable, models: unreachable })
    expect(await kindsTold()).toEqual(['webhook', 'budget-80'])
    expect(log.lines.map(({ event, fields }) => `${event} ${fields.look}`).sort()).toEqual([
      'alert_look_failed models',
      'alert_look_failed webhook',
    ])
  })

  test('two sweepers at the same time, and one a moment later, tell once', async () => {
    const { db } = database()
    await spend(db, 0.85)
    await Promise.all([watch(depsOf({})), watch(depsOf({}))])
    await watch(depsOf({}))
    expect(await kindsTold()).toEqual(['budget-80'])
  })

  test('two sweepers that have looked at the same time, however long it took, tell once', async () => {
    const { alerts } = depsOf({})
    const trouble = { level: 0, summary: 'Bad.', fix: 'npm run doctor' }
    await Promise.all([
      alerts.tell([{ kind: 'slow', trouble }]),
      alerts.tell([{ kind: 'slow', trouble }]),
    ])
    expect(await kindsTold()).toEqual(['slow'])
  })

  test('Telegram is asked every five minutes, and the providers every six hours', async () => {
    const { db } = database()
    const { alerts } = depsOf({})
    const setDutiesBack = (minutes: number) =>
      sql`update duty set done_at = done_at - ${minutes} * interval '1 minute'`.execute(db)
    expect((await alerts.takeTurn()).sort()).toEqual(['database', 'models', 'webhook'])
    expect(await alerts.takeTurn()).toEqual([])
    await setDutiesBack(2)
    expect(await alerts.takeTurn()).toEqual(['database'])
    await setDutiesBack(4)
    expect((await alerts.takeTurn()).sort()).toEqual(['database', 'webhook'])
    await setDutiesBack(360)
    expect((await alerts.takeTurn()).sort()).toEqual(['database', 'models', 'webhook'])
    // As after the database's clock was set back by a day.
    await setDutiesBack(-1_440)
    expect((await alerts.takeTurn()).sort()).toEqual(['database', 'models', 'webhook'])
  })

  test('each kind of alert has its row, and its trouble in this table', async () => {
    const rows = await database().db.selectFrom('alert').select('kind').execute()
    expect(rows.map(({ kind }) => kind).sort()).toEqual([...ALERT_KINDS].sort())
    const kinds = new Set(TROUBLES.map(({ kind }) => kind.replace(/-\d+$/, '')))
    expect([...kinds].sort()).toEqual([...ALERT_KINDS].sort())
  })
})

function answerOf<T>(value: T | Error): T {
  if (value instanceof Error) throw value
  return value
}

/** A trouble: what makes it, and what an operator reads. */
type TroubleRow = {
  kind: string
  cause?: (db: Kysely<Tables>) => Promise<unknown>
  mend?: (db: Kysely<Tables>) => Promise<unknown>
  neighbours?: Neighbours
  summary: RegExp
  fix: RegExp
  repeats: boolean
}

/** Jobs of Telegram that have ended or wait, as these columns have it. */
function jobs(db: Kysely<Tables>, count: number, columns: Partial<Record<string, string>>) {
  const names = Object.keys(columns)
  return sql`
    insert into inbox (source, key, lane, payload, ${sql.raw(names.join(', '))})
    select 'tg:1', n::text, 'chat:' || n, '', ${sql.raw(Object.values(columns).join(', '))}
    from generate_series(1 + (select count(*) from inbox), ${count} + (select count(*) from inbox)) n`.execute(
    db,
  )
}

function spend(db: Kysely<Tables>, usd: number) {
  return sql`
    insert into budget_day values ((now() at time zone 'UTC')::date, ${usd * 1e6}::bigint)
    on conflict (day) do update set spent_micro_usd = excluded.spent_micro_usd`.execute(db)
}

/** Lessons that have just ended, and began so many seconds ago. */
async function lessonsOf(db: Kysely<Tables>, count: number, seconds: number): Promise<void> {
  const { id } = await newLearner(db)
  await jobs(db, count, {
    state: "'done'",
    finished_at: 'now()',
    received_at: `now() - ${seconds} * interval '1 second'`,
  })
  await sql`
    insert into lesson (job_id, learner_id, day, kind, said, reply, corrected_text, suggestion, new_words,
      score, words_total, words_correct, duration_seconds, cost_micro_usd, stars_earned, bonus_stars)
    select id, ${id}, '2026-11-28', 'text', '', '', '', '', '[]', 0, 0, 0, 0, 0, 0, 0 from inbox
    where not exists (select from lesson where job_id = inbox.id)`.execute(db)
}

const clearInbox = (db: Kysely<Tables>) =>
  sql`delete from inbox where source not like 'alert:%'`.execute(db)
const DONE = { state: "'done'", finished_at: 'now()' }
const ending = (days: number) => ({
  models: [{ variable: 'CHAT_MODEL', model: 'gpt-4o', days, successor: 'gpt-6-luna' }],
})

const TROUBLES: readonly TroubleRow[] = [
  {
    kind: 'health',
    cause: (db) => pgBreaker(db).open('reply', 'provider-unauthorized'),
    mend: (db) => pgBreaker(db).close(['reply']),
    summary: /provider of CHAT refuses the key or the model/,
    fix: /^npm run doctor -- --only openai-key$/,
    repeats: true,
  },
  {
    kind: 'health',
    cause: (db) =>
      jobs(db, 1, {
        received_at: "now() - interval '12 minutes'",
        due_at: "now() + interval '1 minute'",
        last_error: "'telegram-failed: HTTP 502'",
      }),
    mend: clearInbox,
    summary: /tried again for 12 min: telegram-failed/,
    fix: /telegram-failed in the log/,
    repeats: true,
  },
  {
    kind: 'errors',
    async cause(db) {
      await jobs(db, 17, DONE)
      await jobs(db, 3, { due_at: "now() + interval '1 minute'", last_error: "'x: y'" })
    },
    mend: clearInbox,
    summary: /^3 of 20 jobs of the last 15 minutes failed/,
    fix: /^npm run jobs -- list/,
    repeats: true,
  },
  {
    kind: 'slow',
    async cause(db) {
      await lessonsOf(db, 5, 4)
      await lessonsOf(db, 1, 16)
    },
    mend: clearInbox,
    summary: /^Of 6 lessons .* 95 in 100 took up to 16 s/,
    fix: /stages_ms/,
    repeats: true,
  },
  {
    kind: 'quota',
    cause: (db) => pgBreaker(db).open('transcribe', 'provider-quota-exhausted'),
    mend: (db) => pgBreaker(db).close(['transcribe']),
    summary: /provider of STT has no quota left.* Jobs that wait for it: 0\./,
    fix: /^npm run doctor -- --only openai-key # top/,
    repeats: true,
  },
  {
    kind: 'dead',
    cause: (db) => jobs(db, 1, { state: "'dead'", finished_at: 'now()', last_error: "'x: y'" }),
    mend: clearInbox,
    summary: /^Jobs that died in the last hour: 1\./,
    fix: /^npm run jobs -- list --state dead/,
    repeats: true,
  },
  {
    kind: 'backlog',
    cause: (db) => jobs(db, 4, { due_at: "now() - interval '6 minutes'" }),
    mend: clearInbox,
    summary: /^Jobs that wait: 4\. The oldest has been due for 6 min/,
    fix: /npm run doctor/,
    repeats: true,
  },
  {
    kind: 'budget-80',
    cause: (db) => spend(db, 0.8),
    mend: (db) => spend(db, 0),
    summary: /^\$0\.80 of \$1\.00 are spent .*short/,
    fix: /^npm run usage .*DAILY_BUDGET_USD/,
    repeats: false,
  },
  {
    kind: 'budget-100',
    cause: (db) => spend(db, 0.996),
    mend: (db) => spend(db, 0),
    summary: /^\$1\.00 of \$1\.00 .*refused until 00:00 UTC/,
    fix: /DAILY_BUDGET_USD/,
    repeats: false,
  },
  ...([45, 14, 3] as const).map((days) => ({
    kind: `model-${days}`,
    neighbours: ending(days),
    summary: new RegExp(`^gpt-4o \\(CHAT_MODEL\\) is shut down in ${days} days\\.$`),
    fix: /models # set CHAT_MODEL=gpt-6-luna/,
    repeats: false,
  })),
  {
    kind: 'webhook',
    neighbours: { webhook: 'failing: 7 pending, last error 30 s ago: Connection timed out' },
    summary: /^Telegram: failing: 7 pending/,
    fix: /^npm run doctor -- --only webhook-backlog$/,
    repeats: true,
  },
]
