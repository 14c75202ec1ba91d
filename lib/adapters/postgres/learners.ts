import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { Tables } from '../../../db/tables.ts'
import { type Expectation, HINT } from '../../app/expectations.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { Choices, Learners } from '../../app/learner/learners.ts'
import type { Calendar } from '../../domain/learner/calendar.ts'
import {
  DEFAULT_SPEED,
  FIRST_STEPS_SPEED,
  type Level,
  type VoiceSpeed,
} from '../../domain/learner/learner.ts'
import { withDatabaseErrors } from './database-error.ts'
import { heldJob, requireLease } from './fence.ts'
import { CHOICE_COLUMNS, learnerOf } from './learner-rows.ts'

const FIELDS = Object.keys(CHOICE_COLUMNS) as (keyof Choices)[]

/** The learners in PostgreSQL; with a fence, changes are made only while the run owns its job. */
export function pgLearners(db: Kysely<Tables>, fence?: Fence): Learners {
  return { ...withDatabaseErrors(storeOf(db, fence)), under: (job) => pgLearners(db, job) }
}

function storeOf(db: Kysely<Tables>, fence: Fence | undefined): Omit<Learners, 'under'> {
  return {
    async findByTelegramId(telegramId) {
      const row = await db
        .selectFrom('learner')
        .selectAll()
        .where('telegram_id', '=', telegramId)
        .executeTakeFirst()
      return row && learnerOf(row)
    },

    async findSender(telegramId, { jobId, messageId, replyTo }) {
      const { rows } = await sql<LearnerRow & { expectations: Expectation[] }>`
        select learner.*, (
            select coalesce(jsonb_agg(jsonb_build_object(
              'messageId', message_id, 'kind', kind, 'about', about) order by message_id), '[]')
            from expectation
            where chat_id = ${telegramId} and learner_id = learner.id
              and (message_id = ${replyTo}::bigint or kind = ${HINT} and message_id < ${messageId}::bigint)
              and (answered_by = ${jobId} or answered_by is null and expires_at > now())
          ) as expectations
        from learner where telegram_id = ${telegramId}`.execute(db)
      const [row] = rows
      if (row === undefined) return undefined
      const { expectations } = row
      const expectation = expectations.find((question) => question.messageId === replyTo) ?? null
      const hints = expectations.filter(({ kind }) => kind === HINT)
      return { ...learnerOf(row), expectation, hints }
    },

    async findOfApiKey(apiKeyId, externalId) {
      const row = await db
        .selectFrom('learner')
        .selectAll()
        .where('api_key_id', '=', apiKeyId)
        .where('external_id', '=', externalId)
        .executeTakeFirst()
      return row && learnerOf(row)
    },

    async chooseNativeLanguage(telegramId, nativeLanguage) {
      const learner = newLearner(telegramId, nativeLanguage)
      const statement = sql`${learner} do update set native_language = excluded.native_language`
      return learnerOf(requireRow(await change(db, fence, statement)))
    },

    async findOrCreate(telegramId, nativeLanguage) {
      const learner = newLearner(telegramId, nativeLanguage)
      // An update that changes nothing: with `do nothing` a learner who exists would not be returned.
      const statement = sql`${learner} do update set telegram_id = excluded.telegram_id`
      return learnerOf(requireRow(await change(db, fence, statement)))
    },

    async choose(telegramId, choices) {
      const row = await change(
        db,
        fence,
        sql`
        update learner set ${sql.join(assignmentsOf(choices))}
        from mine where telegram_id = ${telegramId}`,
      )
      return row && learnerOf(row)
    },

    async changeCalendar(telegramId, changeOf) {
      for (;;) {
        const row = await findWithVersion(db, telegramId)
        const learner = row && learnerOf(row)
        const calendar = learner && changeOf(learner)
        if (!calendar) return learner
        const changedRow = await change(db, fence, calendarUpdate(calendar, row))
        // Otherwise another write has changed the learner in between.
        if (changedRow !== undefined) return learnerOf(changedRow)
      }
    },

    async change(id, { nativeLanguage, level }) {
      const row = await change(
        db,
        fence,
        sql`
        update learner set
          native_language = coalesce(${nativeLanguage ?? null}::text, native_language),
          level = coalesce(${level ?? null}::text, level),
          voice_speed = ${level === undefined ? sql`voice_speed` : speedWith(level)}
        from mine where learner.id = ${id}`,
      )
      return learnerOf(requireRow(row))
    },

    async forApiKey(apiKeyId, externalId, { nativeLanguage, level }) {
      // An update that changes nothing: with `do nothing` a learner who exists would not be returned.
      const { rows } = await sql<LearnerRow>`
        insert into learner (api_key_id, external_id, native_language, level, voice_speed)
        values (${apiKeyId}, ${externalId}, ${nativeLanguage ?? 'en'}, ${level ?? 'beginner'},
          ${defaultSpeed(level)})
        on conflict (api_key_id, external_id) do update set external_id = excluded.external_id
        returning *`.execute(db)
      return learnerOf(requireRow(rows[0]))
    },

    async forLimitedApiKey(apiKeyId, externalId, settings, maxLearners) {
      for (;;) {
        const { version, learners, existing } = await learnersOfKey(db, apiKeyId, externalId)
        if (existing) return learnerOf(existing)
        if (learners >= maxLearners) return undefined
        // Otherwise another learner was added since.
        const row = await addLearner(db, { apiKeyId, version, externalId, ...settings })
        if (row) return learnerOf(row)
      }
    },
  }
}

/** The beginning of a statement that inserts a learner on Telegram: what follows says what becomes of one who exists. */
function newLearner(telegramId: number, nativeLanguage: string): RawBuilder<unknown> {
  return sql`
    insert into learner (telegram_id, native_language)
    select ${telegramId}::bigint, ${nativeLanguage} from mine
    on conflict (telegram_id)`
}

/**
 * Carries out a change of one learner that joins `mine`, and returns the learner; undefined where there is none. With a fence, `mine`
 * is the run's job while the run owns it.
 */
async function change(
  db: Kysely<Tables>,
  fence: Fence | undefined,
  statement: RawBuilder<unknown>,
): Promise<LearnerRow | undefined> {
  const { rows } = await sql<LearnerRow | Record<keyof LearnerRow, null>>`
    with mine as (${fence === undefined ? sql`select` : heldJob(fence)}),
    changed as (${statement} returning learner.*)
    select changed.* from mine left join changed on true`.execute(db)
  if (fence !== undefined) requireLease(rows, fence)
  const [row] = rows
  return row === undefined || row.id === null ? undefined : row
}

/** A key's learners, and the one of them who has this id: in one view, or the last to be added might be missed. */
async function learnersOfKey(db: Kysely<Tables>, apiKeyId: number, externalId: string) {
  const { rows } = await sql<KeyRow & (LearnerRow | Record<keyof LearnerRow, null>)>`
    select version, (select count(*)::integer from learner where api_key_id = ${apiKeyId}) as learners,
      learner.*
    from api_key
      left join learner on api_key_id = api_key.id and external_id = ${externalId}
    where api_key.id = ${apiKeyId}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error(`There is no API key ${apiKeyId}.`)
  const { version, learners } = row
  return { version, learners, existing: row.id === null ? undefined : row }
}

type KeyRow = { version: number; learners: number }

/** Adds a learner while the key still has this version, so that parallel requests stay within its limit. */
async function addLearner(
  db: Kysely<Tables>,
  learner: {
    apiKeyId: number
    version: number
    externalId: string
    nativeLanguage?: string | undefined
    level?: Level | undefined
  },
): Promise<LearnerRow | undefined> {
  const { apiKeyId, version, externalId, nativeLanguage, level } = learner
  const { rows } = await sql<LearnerRow>`
    with changed as (
      update api_key set version = version + 1
      where id = ${apiKeyId} and version = ${version}::bigint returning id
    )
    insert into learner (api_key_id, external_id, native_language, level, voice_speed)
    select id, ${externalId}, ${nativeLanguage ?? 'en'}, ${level ?? 'beginner'}, ${defaultSpeed(level)}
    from changed
    on conflict do nothing returning *`.execute(db)
  return rows[0]
}

/** How fast a learner hears speech who has chosen no speed. */
function defaultSpeed(level: Level | undefined): VoiceSpeed {
  return level === 'first_steps' ? FIRST_STEPS_SPEED : DEFAULT_SPEED
}

/** The speed once the level is set: the old level's default becomes the new one's, and a speed of choice stays. */
function speedWith(level: Level) {
  return sql<string>`case
    when voice_speed = case when level = 'first_steps' then ${FIRST_STEPS_SPEED} else ${DEFAULT_SPEED} end
      then ${defaultSpeed(level)}
    else voice_speed end`
}

function assignmentsOf(choices: Choices): RawBuilder<unknown>[] {
  const assignments = FIELDS.filter((field) => choices[field] !== undefined).map(
    (field): RawBuilder<unknown> => sql`${sql.ref(CHOICE_COLUMNS[field])} = ${choices[field]}`,
  )
  const { level, voiceSpeed } = choices
  if (level !== undefined && voiceSpeed === undefined) {
    assignments.push(sql`voice_speed = ${speedWith(level)}`)
  }
  // An update that changes nothing: the learner is returned all the same.
  return assignments.length > 0 ? assignments : [sql`native_language = native_language`]
}

type VersionedRow = LearnerRow & { version: string }

async function findWithVersion(
  db: Kysely<Tables>,
  telegramId: number,
): Promise<VersionedRow | undefined> {
  const { rows } = await sql<VersionedRow>`
    select learner.*, xmin::text as version from learner where telegram_id = ${telegramId}`.execute(
    db,
  )
  return rows[0]
}

/** Changes the calendar of a learner whose row is still of this version. */
function calendarUpdate(
  { timeZone, zoneChange }: Calendar,
  { id, version }: VersionedRow,
): RawBuilder<unknown> {
  return sql`
    update learner set time_zone = ${timeZone}, time_zone_changed_at = ${zoneChange?.at ?? null}::timestamptz,
      time_zone_day = ${zoneChange?.day ?? null}::date,
      time_zone_day_ends_at = ${zoneChange?.dayEndsAt ?? null}::timestamptz,
      skipped_day = ${zoneChange?.skippedDay ?? null}::date
    from mine where learner.id = ${id} and learner.xmin::text = ${version}`
}

function requireRow(row: LearnerRow | undefined): LearnerRow {
  if (row === undefined) throw new Error('There is no such learner.')
  return row
}
