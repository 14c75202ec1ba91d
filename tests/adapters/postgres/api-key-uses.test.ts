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
      (await listApiKeys(db)).find((apiKey) => apiKey.name === name)?.lessonsToday,
  }
}

describeDatabases('Lessons of an API key', (database) => {
  test('a key has as many lessons a day as its limit, and the same job counts once', async () => {
    const key = await openKey(database().db, 'two', { lessonsPerDay: 2 })
    const [firstJob, secondJob, thirdJob] = [
      await key.newJob(),
      await key.newJob(),
      await key.newJob(),
    ]
    for (const job of [firstJob, secondJob, firstJob, secondJob]) {
      expect(await key.reserve(job)).toBe('reserved')
      await key.takePlace(job)
    }
    expect(await key.reserve(thirdJob)).toBe('lessons-used-up')
    expect(await key.lessonsToday()).toBe(2)
    await key.inbox.finish(firstJob)
    expect(await key.reserve(thirdJob)).toBe('lessons-used-up')
  })

  test('a job that ends without a place in a plan no longer counts against its key', async () => {
    const key = await openKey(database().db, 'freed', { lessonsPerDay: 1 })
    const refusedJob = await key.newJob()
    expect(await key.reserve(refusedJob)).toBe('reserved')
    const nextJob = await key.newJob()
    expect(await key.reserve(nextJob)).toBe('lessons-used-up')
    await key.inbox.finish(refusedJob)
    expect(await key.reserve(nextJob)).toBe('reserved')
    await key.inbox.bury(nextJob, 'provider-failed: HTTP 500')
    expect(await key.lessonsToday()).toBe(0)
    expect(await key.reserve(await key.newJob())).toBe('reserved')
  })

  test('a key’s day is the UTC day on which the request was received', async () => {
    const key = await openKey(database().db, 'days', { lessonsPerDay: 1 })
    const jobReceivedAt = async (at: string) => ({
      ...(await key.newJob()),
      receivedAt: new Date(at),
    })
    const evening = await jobReceivedAt('2026-11-23T23:59:59Z')
    expect(await key.reserve(evening)).toBe('reserved')
    await key.takePlace(evening)
    expect(await key.reserve(await jobReceivedAt('2026-11-23T00:00:00Z'))).toBe('lessons-used-up')
    expect(await key.reserve(await jobReceivedAt('2026-11-24T00:00:00Z'))).toBe('reserved')
  })

  test('a key’s budget holds an estimate back for each running lesson, and then what it has cost: only that is used up', async () => {
    const key = await openKey(database().db, 'budget', { dailyBudgetMicroUsd: 70_000 })
    const [firstJob, secondJob, thirdJob] = [
      await key.newJob(),
      await key.newJob(),
      await key.newJob(),
    ]
    expect(await key.reserve(firstJob)).toBe('reserved')
    expect(await key.reserve(secondJob)).toBe('reserved')
    expect(await key.reserve(thirdJob)).toBe('budget-held-back')
    await key.pay(firstJob, 4_000)
    await key.pay(firstJob, 1_000)
    expect(await key.reserve(thirdJob)).toBe('budget-held-back')
    await key.inbox.finish(firstJob)
    expect(await key.reserve(thirdJob)).toBe('reserved')
    expect(await key.reserve(await key.newJob())).toBe('budget-held-back')
    await key.pay(thirdJob, 36_000)
    expect(await key.reserve(await key.newJob())).toBe('budget-used-up')
  })

  test('a lesson whose price is not known costs the estimate, and one that cost more what it cost', async () => {
    const key = await openKey(database().db, 'unpriced', { dailyBudgetMicroUsd: 120_000 })
    const [unpricedJob, dearJob, nextJob] = [
      await key.newJob(),
      await key.newJob(),
      await key.newJob(),
    ]
    for (const job of [unpricedJob, dearJob]) expect(await key.reserve(job)).toBe('reserved')
    await key.pay(unpricedJob, null)
    await key.inbox.finish(unpricedJob)
    await key.pay(dearJob, 61_000)
    await key.inbox.finish(dearJob)
    expect(await key.reserve(nextJob)).toBe('budget-used-up')
  })

  test('a failed lesson that was paid for counts against its key', async () => {
    const key = await openKey(database().db, 'failed', { lessonsPerDay: 1 })
    const failedJob = await key.newJob()
    expect(await key.reserve(failedJob)).toBe('reserved')
    await key.pay(failedJob, 1_000)
    await key.inbox.bury(failedJob, 'provider-failed: HTTP 500')
    expect(await key.reserve(await key.newJob())).toBe('lessons-used-up')
    expect(await key.lessonsToday()).toBe(1)
  })

  test('one key’s lessons do not count against another', async () => {
    const { db } = database()
    const [oneKey, otherKey] = [
      await openKey(db, 'one', { lessonsPerDay: 1 }),
      await openKey(db, 'other', { lessonsPerDay: 1 }),
    ]
    expect(await oneKey.reserve(await oneKey.newJob())).toBe('reserved')
    expect(await otherKey.reserve(await otherKey.newJob())).toBe('reserved')
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
    const secondLearner = await learners.forLimitedApiKey(id, 'second', { level: 'advanced' }, 2)
    expect(secondLearner).toMatchObject({ level: 'advanced', nativeLanguage: 'en' })
    expect(await learners.forLimitedApiKey(id, 'third', {}, 2)).toBeUndefined()
    expect(await learners.forLimitedApiKey(id, 'first', {}, 2)).toEqual(learner)
    expect(await learners.forLimitedApiKey(id, 'second', {}, 2)).toEqual(secondLearner)
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
