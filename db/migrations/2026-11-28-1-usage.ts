import { type Kysely, sql } from 'kysely'

/** The ledger of what is paid, and places that outlast their jobs. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of changed) await sql.raw(statement).execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of undone) await sql.raw(statement).execute(db)
}

const changed = [
  // A paid call. It outlives its job and its learner: money that was paid stays paid.
  `create table usage (
     id bigint generated always as identity primary key,
     job_id bigint not null,
     learner_id bigint references learner on delete set null,
     api_key_id bigint references api_key,
     -- The UTC day whose budget it counts against.
     day date not null,
     at timestamptz not null default now(),
     step text not null,
     stage text not null,
     vendor text not null,
     model text not null,
     input_tokens integer,
     cached_tokens integer,
     output_tokens integer,
     audio_in_seconds double precision,
     audio_out_seconds double precision,
     characters integer,
     -- Null where the model's price is not known.
     micro_usd bigint,
     is_estimate boolean not null
   )`,
  `create index usage_job on usage (job_id)`,
  `create index usage_day on usage (day)`,
  `create index usage_learner on usage (learner_id, day)`,
  `create index usage_api_key on usage (api_key_id, day) where api_key_id is not null`,

  // A job that paid and failed, and is asked again, takes a place anew: the one that it paid for stays without a job.
  `alter table quota_use drop constraint quota_use_pkey`,
  `alter table quota_use alter column job_id drop not null`,
  `alter table quota_use add constraint quota_use_job_id_key unique (job_id)`,
]

const undone = [
  `delete from quota_use where job_id is null`,
  `alter table quota_use drop constraint quota_use_job_id_key`,
  `alter table quota_use add primary key (job_id)`,
  `drop table usage`,
]
