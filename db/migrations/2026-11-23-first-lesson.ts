import { type Kysely, sql } from 'kysely'

/** Inbox and journal, learners, lessons and what they earn, API keys. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of created) await sql.raw(statement).execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  for (const table of [...tables].reverse()) await sql.raw(`drop table ${table}`).execute(db)
}

const tables = [
  'inbox',
  'journal',
  'breaker',
  'api_key',
  'learner',
  'quota_use',
  'budget_day',
  'lesson',
  'mistake',
  'star_entry',
]

const created = [
  // Payloads are bytes: jsonb and text refuse \u0000 and lone surrogates, which JSON allows.
  `create table inbox (
     id bigint generated always as identity primary key,
     source text not null,
     key text not null,
     lane text not null,
     state text not null default 'waiting' check (state in ('waiting', 'done', 'dead', 'poison')),
     payload bytea not null,
     attachment bytea,
     request_hash bytea,
     chat_id bigint,
     message_id bigint,
     received_at timestamptz not null default now(),
     due_at timestamptz not null default now(),
     parked boolean not null default false,
     attempts integer not null default 0,
     lease_token uuid,
     lease_until timestamptz,
     finished_at timestamptz,
     last_error text,
     duplicates_possible integer not null default 0,
     unique (source, key)
   )`,
  // The same message under a new update id is the same job: Telegram's numbering can restart.
  `create unique index inbox_message on inbox (source, chat_id, message_id) where message_id is not null`,
  `create index inbox_lane on inbox (lane, id) where state = 'waiting'`,
  `create index inbox_due on inbox (due_at) where state = 'waiting'`,
  `create index inbox_dead on inbox (id) where state = 'dead'`,
  `create index inbox_finished on inbox (finished_at) where finished_at is not null`,

  `create table journal (
     job_id bigint not null references inbox on delete cascade,
     step text not null,
     state text not null check (state in ('started', 'done')),
     sends integer not null default 0,
     value bytea,
     attachment bytea,
     primary key (job_id, step)
   )`,

  `create table breaker (
     provider text primary key,
     opened_at timestamptz not null default now(),
     probe_at timestamptz not null
   )`,

  `create table api_key (
     id bigint generated always as identity primary key,
     name text not null unique,
     prefix text not null unique,
     hash bytea not null,
     telegram_learners boolean not null default false,
     created_at timestamptz not null default now(),
     revoked_at timestamptz
   )`,

  `create table learner (
     id bigint generated always as identity primary key,
     telegram_id bigint unique,
     api_key_id bigint references api_key,
     external_id text,
     native_language text not null,
     level text not null default 'beginner',
     corrections_level text not null default 'balanced',
     style text not null default 'friendly',
     character text not null default 'honzik',
     voice_speed text not null default 'normal',
     time_zone text not null default 'Europe/Prague',
     total_stars integer not null default 0 check (total_stars >= 0),
     run_from date,
     run_to date,
     previous_run_from date,
     previous_run_to date,
     max_streak integer not null default 0,
     created_at timestamptz not null default now(),
     unique (api_key_id, external_id),
     check ((telegram_id is null) = (external_id is not null))
   )`,

  // A place in a day's plan. Places are numbered from 1, so that no number of parallel requests can
  // take more of them than the plan has.
  `create table quota_use (
     job_id bigint primary key,
     learner_id bigint not null references learner on delete cascade,
     day date not null,
     kind text not null check (kind in ('voice', 'text', 'unheard')),
     place integer not null,
     budget_day date,
     reserved_micro_usd bigint not null default 0,
     unique (learner_id, day, kind, place)
   )`,
  `create table budget_day (day date primary key, spent_micro_usd bigint not null default 0)`,

  `create table lesson (
     id bigint generated always as identity primary key,
     job_id bigint not null unique,
     learner_id bigint not null references learner on delete cascade,
     day date not null,
     kind text not null check (kind in ('voice', 'text')),
     said text not null,
     reply text not null,
     corrected_text text not null,
     suggestion text not null,
     new_words jsonb not null,
     score integer not null check (score between 0 and 100),
     words_total integer not null,
     words_correct integer not null,
     duration_seconds double precision not null,
     cost_micro_usd bigint not null,
     speech_cost_micro_usd bigint,
     stars_earned integer not null,
     bonus_stars integer not null,
     created_at timestamptz not null default now()
   )`,
  `create index lesson_learner on lesson (learner_id, id desc)`,
  `create index lesson_day on lesson (learner_id, day)`,

  `create table mistake (
     lesson_id bigint not null references lesson on delete cascade,
     position integer not null,
     original text not null,
     corrected text not null,
     category text not null,
     explanation_cs text not null,
     explanation_native text not null,
     primary key (lesson_id, position)
   )`,

  // Why each star was given, once: the total on the learner's row is their sum.
  `create table star_entry (
     learner_id bigint not null references learner on delete cascade,
     reason text not null,
     key text not null,
     stars integer not null,
     created_at timestamptz not null default now(),
     primary key (learner_id, reason, key)
   )`,
]
