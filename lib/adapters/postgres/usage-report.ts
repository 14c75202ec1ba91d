import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'

/** What the ledger can be summed up by. */
export const USAGE_GROUPS = ['day', 'stage', 'model', 'learner', 'key'] as const
export type UsageGroup = (typeof USAGE_GROUPS)[number]

export type UsageSum = {
  /** A day, a stage, a model, a learner's id or a key's name; empty for calls of none. */
  group: string
  calls: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  audioInSeconds: number
  audioOutSeconds: number
  characters: number
  microUsd: number
  /** Calls of models without a known price: they cost nothing here. */
  unpricedCalls: number
}

const GROUPS: Readonly<Record<UsageGroup, RawBuilder<unknown>>> = {
  day: sql`usage.day::text`,
  stage: sql`stage`,
  model: sql`model`,
  learner: sql`coalesce(usage.learner_id::text, '')`,
  key: sql`coalesce(api_key.name, '')`,
}

/** Sums the ledger up over the last so many UTC days, today among them; days in order, all else by what it cost. */
export async function usageReport(
  db: Kysely<Tables>,
  { days, by }: { days: number; by: UsageGroup },
): Promise<UsageSum[]> {
  const order = by === 'day' ? sql`"group"` : sql`"microUsd" desc, "group"`
  const { rows } = await sql<UsageSum>`
    select ${GROUPS[by]} as "group", count(*)::integer as calls,
      coalesce(sum(input_tokens), 0)::float8 as "inputTokens",
      coalesce(sum(cached_tokens), 0)::float8 as "cachedTokens",
      coalesce(sum(output_tokens), 0)::float8 as "outputTokens",
      coalesce(sum(audio_in_seconds), 0)::float8 as "audioInSeconds",
      coalesce(sum(audio_out_seconds), 0)::float8 as "audioOutSeconds",
      coalesce(sum(characters), 0)::float8 as characters,
      coalesce(sum(micro_usd), 0)::float8 as "microUsd",
      count(*) filter (where micro_usd is null)::integer as "unpricedCalls"
    from usage left join api_key on api_key.id = api_key_id
    where usage.day > (now() at time zone 'UTC')::date - ${days}::integer
    group by 1 order by ${order}`.execute(db)
  return rows
}
