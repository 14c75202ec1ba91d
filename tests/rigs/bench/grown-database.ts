import pg from 'pg'

/** How much is in it. */
export type Size = { learners: number; lessons: number; waiting: number }

/** Fifty lessons a learner, and an update waiting for every hundredth. */
export function sizeOf(lessons: number): Size {
  return {
    learners: Math.ceil(lessons / 50),
    lessons,
    waiting: Math.ceil(lessons / 100),
  }
}

/** The Telegram ids of the learners in it follow this one. */
export const GROWN_LEARNERS = 10_000_000

/**
 * Fills a migrated, empty database with what years leave behind: learners with their lessons, a mistake
 * and a star of each; the places and the finished jobs of one day, since pruning takes older ones away;
 * updates that wait for tomorrow, each in a lane of its own.
 *
 * Needs a role that may switch triggers off: no foreign key is checked, which would take most of the time.
 */
export async function growDatabase(
  url: string,
  size: Size,
  write: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('set session_replication_role = replica')
    for (const { label, insertOf } of TABLES) {
      const startedAt = performance.now()
      const { rowCount } = await client.query(insertOf(size))
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
      write(`  ${rowCount} rows of ${label} made in ${seconds} s`)
    }
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}

/** Of a busy day's hour. */
const RUNS_AN_HOUR = 900
/** What a run may measure: 16 buckets of each histogram, and counters. */
const MEASURED_NAMES = `
  select name, labels::jsonb, le from (values
      ('stage_seconds', '{"stage":"transcribe"}'), ('stage_seconds', '{"stage":"reply"}'),
      ('stage_seconds', '{"stage":"speak"}'), ('answer_seconds', '{"to":"verdict","kind":"voice"}'),
      ('answer_seconds', '{"to":"voice","kind":"voice"}'))
    as histogram (name, labels), generate_series(1, 16) as le
  union all values
    ('lessons', '{"kind":"voice","outcome":"taught"}'::jsonb, 'infinity'::float8),
    ('lessons', '{"kind":"text","outcome":"taught"}', 'infinity'),
    ('lessons', '{"kind":"voice","outcome":"failed"}', 'infinity'),
    ('cost_micro_usd', '{"stage":"reply","model":"gpt-6-luna"}', 'infinity'),
    ('provider_errors', '{"stage":"reply","code":"provider-failed"}', 'infinity')`

// The job ids of what is over are negative: the identity column never gives such a one.
const TABLES: readonly { label: string; insertOf: (size: Size) => string }[] = [
  {
    label: 'learner',
    insertOf: ({ learners, lessons }) => `
      insert into learner (telegram_id, native_language, total_stars, run_from, run_to, max_streak,
        created_at)
      select ${GROWN_LEARNERS} + n, 'ru', ${Math.round(lessons / learners)}, current_date - 7 - n % 500,
        current_date - 1 - n % 500, 20, now() - n * interval '1000 days' / ${learners}
      from generate_series(1, ${learners}) as n`,
  },
  {
    label: 'lesson',
    insertOf: ({ learners, lessons }) => `
      insert into lesson (job_id, learner_id, day, kind, said, reply, corrected_text, suggestion,
        new_words, score, words_total, words_correct, duration_seconds, cost_micro_usd, stars_earned,
        bonus_stars, created_at)
      select -n, 1 + n % ${learners}, current_date - 1 - n / ${learners},
        case when n % 2 = 0 then 'voice' else 'text' end,
        'Včera jsem šel do obchod a koupil jsem chleba.',
        'Čerstvý chleba, to je základ! Já si ho dávám nejradši s máslem a se solí. A kde vlastně bydlíš?',
        'Včera jsem šel do obchodu a koupil jsem chleba.',
        'Чех скажет короче: „Včera jsem si v obchodě koupil chleba“.',
        '[{"czech":"máslo","translation":"сливочное масло"}]', 89, 9, 8, 3.7, 900, 1, 0,
        now() - (n / ${learners}) * interval '1 day'
      from generate_series(1, ${lessons}) as n`,
  },
  {
    label: 'mistake',
    insertOf: ({ lessons }) => `
      insert into mistake (lesson_id, position, original, corrected, category, explanation_cs,
        explanation_native)
      select n, 0, 'do obchod', 'do obchodu', 'case',
        'Po předložce do je druhý pád: do obchodu.',
        'После предлога do нужен родительный падеж: do obchodu.'
      from generate_series(1, ${lessons}) as n`,
  },
  {
    label: 'star_entry',
    insertOf: ({ learners, lessons }) => `
      insert into star_entry (learner_id, reason, key, stars)
      select 1 + n % ${learners}, 'lesson', (-n)::text, 1 from generate_series(1, ${lessons}) as n`,
  },
  {
    label: 'quota_use',
    insertOf: ({ learners }) => `
      insert into quota_use (job_id, learner_id, day, kind, place)
      select -n, n, current_date - 1, 'voice', 1 from generate_series(1, ${learners}) as n`,
  },
  {
    label: 'tally, days of a year and hours of two months',
    insertOf: () => `
      insert into tally (grain, start, name, labels, le, value, sum_ms)
      select grain, date_trunc(grain, now(), 'UTC') - ago * ('1 ' || grain)::interval, name, labels, le, 9, 9000
      from (values ('day', 400), ('hour', 1440)) as kept (grain, count),
        generate_series(0, count) as ago,
        (${MEASURED_NAMES}) as measured (name, labels, le)`,
  },
  {
    label: 'measurement, of the running hour',
    insertOf: () => `
      insert into measurement (samples)
      select samples from generate_series(1, ${RUNS_AN_HOUR}), (
        select jsonb_agg(case when le = 'infinity' then sample - 'le' else sample end) as samples
        from (select le, jsonb_build_object('name', name, 'labels', labels, 'le', le, 'value', 1, 'sum_ms', 900) as sample
          from (${MEASURED_NAMES}) as measured (name, labels, le) limit 10) as samples) as run`,
  },
  {
    label: 'inbox, done',
    insertOf: ({ learners }) => `
      insert into inbox (source, key, lane, state, payload, chat_id, message_id, received_at,
        finished_at)
      select 'tg:12345', 'old ' || n, 'chat:' || ${GROWN_LEARNERS} + n, 'done', '',
        ${GROWN_LEARNERS} + n, 1000000 + n, now() - interval '20 hours', now() - interval '20 hours'
      from generate_series(1, ${learners}) as n`,
  },
  {
    label: 'tally',
    insertOf: ({ lessons }) => `
      insert into tally (grain, start, name, labels, le, value, sum_ms)
      select grain, start, 'stage_seconds', jsonb_build_object('stage', 'stage ' || stage),
        case when bucket = 16 then 'infinity'::float8 else bucket end, ${Math.ceil(lessons / 100_000)}, 1000
      from (
        select 'hour', date_trunc('hour', now(), 'UTC') - n * interval '1 hour'
        from generate_series(1, 60 * 24) as n
        union all
        select 'day', date_trunc('day', now(), 'UTC') - n * interval '1 day'
        from generate_series(1, 400) as n
        union all select 'all', '-infinity'
      ) as period (grain, start), generate_series(1, 12) as stage, generate_series(1, 16) as bucket`,
  },
  {
    label: 'inbox, waiting',
    insertOf: ({ waiting }) => `
      insert into inbox (source, key, lane, payload, due_at)
      select 'tg:12345', 'later ' || n, 'waits:' || n, '{}', now() + interval '1 day'
      from generate_series(1, ${waiting}) as n`,
  },
]
