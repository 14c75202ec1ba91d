import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/** A done job and its place in the day are kept for 25 hours. */
const notPruned = `(lesson.created_at > now() - interval '25 hours') is not false`

/**
 * What must be true of the database when no job is under way or waits: a query each, whose rows are
 * violations. A new table that counts something gets a row here.
 */
const INVARIANTS: readonly { fact: string; violations: string }[] = [
  {
    fact: 'no job waits',
    violations: `select id, lane, attempts, last_error from inbox where state = 'waiting'`,
  },
  {
    fact: 'a lesson belongs to a job that has ended',
    violations: `select lesson.id from lesson left join inbox on inbox.id = lesson.job_id
      where ${notPruned} and (inbox.id is null or inbox.state not in ('done', 'dead'))`,
  },
  {
    fact: "a learner's stars are the sum of what they were given for",
    violations: `select learner.id, total_stars, sum(stars) from learner
      left join star_entry on star_entry.learner_id = learner.id
      group by learner.id having total_stars <> coalesce(sum(stars), 0)`,
  },
  {
    fact: 'a lesson is given its stars once',
    violations: `select lesson.id from lesson
      left join star_entry on reason = 'lesson' and key = lesson.job_id::text
      where coalesce(star_entry.stars, 0) <> lesson.stars_earned or withdrawn_at is null and star_entry.stars is null`,
  },
  {
    fact: "a day's challenge is rewarded once, where there is a fifth lesson",
    violations: `select learner_id, day, count(*), sum(bonus_stars) from lesson
      group by learner_id, day
      having sum(bonus_stars)
        <> case when count(*) filter (where withdrawn_at is null) >= 5 then 5 else 0 end`,
  },
  {
    fact: 'a lesson has its place in the day, and a place its lesson',
    violations: `select lesson.id, quota_use.job_id from lesson
      full join quota_use on quota_use.job_id = lesson.job_id
      where (coalesce(quota_use.kind, '') not in ('unheard', 'aside', 'memory') or lesson.id is not null) and ${notPruned}
        and (lesson.id is null or quota_use.job_id is null or quota_use.day <> lesson.day
          -- What a retake said may be of the other kind.
          or quota_use.kind <> lesson.kind and withdrawn_at is null and retake_job_id is null
          or quota_use.kind <> 'unheard' and withdrawn_at is not null)`,
  },
  {
    // A failed job of the lesson API runs again when its client asks again, even after later jobs of its lane.
    fact: "a chat's lessons are recorded in the order of their jobs",
    violations: `select id, job_id from (
        select lesson.id, job_id,
          lag(job_id) over (partition by lane order by lesson.id) as before
        from lesson join inbox on inbox.id = lesson.job_id and source like 'tg:%') as lessons
      where before > job_id`,
  },
  {
    fact: 'a streak is one run of days up to its last lesson',
    violations: `select learner.id from learner
      left join (select learner_id, max(day) as last, min(day) as first from lesson
          where withdrawn_at is null group by learner_id)
        as days on days.learner_id = learner.id
      where run_to is distinct from last or run_from < first or max_streak < run_to - run_from + 1`,
  },
  {
    fact: 'the journal of a finished job is deleted, except an answer that may be asked for again and speech that is held back',
    violations: `select job_id, step from journal join inbox on inbox.id = journal.job_id
      where inbox.state = 'done' and step not in ('answer', 'held')`,
  },
  {
    fact: 'speech is held back only behind a hint that nothing has answered',
    violations: `select job_id from journal join inbox on inbox.id = journal.job_id
      where inbox.state = 'done' and step = 'held' and not exists (select from expectation
        where kind = 'hint' and about = job_id::text and answered_by is null)`,
  },
  {
    fact: 'nothing is remembered where memory is off, and nothing of a lesson that is none any more',
    violations: `select fact.id, remembers, withdrawn_at from fact
      join learner on learner.id = fact.learner_id join lesson on lesson.id = fact.lesson_id
      where not remembers or withdrawn_at is not null`,
  },
  {
    fact: 'the budget is charged with what was paid, and with what it holds back',
    violations: `select day, spent_micro_usd, paid, held
      from (select day, sum(micro_usd) as paid from usage where micro_usd > 0 group by day) as ledger
      full join budget_day using (day)
      full join (select budget_day as day, sum(reserved_micro_usd) as held from quota_use
        where reserved_micro_usd <> 0 group by budget_day) as holds using (day)
      where coalesce(spent_micro_usd, 0) <> coalesce(paid, 0) + coalesce(held, 0)`,
  },
  {
    fact: 'nothing is held back for a job that has ended',
    violations: `select quota_use.job_id, reserved_micro_usd from quota_use
      left join inbox on inbox.id = quota_use.job_id
      where reserved_micro_usd <> 0 and inbox.state is distinct from 'waiting'
        and not exists (select from usage
          where usage.job_id = quota_use.job_id and micro_usd is null)`,
  },
  {
    fact: 'a lesson was paid for, and costs the sum of what its job was charged',
    violations: `select lesson.id, cost_micro_usd, speech_cost_micro_usd, paid from lesson
      join lateral (select sum(micro_usd) as paid, count(*) as charges from usage
        where usage.job_id = lesson.job_id) as ledger on true
      join inbox on inbox.id = lesson.job_id and inbox.state in ('done', 'dead')
      where charges = 0 or cost_micro_usd + coalesce(speech_cost_micro_usd, 0) <> coalesce(paid, 0)`,
  },
  {
    fact: 'no learner has more messages without a lesson than were paid for',
    violations: `select learner_id, day, count(*) from quota_use
      where kind = 'unheard' and job_id is not null
        and not exists (select from usage where usage.job_id = quota_use.job_id)
      group by learner_id, day`,
  },
]

/** The invariants that do not hold, with the rows that say so. Empty where all is well. */
export async function violatedInvariants(db: Kysely<Tables>): Promise<string[]> {
  const answers = await Promise.all(
    INVARIANTS.map(async ({ fact, violations }) => {
      const { rows } = await sql.raw(violations).execute(db)
      return rows.length === 0
        ? []
        : [`not so: ${fact}: ${rows.length} rows, ${JSON.stringify(rows.slice(0, 5))}`]
    }),
  )
  return answers.flat()
}

/** The secrets that a text holds, by the names of their variables; also what has the form of a bot's URL. */
export function secretsIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const matches = Object.entries(secrets).filter(([, value]) => text.includes(value))
  return [...matches.map(([name]) => name), ...(/bot\d+:[\w-]{8,}/.test(text) ? ['a bot URL'] : [])]
}
