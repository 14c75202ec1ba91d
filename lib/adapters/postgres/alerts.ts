import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { AlertFigures, Alerts, Look, RecentJobs } from '../../app/alert/alerts.ts'
import type { AlertTarget } from '../../app/alert/delivery.ts'
import type { NewJob } from '../../app/jobs/inbox.ts'
import {
  ALERT_KINDS,
  type Alert,
  type AlertKind,
  type AlertState,
  alertOf,
  nextStep,
} from '../../domain/alert/alert.ts'
import { allClearOf } from '../../domain/alert/all-clear.ts'
import { spentTodayUsd } from './checks.ts'
import { databaseHealth } from './health.ts'
import { addJob } from './new-job.ts'

/** The newest jobs of the window that are looked at, at most. */
const MAX_JOBS = 10_000

/** What was told in PostgreSQL: a row a kind. Times are the database's own. */
export function pgAlerts(
  db: Kysely<Tables>,
  { targets, link }: { targets: readonly AlertTarget[]; link: string | null },
): Alerts {
  return {
    async takeTurn() {
      const { rows } = await sql<{ name: string }>`
        update duty set done_at = now() where name in (
          select duty.name from duty join (values ('alert', interval '1 minute'),
            ('alert-webhook', interval '5 minutes'), ('alert-models', interval '6 hours'))
            as look (name, every) on look.name = duty.name
          -- One far ahead was done before the clock was set back.
          where done_at is null or done_at not between now() - every and now() + interval '1 minute'
          for update of duty skip locked)
        returning name`.execute(db)
      return rows.flatMap(({ name }) => LOOKS[name] ?? [])
    },

    async figures(): Promise<AlertFigures> {
      const [health, recent, spentUsd] = await Promise.all([
        databaseHealth(db),
        recentJobs(db),
        spentTodayUsd(db),
      ])
      if ('refusal' in health) throw new Error(`The database refuses us: ${health.refusal}`)
      return { health, recent, spentUsd }
    },

    tell: (findings) =>
      db.transaction().execute(async (transaction) => {
        const { now, states } = await lockStates(transaction)
        const alerts: { alert: Alert; isOver: boolean }[] = []
        for (const { kind, trouble } of findings) {
          const oldState = states.get(kind)
          if (oldState === undefined) continue
          const { state, message } = nextStep(oldState, trouble, now)
          await writeState(transaction, oldState, state)
          if (message === 'over') {
            alerts.push({ alert: allClearOf(oldState, now, link), isOver: true })
          } else if (message === 'alert' && trouble !== null) {
            const alert = alertOf(kind, trouble, state.since ?? now, link)
            alerts.push({ alert, isOver: false })
          }
        }
        const jobs = alerts.flatMap(({ alert, isOver }) =>
          targets.map((target) => jobOf(target, alert, isOver, now)),
        )
        for (const job of jobs) await addJob(transaction, job)
        return [...new Set(jobs.map(({ lane }) => lane))]
      }),
  }
}

const LOOKS: Readonly<Record<string, Look>> = {
  alert: 'database',
  'alert-webhook': 'webhook',
  'alert-models': 'models',
}

function jobOf(target: AlertTarget, alert: Alert, isOver: boolean, now: Date): NewJob {
  return {
    source: `alert:${target}`,
    key: `${alert.kind} ${isOver ? 'over' : 'since'} ${now.toISOString()}`,
    lane: `alert:${target}`,
    slots: 'background',
    payload: new TextEncoder().encode(JSON.stringify({ target, alert })),
  }
}

/** Every kind's state, held until the transaction ends: another sweeper waits, and finds what was told. */
async function lockStates(
  db: Kysely<Tables>,
): Promise<{ now: Date; states: Map<AlertKind, AlertState> }> {
  const { rows } = await sql<AlertState & { now: Date }>`
    select kind, level, since, sent_at as "sentAt", is_told as "isTold", clock_timestamp() as now
    from alert where kind in (${sql.join(ALERT_KINDS)}) order by kind for update`.execute(db)
  const now = rows[0]?.now ?? new Date(0)
  return { now, states: new Map(rows.map(({ now: _, ...state }) => [state.kind, state])) }
}

async function writeState(
  db: Kysely<Tables>,
  oldState: AlertState,
  { kind, level, since, sentAt, isTold }: AlertState,
): Promise<void> {
  const isSame =
    oldState.since?.getTime() === since?.getTime() &&
    oldState.sentAt?.getTime() === sentAt?.getTime() &&
    oldState.isTold === isTold
  if (isSame) return
  await db
    .updateTable('alert')
    .set({ level, since, sent_at: sentAt, is_told: isTold })
    .where('kind', '=', kind)
    .execute()
}

/** The last quarter of an hour, by the index of when jobs have ended. */
async function recentJobs(db: Kysely<Tables>): Promise<RecentJobs> {
  const { rows } = await sql<RecentJobs>`
    with ended as (
      select id, state, last_error, extract(epoch from finished_at - received_at)::float8 as seconds
      from inbox
      where finished_at > now() - interval '15 minutes' and source not like 'alert:%'
      order by finished_at desc limit ${MAX_JOBS}
    ),
    counted as (
      select count(*) as total,
        count(*) filter (where state = 'dead' and last_error not like 'client-left%') as failed
      from ended where state in ('done', 'dead')
    ),
    failing as (
      select count(*) as failing from inbox
      where state = 'waiting' and last_error is not null and not parked and source not like 'alert:%'
    ),
    answers as (
      select count(*) as lessons, percentile_disc(0.95) within group (order by seconds) as p95
      from ended join lesson on lesson.job_id = ended.id where ended.state = 'done'
    )
    select total + failing as total, failed + failing as "failedCount", lessons, p95 as "p95Seconds"
    from counted, failing, answers`.execute(db)
  return rows[0] ?? { total: 0, failedCount: 0, lessons: 0, p95Seconds: null }
}
