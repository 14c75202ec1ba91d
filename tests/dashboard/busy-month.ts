import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/** A day's lessons by hour (UTC): few at night, most in the evening. */
const BY_HOUR = [
  2, 1, 0, 0, 1, 3, 8, 14, 18, 16, 13, 15, 21, 19, 17, 16, 22, 31, 38, 41, 33, 22, 12, 5,
]
/** From Sunday on. */
const BY_WEEKDAY = [0.78, 1.08, 1.02, 0.97, 1, 0.88, 0.7]
const OUTCOMES = [
  { kind: 'voice', outcome: 'taught', share: 0.62 },
  { kind: 'text', outcome: 'taught', share: 0.27 },
  { kind: 'voice', outcome: 'silence', share: 0.05 },
  { kind: 'voice', outcome: 'quota-used-up', share: 0.04 },
  { kind: 'voice', outcome: 'failed', share: 0.02 },
]
/** Shares of durations by the upper bound of their bucket, in seconds. */
const DURATIONS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  transcribe: { 0.5: 0.2, 1: 0.6, 1.5: 0.15, 3: 0.05 },
  reply: { 1: 0.1, 1.5: 0.35, 2: 0.4, 3: 0.12, 8: 0.03 },
  speak: { 0.5: 0.15, 1: 0.55, 1.5: 0.25, 4: 0.05 },
  send: { 0.1: 0.6, 0.25: 0.35, 1: 0.05 },
}
const ANSWERS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  verdict: { 2: 0.15, 3: 0.5, 4: 0.25, 6: 0.07, 10: 0.03 },
  voice: { 3: 0.3, 4: 0.4, 6: 0.24, 10: 0.06 },
}
const COSTS = [
  { stage: 'reply', model: 'gpt-6-luna', microUsd: 610 },
  { stage: 'speak', model: 'gpt-realtime-2.1-mini', microUsd: 420 },
  { stage: 'transcribe', model: 'gpt-transcribe', microUsd: 170 },
]
const ERRORS = [
  { stage: 'reply', code: 'provider-rate-limited', share: 0.012 },
  { stage: 'speak', code: 'provider-timeout', share: 0.006 },
  { stage: 'send', code: 'telegram-rate-limited', share: 0.004 },
]

type Sum = { name: string; labels: object; le: number; value: number }

/** Fills a database with what a month of lessons leaves behind for the dashboard. */
export async function fillBusyMonth(db: Kysely<Tables>): Promise<void> {
  const hours = Array.from({ length: 24 }, (_, ago) => ago)
  const days = Array.from({ length: 30 }, (_, ago) => ago)
  await addSums(
    db,
    'hour',
    hours.map((ago) => {
      const hour = new Date(Date.now() - ago * 3_600_000).getUTCHours()
      return sumsOf(BY_HOUR[hour] ?? 0, hour >= 17 && hour < 20 ? 1.6 : 1)
    }),
  )
  await addSums(
    db,
    'day',
    days.map((ago) => {
      const weekday = new Date(Date.now() - ago * 86_400_000).getUTCDay()
      return sumsOf((430 - ago * 6) * (BY_WEEKDAY[weekday] ?? 1), 1 + ((ago * 7) % 5) / 3)
    }),
  )
  await sql`
    insert into learner (telegram_id, native_language, created_at, run_from, run_to)
    select 7000000 + n, 'uk', now() - (n * n / 300.0) * interval '1 day', current_date - 9,
      case when n % 5 < 2 then current_date - 20 else current_date - n % 4 end
    from generate_series(1, 128) as n`.execute(db)
  await sql`
    insert into budget_day (day, spent_micro_usd) values ((now() at time zone 'UTC')::date, 412000)
    on conflict (day) do update set spent_micro_usd = excluded.spent_micro_usd`.execute(db)
}

/** `slowness` stretches what is slow. */
function sumsOf(lessons: number, slowness: number): Sum[] {
  const counter = (name: string, labels: object, value: number): Sum => ({
    name,
    labels,
    le: Number.POSITIVE_INFINITY,
    value: Math.round(value),
  })
  const histogram = (
    name: string,
    labels: object,
    shares: Readonly<Record<number, number>>,
  ): Sum[] =>
    Object.entries(shares).map(([le, share]) => {
      const weight = Number(le) >= 3 ? share * slowness : share
      return { name, labels, le: Number(le), value: Math.round(lessons * weight) }
    })
  return [
    ...OUTCOMES.map(({ share, ...labels }) => counter('lessons', labels, lessons * share)),
    ...COSTS.map(({ microUsd, ...labels }) =>
      counter('cost_micro_usd', labels, lessons * 0.9 * microUsd),
    ),
    ...ERRORS.map(({ share, ...labels }) =>
      counter('provider_errors', labels, lessons * share * slowness),
    ),
    ...Object.entries(DURATIONS).flatMap(([stage, shares]) =>
      histogram('stage_seconds', { stage }, shares),
    ),
    ...Object.entries(ANSWERS).flatMap(([to, shares]) =>
      histogram('answer_seconds', { to, kind: 'voice' }, shares),
    ),
  ].filter(({ value }) => value > 0)
}

/** `periods` are the sums of each hour or day, the present one first. */
async function addSums(
  db: Kysely<Tables>,
  grain: 'hour' | 'day',
  periods: readonly (readonly Sum[])[],
): Promise<void> {
  const rows = periods.flatMap((sums, ago) =>
    sums.map(({ le, ...sum }) => ({ ...sum, ago, ...(Number.isFinite(le) && { le }) })),
  )
  await sql`
    insert into tally (grain, start, name, labels, le, value, sum_ms)
    select ${grain}, date_trunc(${grain}, now(), 'UTC') - ago * ${`1 ${grain}`}::interval, name, labels,
      coalesce(le, 'infinity'), value, 0
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as sum (ago integer, name text, labels jsonb, le double precision, value bigint)`.execute(db)
}

/** A job that has ended so, with two steps in its journal; its id. */
export async function addFailedJob(
  db: Kysely<Tables>,
  {
    state,
    lastError,
    payload = 'Tohle je tajné',
  }: { state: string; lastError: string; payload?: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into inbox (source, key, lane, state, payload, attempts, received_at, finished_at, last_error,
      parked, due_at, learner_id)
    select 'tg:54321', md5(random()::text), 'chat:' || random(), ${state}, ${Buffer.from(payload)}, 6,
      now() - interval '95 minutes', case when ${state} = 'waiting' then null else now() end,
      ${lastError}, ${state === 'waiting'}, now() + interval '1 hour', 42
    returning id`.execute(db)
  const id = Number(rows[0]?.id)
  await sql`
    insert into journal (job_id, step, state, sends, value) values
      (${id}, 'transcribe', 'done', 0, ${Buffer.from('Tohle je tajné')}), (${id}, 'heard', 'done', 1, null)`.execute(
    db,
  )
  return id
}
