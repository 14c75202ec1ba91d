import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { pgLearners } from '../../lib/adapters/postgres/learners.ts'
import { recordings } from '../../scripts/studio/openai/transcription.ts'
import { countPaidCalls } from '../rigs/paid-calls.ts'
import { FAULTS, SILENCE } from '../rigs/postgres/faults.ts'
import type { Statement } from '../rigs/postgres/link.ts'
import { openPostgresRelay } from '../rigs/postgres/relay.ts'
import { dryRun, runFault } from '../rigs/postgres/run.ts'
import { SCENARIOS } from '../rigs/postgres/scenarios.ts'
import { openPostgresWorld, type PostgresWorld } from '../rigs/postgres/world.ts'
import { openWorld } from '../rigs/world.ts'
import { describePostgres } from '../support/databases.ts'

const UNHURRIED = { timeout: 60_000, interval: 10 }
const [NOTE] = await recordings()
const voiceNote = NOTE?.bytes ?? new Uint8Array()

describePostgres('PostgreSQL', () => {
  let world: PostgresWorld
  beforeAll(async () => {
    world = await openPostgresWorld()
  })
  afterEach(() => {
    world.relay.decide()
    world.relay.open()
  })
  afterAll(() => world.stop())

  /** Restarts the product; `begin` lets a learner, who has chosen a language, send a voice note. */
  async function beginLesson(env: NodeJS.Dict<string> = {}) {
    await world.restart(env)
    const id = world.newId()
    await pgLearners(world.db).chooseNativeLanguage(id, 'en')
    const begin = () =>
      world.telegram.learner({ id, first_name: 'Anna' }).sendsVoice(voiceNote, { duration: 4 })
    const jobs = () =>
      world.db
        .selectFrom('inbox')
        .select(['state', 'attempts', 'duplicates_possible', 'lease_until'])
        .where('lane', '=', `chat:${id}`)
        .execute()
    const voices = () =>
      world.telegram
        .chat(id)
        .messages.filter(({ file, author }) => file !== null && author === 'bot')
    return { begin, jobs, voices }
  }

  test('restarts in the middle of a lesson: the same process goes on, and no attempt is lost', async () => {
    const { begin, jobs, voices } = await beginLesson()
    const requestsBefore = world.openai.requests.length
    let restarts = 0
    world.relay.decide((statement) => {
      if (restarts > 0 || !isStoringStep(statement, 'reply')) return { kind: 'passed' }
      restarts += 1
      world.relay.close(3, '57P03')
      world.relay.cutAll('57P01')
      return { kind: 'passed' }
    })
    begin()
    await world.telegram.settled()
    await world.deps().idle()
    expect(restarts).toBe(1)
    // No sweep has run since, so that no lapsed lease was taken over.
    expect(await jobs()).toMatchObject([{ state: 'done', attempts: 1 }])
    expect(voices()).toHaveLength(1)
    const callCounts = Object.values(countPaidCalls(world.openai.requests.slice(requestsBefore)))
    expect(callCounts.reduce((sum, times) => sum + times, 0)).toBeLessThanOrEqual(5)
    expect(world.logged().join('')).not.toContain('unhandled_exception')
  })

  test('is read-only for longer than a job has attempts: the job waits, and no learner gets an apology', async () => {
    const failover = FAULTS.find(({ name }) => name === 'all is read-only from it on')
    const scenario = SCENARIOS.find(({ name }) => name === 'voice lesson')
    if (failover === undefined || scenario === undefined)
      return expect.fail('The tables have changed.')
    const points = await dryRun(world, scenario)
    const point = points.find(({ step }) => step === 'transcribe')
    if (point === undefined) return expect.fail('No step is stored.')
    const { violations, wasStruck, found } = await runFault(world, scenario, failover, point)
    expect(violations).toEqual([])
    expect(wasStruck).toBe(true)
    expect(found.jobs).toMatchObject([{ state: 'done', attempts: 2 }])
    expect(world.logged().join('')).not.toMatch(/unhandled_exception|job_dead/)
  })

  test('is slow: the lease is renewed while a statement waits, and nothing is done twice', async () => {
    const { begin, jobs, voices } = await beginLesson({ LEASE_SECONDS: '1' })
    const release = Promise.withResolvers<void>()
    let isHeld = false
    let renewals = 0
    world.relay.decide((statement) => {
      if (isHeld && /^update inbox set lease_until/.test(statement.sql)) renewals += 1
      // For longer than the lease: four renewals are a lease's time.
      if (renewals === 6) release.resolve()
      if (isHeld || !isStoringStep(statement, 'transcribe')) return { kind: 'passed' }
      isHeld = true
      return { kind: 'held', until: release.promise }
    })
    begin()
    await vi.waitFor(() => expect(renewals).toBeGreaterThanOrEqual(4), UNHURRIED)
    await world.deps().sweep()
    await world.telegram.settled()
    await world.deps().idle()
    expect(await jobs()).toMatchObject([{ state: 'done', attempts: 1, duplicates_possible: 0 }])
    expect(voices()).toHaveLength(1)
  })

  test('has ten connections for fifty requests at once: those wait for their turn', async () => {
    await world.restart()
    const release = Promise.withResolvers<void>()
    let heldCount = 0
    world.relay.decide(() => {
      heldCount += 1
      return { kind: 'held', until: release.promise }
    })
    const answers = Array.from({ length: 50 }, () => world.ask('/health'))
    await vi.waitFor(() => expect(heldCount).toBe(10), UNHURRIED)
    release.resolve()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses).toEqual(Array(50).fill(200))
  })

  test('gives three connections and refuses more: every request is answered, and every update kept', async () => {
    await world.restart()
    const people = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const id = world.newId()
        await pgLearners(world.db).chooseNativeLanguage(id, 'en')
        return id
      }),
    )
    const postsBefore = world.telegram.attempts.length
    world.relay.limit(3)
    for (const id of people) world.telegram.learner({ id, first_name: 'Anna' }).says('/help')
    await vi.waitFor(() => {
      const posts = world.telegram.attempts.slice(postsBefore)
      expect(posts.some(({ outcome }) => outcome?.ok === false)).toBe(true)
    }, UNHURRIED)
    world.relay.limit()
    await world.telegram.settled()
    const posts = world.telegram.attempts.slice(postsBefore)
    const refusals = posts.flatMap(({ outcome }) =>
      outcome === null || outcome.ok ? [] : [outcome],
    )
    expect(refusals.every(({ status }) => status === 503)).toBe(true)
    await vi.waitFor(async () => {
      await world.deps().sweep()
      await world.deps().idle()
      for (const id of people) expect(world.telegram.chat(id).messages).toHaveLength(2)
    }, UNHURRIED)
  })
})

describePostgres('A PostgreSQL that never answers', () => {
  let world: PostgresWorld
  beforeAll(async () => {
    world = await openPostgresWorld({ queryTimeoutMs: 700 })
  })
  afterAll(() => world.stop())

  const silences: [scenario: string, at: RegExp][] = [
    ['voice lesson', /^insert inbox/],
    ['voice lesson', /^insert usage.* transcribe/],
    ['voice lesson', /^update learner, insert lesson/],
    ['API lesson', /^update inbox #1/],
    ['health', /^read kysely_migration/],
  ]
  test.each(silences)('is given up, and nothing is lost or doubled: %s, %s', async (name, at) => {
    const scenario = SCENARIOS.find((candidate) => candidate.name === name)
    if (scenario === undefined) return expect.fail(`There is no ${name}.`)
    const point = (await dryRun(world, scenario)).find((candidate) => at.test(candidate.name))
    if (point === undefined) return expect.fail(`There is no ${at}.`)
    const run = await runFault(world, scenario, SILENCE, point)
    expect(run.violations).toEqual([])
    expect(run.wasStruck).toBe(true)
  })

  test('keeps no request waiting for ever: fifty are refused, and the next one is answered', async () => {
    await world.restart()
    world.relay.decide(() => ({ kind: 'held', until: new Promise(() => {}) }))
    const answers = Array.from({ length: 50 }, () => world.ask('/health'))
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([503]))
    world.relay.decide()
    expect((await world.ask('/health')).status).toBe(200)
  })
})

describePostgres('npm start without a PostgreSQL', () => {
  test('starts, refuses what it cannot keep, and works as soon as there is one', async () => {
    const world = await openWorld()
    const relay = await openPostgresRelay(world.env.DATABASE_URL ?? '')
    try {
      relay.close()
      const instance = await world.start({ DATABASE_URL: relay.url })
      world.deliverTo(instance)
      const health = await fetch(`${instance.url}/health`)
      expect([health.status, await health.json()]).toMatchObject([
        503,
        { checks: { database: 'unreachable' } },
      ])
      await pgLearners(world.db).chooseNativeLanguage(1, 'en')
      world.telegram.learner({ id: 1, first_name: 'Anna' }).sendsVoice(voiceNote, { duration: 4 })
      await vi.waitFor(() => expect(world.telegram.attempts.length).toBeGreaterThan(1), UNHURRIED)
      expect(world.telegram.attempts[0]?.outcome).toMatchObject({
        status: 503,
        retryAfterSeconds: 5,
      })

      relay.open()
      await vi.waitFor(async () => {
        const { rows } = await sql`select id from lesson`.execute(world.db)
        expect(rows).toHaveLength(1)
        expect(await (await fetch(`${instance.url}/health`)).json()).toMatchObject({
          status: 'healthy',
        })
      }, UNHURRIED)
    } finally {
      await relay.stop()
      await world.close()
    }
  })
})

function isStoringStep({ sql, parameters }: Statement, step: string): boolean {
  return /\binsert into journal .*excluded\.value/s.test(sql) && parameters.includes(step)
}
