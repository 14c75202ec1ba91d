import { type RawBuilder, sql } from 'kysely'
import type { SampleRow } from '../../../db/tables/operation.ts'
import type { Sample } from '../../app/measures.ts'

/**
 * A common table expression, with a comma before it, that stores what a run has measured where `endedJob`, an expression, has a row;
 * nothing where nothing was measured.
 */
export function measuring(
  samples: readonly Sample[],
  endedJob: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (samples.length === 0) return sql``
  return sql`, measured as (
      insert into measurement (samples) select ${JSON.stringify(samples.map(rowOf))}::jsonb from ${endedJob}
    )`
}

function rowOf({ name, labels, le, value, sumMs }: Sample): SampleRow {
  return {
    name,
    labels,
    // JSON has no infinity: a bucket without a bound is one without `le`.
    ...(le !== undefined && le !== Number.POSITIVE_INFINITY && { le }),
    value,
    ...(sumMs !== undefined && { sum_ms: sumMs }),
  }
}

/**
 * A query of what is measured in rows of `measurement`, one of them a `source`: at, name, labels, le, value, sum_ms.
 */
export function samplesOf(source: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select at, name, labels, coalesce(le, 'infinity') as le, value, coalesce(sum_ms, 0) as sum_ms
    from ${source} as source, jsonb_to_recordset(samples)
      as sample (name text, labels jsonb, le double precision, value bigint, sum_ms bigint)`
}
