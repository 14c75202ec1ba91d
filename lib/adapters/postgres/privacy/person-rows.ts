import { type RawBuilder, sql } from 'kysely'

/** A person as their rows name them. */
export type PersonIds = { learnerId: number | null; telegramId: number | null }

/** The condition on a table's rows that they are a person's. */
export type RowsOf = (person: PersonIds) => RawBuilder<unknown>

/** Of a table with the learner's id. */
export const ofLearner: RowsOf = ({ learnerId }) => sql`learner_id = ${learnerId}::bigint`

/** Of the learners themselves. */
export const learnerItself: RowsOf = ({ learnerId }) => sql`id = ${learnerId}::bigint`

/** Of a table with a lesson's id. */
export const ofLessons: RowsOf = ({ learnerId }) =>
  sql`lesson_id in (select id from lesson where learner_id = ${learnerId}::bigint)`

/** Of a table with a chat's id: a private chat has the id of its person. */
export const ofChat: RowsOf = ({ telegramId }) => sql`chat_id = ${telegramId}::bigint`

/** Lanes that are named by a Telegram id; any other kind with a number is named by a learner's. */
const TELEGRAM_LANES = '(chat|tap|pay)'

/** Jobs that a person or their lessons have brought about. */
export const ownJobs: RowsOf = ({ learnerId, telegramId }) => sql`(
  learner_id = ${learnerId}::bigint or chat_id = ${telegramId}::bigint
  or lane ~ ('^(full:)?' || ${TELEGRAM_LANES} || ':' || ${telegramId}::bigint || '$')
  or lane ~ ('^(full:)?(?!' || ${TELEGRAM_LANES} || ':)[a-z]+:' || ${learnerId}::bigint || '$')
  -- In a group, and of kinds that name no chat.
  or (state = 'waiting' and (lane ~ '^(full:)?chat:-' or lane = 'other') and ${namesPerson(telegramId)}))`

/** Of a table with the id of a job. */
export const ofOwnJobs: RowsOf = (person) =>
  sql`job_id in (select id from inbox where ${ownJobs(person)})`

/** Failed jobs that name a person, those of other senders among them: poison, and what was forwarded. */
export const failedJobsNaming: RowsOf = ({ telegramId }) =>
  sql`(state in ('dead', 'poison') and ${namesPerson(telegramId)})`

/** The number stands alone in the bytes, as in JSON; behind other letters the escaped form has three digits of a byte. */
function namesPerson(telegramId: number | null): RawBuilder<unknown> {
  return sql`encode(payload, 'escape')
    ~ ('(^|[^0-9]|\\\\[0-7]{3})' || ${telegramId}::bigint || '([^0-9]|$)')`
}
