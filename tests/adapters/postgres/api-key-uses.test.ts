import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { pgApiKeyUses } from '../../../lib/adapters/postgres/api-key-uses.ts'
import { createApiKey, listApiKeys, pgApiKeys } from '../../../lib/adapters/postgres/api-keys.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { pgQuota } from '../../../lib/adapters/postgres/quota.ts'
import type { KeyLimits } from '../../../lib/app/api-keys.ts'
import type { Job } from '../../../lib/app/jobs/job.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'

type Db = Parameters<typeof pgInbox>[0]

/** A key with limits, and its jobs. */
async function openKey(db: Db, name: string, limits: Partial<KeyLimits>) {
  const secret = await createApiKey(db, { name, telegramLearners: false, limits })
  const key = await pgApiKeys(db).authenticate(secret)
  if (key === undefined) throw new Error('A new key authenticates.')
  const inbox = pgInbox(db, { leaseSeconds: 20 })
  const learner = await pgLearners(db).forApiKey(key.id, 'first', {})
  let jobs = 0
  return {
    id: key.id,
    learner,
    inbox,
    /** A claimed job of the key, each in a lane of its own. */
    async newJob(): Promise<Job> {
      jobs += 1
      const lane = `learner:${key.id}-${jobs}`
      const source = `api:${key.id}` as const
      const fields = { slots: 'lesson', learnerId: learner.id, payload: new Uint8Array() } as const
      await inbox.add({ source, key: `k${jobs}`, lane, ...fields })
      const claim = await inbox.claim(lane, 'lesson')
      if (claim.kind !== 'claimed') throw new Error('A new job can be claimed.')
      return claim.job
    },
    reserve: (job: Job) =>
      pgApiKeyUses(db).reserve(job, key.id, {
        lessonsPerDay: limits.lessonsPerDay ?? null,
        dailyBudgetMicroUsd: limits.dailyBudgetMicroUsd ?? null,
      }),
    /** Adds a row of the ledger, on the day that the job was received on. */
    pay: (job: Job, microUsd: number | null) =>
      db
        .insertInto('usage')
        .values({
          job_id: job.id,
          learner_id: learner.id,
          api_key_id: key.id,
          day: job.receivedAt.toISOString().slice(0, 10),
          step: 'reply',
          stage: 'reply',
          vendor: 'api.openai.com',
          model: 'gpt',
          micro_usd: microUsd,
          is_estimate: microUsd === null,
        })
        .execute(),
    /** Takes a place in the learner's plan, as every lesson does that goes on to pay. */
    takePlace: (job: Job, day = '2026-11-23') =>
      pgQuota(db, { plan: { voice: 99, text: 99 }, dailyBudgetUsd: undefined }).reserve(job, {
        learnerId: learner.id,
        day,
        kind: 'text',
      }),
    lessonsToday: async () =>
      (await listApiKeys(db)).find((each) => each.name === name)?.lessonsToday,
  }
}

describeDatabases('Lessons of an API key', (database) => {
  test('a key has as many lessons a day as its limit, and the same job counts once', async () => {
    const key = await openKey(database().db, 'two', { lessonsPerDay: 2 })
    const [first, second, third] = [await key.newJob(), await key.newJob(), await key.newJob()]
    for (const job of [first, second, first, second]) {
      expect(await key.reserve(job)).toBe('reserved')
      await key.takePlace(job)
    }
    expect(await key.reserve(third)).toBe('lessons-used-up')
    expect(await key.lessonsToday()).toBe(2)
    await key.inbox.finish(first)
    expect(await key.reserve(third)).toBe('lessons-used-up')
  })

  test('a job that ends without a place in a plan no longer counts against its key', async () => {
    const key = await openKey(database().db, 'freed', { lessonsPerDay: 1 })
    const refused = await key.newJob()
    expect(await key.reserve(refused)).toBe('reserved')
    const next = await key.newJob()
    expect(await key.reserve(next)).toBe('lessons-used-up')
    await key.inbox.finish(refused)
    expect(await key.reserve(next)).toBe('reserved')
    await key.inbox.bury(next, 'provider-failed: HTTP 500')
    expect(await key.lessonsToday()).toBe(0)
    expect(await key.reserve(await key.newJob())).toBe('reserved')
  })

  test('a key’s day is the UTC day on which the request was received', async () => {
    const key = await openKey(database().db, 'days', { lessonsPerDay: 1 })
    const received = async (at: string) => ({ ...(await key.newJob()), receivedAt: new Date(at) })
    const evening = await received('2026-11-23T23:59:59Z')
    expect(await key.reserve(evening)).toBe('reserved')
    await key.takePlace(evening)
    expect(await key.reserve(await received('2026-11-23T00:00:00Z'))).toBe('lessons-used-up')
    expect(await key.reserve(await received('2026-11-24T00:00:00Z'))).toBe('reserved')
  })

  test('a key’s budget holds an estimate back for each running lesson, and then what it has cost', async () => {
    const key = await openKey(database().db, 'budget', { dailyBudgetMicroUsd: 70_000 })
    const [first, second, third] = [await key.newJob(), await key.newJob(), await key.newJob()]
    expect(await key.reserve(first)).toBe('reserved')
    expect(await key.reserve(second)).toBe('reserved')
    expect(await key.reserve(third)).toBe('budget-used-up')
    await key.pay(first, 4_000)
    await key.pay(first, 1_000)
    expect(await key.reserve(third)).toBe('budget-used-up')
    await key.inbox.finish(first)
    expect(await key.reserve(third)).toBe('reserved')
    expect(await key.reserve(await key.newJob())).toBe('budget-used-up')
  })

  test('a lesson whose price is not known costs the estimate, and one that cost more what it cost', async () => {
    const key = await openKey(database().db, 'unpriced', { dailyBudgetMicroUsd: 120_000 })
    const [unpriced, dear, next] = [await key.newJob(), await key.newJob(), await key.newJob()]
    for (const job of [unpriced, dear]) expect(await key.reserve(job)).toBe('reserved')
    await key.pay(unpriced, null)
    await key.inbox.finish(unpriced)
    await key.pay(dear, 61_000)
    await key.inbox.finish(dear)
    expect(await key.reserve(next)).toBe('budget-used-up')
  })

  test('a failed lesson that was paid for counts against its key', async () => {
    const key = await openKey(database().db, 'failed', { lessonsPerDay: 1 })
    const failed = await key.newJob()
    expect(await key.reserve(failed)).toBe('reserved')
    await key.pay(failed, 1_000)
    await key.inbox.bury(failed, 'provider-failed: HTTP 500')
    expect(await key.reserve(await key.newJob())).toBe('lessons-used-up')
    expect(await key.lessonsToday()).toBe(1)
  })

  test('one key’s lessons do not count against another', async () => {
    const { db } = database()
    const [one, other] = [
      await openKey(db, 'one', { lessonsPerDay: 1 }),
      await openKey(db, 'other', { lessonsPerDay: 1 }),
    ]
    expect(await one.reserve(await one.newJob())).toBe('reserved')
    expect(await other.reserve(await other.newJob())).toBe('reserved')
  })

  test('a run that has lost its job reserves nothing', async () => {
    const { db } = database()
    const key = await openKey(db, 'lost', { lessonsPerDay: 1 })
    const job = await key.newJob()
    await sql`update inbox set lease_token = gen_random_uuid() where id = ${job.id}`.execute(db)
    await expect(key.reserve(job)).rejects.toMatchObject({ code: 'lease-lost' })
    expect(await key.reserve(await key.newJob())).toBe('reserved')
  })

  test('a key with a limit of learners takes those it has, and no others', async () => {
    const { db } = database()
    const { id, learner } = await openKey(db, 'class', { learners: 2 })
    const learners = pgLearners(db)
    const second = await learners.forLimitedApiKey(id, 'second', { level: 'advanced' }, 2)
    expect(second).toMatchObject({ level: 'advanced', nativeLanguage: 'en' })
    expect(await learners.forLimitedApiKey(id, 'third', {}, 2)).toBeUndefined()
    expect(await learners.forLimitedApiKey(id, 'first', {}, 2)).toEqual(learner)
    expect(await learners.forLimitedApiKey(id, 'second', {}, 2)).toEqual(second)
  })
})

describePostgres('Many requests of one API key at once', (database) => {
  test('twenty lessons at once take no more than the key’s limit', async () => {
    const key = await openKey(database().db, 'crowd', { lessonsPerDay: 7 })
    const jobs: Job[] = []
    for (let count = 0; count < 20; count += 1) jobs.push(await key.newJob())
    const reservations = await Promise.all(jobs.map((job) => key.reserve(job)))
    expect(reservations.filter((reservation) => reservation === 'reserved')).toHaveLength(7)
  })

  test('twenty lessons at once hold no more back than the key’s budget', async () => {
    const key = await openKey(database().db, 'spenders', { dailyBudgetMicroUsd: 100_000 })
    const jobs: Job[] = []
    for (let count = 0; count < 20; count += 1) jobs.push(await key.newJob())
    const reservations = await Promise.all(jobs.map((job) => key.reserve(job)))
    expect(reservations.filter((reservation) => reservation === 'reserved')).toHaveLength(3)
  })

  test('twenty new learners at once are no more than the key’s limit, and the same one twice is one', async () => {
    const { db } = database()
    const { id } = await openKey(db, 'school', { learners: 7 })
    const names = Array.from({ length: 20 }, (_, at) => `learner ${Math.floor(at / 2)}`)
    const learners = await Promise.all(
      names.map((name) => pgLearners(db).forLimitedApiKey(id, name, {}, 7)),
    )
    const { rows } = await sql`select id from learner where api_key_id = ${id}`.execute(db)
    expect(rows).toHaveLength(7)
    const ids = learners.flatMap((learner) => learner?.id ?? [])
    expect(new Set(ids).size).toBe(6)
    for (const [at, learner] of learners.entries()) {
      const twin = learners[at % 2 === 0 ? at + 1 : at - 1]
      expect(learner?.id).toBe(twin?.id)
    }
  })
})
