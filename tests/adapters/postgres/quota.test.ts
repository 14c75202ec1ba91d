import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { pgQuota } from '../../../lib/adapters/postgres/quota.ts'
import type { Fence } from '../../../lib/app/jobs/job.ts'
import type { Quota } from '../../../lib/app/lesson/quota.ts'
import { advance } from '../../../lib/domain/learner/progress.ts'
import type { LessonKind } from '../../../lib/domain/lesson/lesson.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import {
  beginJob,
  charge,
  claimJob,
  makeDue,
  newJob,
  remember,
  reopenSeen,
  rowOf,
  takeOver,
} from '../../support/jobs.ts'
import {
  forgetSpending,
  newDraft,
  newLearner,
  placesOf,
  spentToday,
} from '../../support/lessons.ts'

const PLAN = { voice: 2, text: 3 }
const DAY = '2026-11-23'
const ESTIMATE = 30_000
const HELD_BACK = { code: 'budget-held-back', retryAfterMs: 10_000 }

describeDatabases('The day’s plan', (database) => {
  const inbox = () => pgInbox(database().db, { leaseSeconds: 20 })
  const quota = (dailyBudgetUsd?: number, plan = PLAN) =>
    pgQuota(database().db, { plan, dailyBudgetUsd })
  const journal = () => pgJournal(database().db)
  const job = () => beginJob(inbox())
  const learner = () => newLearner(database().db)
  const ask = (learnerId: number, kind: LessonKind = 'voice', day = DAY) => ({
    learnerId,
    day,
    kind,
  })

  test('the day’s plan has as many places as it says, of each kind, each day, for each learner', async () => {
    const [{ id }, otherLearner] = [await learner(), await learner()]
    const take = async (kind: LessonKind, day = DAY, learnerId = id) =>
      (await quota().reserve(await job(), ask(learnerId, kind, day))).kind
    expect([await take('voice'), await take('voice')]).toEqual(['reserved', 'reserved'])
    expect(await quota().reserve(await job(), ask(id))).toEqual({
      kind: 'quota-used-up',
      limit: 2,
      otherLeft: 3,
    })
    expect(await take('text')).toBe('reserved')
    expect(await take('voice', '2026-11-24')).toBe('reserved')
    expect(await take('voice', DAY, otherLearner.id)).toBe('reserved')
  })

  test('a job gets one place, however often its runs ask', async () => {
    const { id } = await learner()
    const firstRun = await job()
    await quota().reserve(firstRun, ask(id))
    const secondRun = await takeOver(database().db, inbox(), firstRun)
    expect(await quota().reserve(secondRun, ask(id))).toEqual({
      kind: 'reserved',
      probe: false,
      lessonsLeft: 1,
      thrift: 'none',
    })
    expect(await placesOf(database().db, { id })).toEqual([{ day: DAY, kind: 'voice', place: 1 }])
  })

  test('a place given back can be taken again', async () => {
    const { id } = await learner()
    const [firstJob, secondJob] = [await job(), await job()]
    await quota().reserve(firstJob, ask(id))
    await quota().reserve(secondJob, ask(id))
    expect(await quota().endWithoutLesson(firstJob)).toBe(false)
    expect(await quota().endWithoutLesson(firstJob)).toBe(false)
    expect(await quota().reserve(await job(), ask(id))).toEqual({
      kind: 'reserved',
      probe: false,
      lessonsLeft: 0,
      thrift: 'none',
    })
    expect(await quota().reserve(await job(), ask(id))).toMatchObject({ kind: 'quota-used-up' })
  })

  test('a job that hears nothing takes no place, but not more often than three times the plan', async () => {
    const { id } = await learner()
    for (let times = 0; times < 6; times += 1) {
      const unheardJob = await job()
      expect(await quota().reserve(unheardJob, ask(id))).toMatchObject({ kind: 'reserved' })
      await charge(journal(), unheardJob, 150)
      expect(await quota().endWithoutLesson(unheardJob)).toBe(true)
      expect(await quota().endWithoutLesson(unheardJob)).toBe(true)
    }
    expect(await placesOf(database().db, { id })).toHaveLength(6)
    expect(await quota().reserve(await job(), ask(id))).toEqual({ kind: 'unheard-used-up' })
    expect(await quota().reserve(await job(), ask(id, 'voice', '2026-11-24'))).toMatchObject({
      kind: 'reserved',
    })
  })

  test('a job that heard nothing keeps its count when it is run again', async () => {
    const { id } = await learner()
    const firstRun = await job()
    await quota().reserve(firstRun, ask(id))
    await charge(journal(), firstRun, 150)
    await quota().endWithoutLesson(firstRun)
    const secondRun = await takeOver(database().db, inbox(), firstRun)
    expect(await quota().reserve(secondRun, ask(id))).toMatchObject({ kind: 'reserved' })
    await quota().endWithoutLesson(secondRun)
    expect(await placesOf(database().db, { id })).toEqual([{ day: DAY, kind: 'unheard', place: 1 }])
  })

  test('a job whose lesson is recorded keeps its place, though its learner has moved to another day', async () => {
    const { id } = await learner()
    const ownJob = await job()
    await quota().reserve(ownJob, ask(id))
    const score = { score: 100, wordsSaid: 3, isRepeated: false }
    await pgLessons(database().db).record(ownJob, newDraft({ id }), (oldProgress, lessonsOnDay) =>
      advance(oldProgress, DAY, lessonsOnDay, score),
    )
    expect(await quota().reserve(ownJob, ask(id, 'voice', '2026-11-24'))).toMatchObject({
      kind: 'reserved',
    })
    expect(await placesOf(database().db, { id })).toEqual([{ day: DAY, kind: 'voice', place: 1 }])
  })

  test('a job asked again on another day takes a place of that day', async () => {
    const { id } = await learner()
    const nextDay = '2026-11-24'
    const firstJob = await job()
    await quota().reserve(firstJob, ask(id))
    expect(await quota().reserve(firstJob, ask(id, 'voice', nextDay))).toEqual({
      kind: 'reserved',
      probe: false,
      lessonsLeft: 1,
      thrift: 'none',
    })
    expect(await placesOf(database().db, { id })).toMatchObject([{ day: nextDay, place: 1 }])
    await quota().reserve(await job(), ask(id, 'voice', nextDay))
    const [lateJob] = [await job()]
    await quota().reserve(lateJob, ask(id))
    expect(await quota().reserve(lateJob, ask(id, 'voice', nextDay))).toEqual({
      kind: 'quota-used-up',
      limit: 2,
      otherLeft: 3,
    })
  })

  test('a place says how many of its kind the day has left, asked again too, and a refusal what is left of the other', async () => {
    const { id } = await learner()
    const firstJob = await job()
    expect(await quota().reserve(firstJob, ask(id))).toMatchObject({ lessonsLeft: 1 })
    expect(await quota().reserve(firstJob, ask(id))).toMatchObject({ lessonsLeft: 1 })
    expect(await quota().reserve(await job(), ask(id, 'text'))).toMatchObject({ lessonsLeft: 2 })
    expect(await quota().reserve(await job(), ask(id))).toMatchObject({ lessonsLeft: 0 })
    expect(await quota().reserve(await job(), ask(id))).toMatchObject({ otherLeft: 2 })
  })

  test('a job that paid and failed takes another place each time it is asked again, up to the cap', async () => {
    const { id } = await learner()
    const request = newJob()
    await inbox().add(request)
    const kinds = []
    for (let times = 0; times < 7; times += 1) {
      const run = await claimJob(inbox(), request.lane)
      kinds.push((await quota().reserve(run, ask(id))).kind)
      await charge(journal(), run, 150)
      await inbox().bury(run, 'provider-failed: no')
      await reopenSeen(inbox(), request)
    }
    expect(kinds).toEqual([...Array(6).fill('reserved'), 'unheard-used-up'])
    const places = await placesOf(database().db, { id })
    expect(places.map(({ kind, place }) => `${kind} ${place}`).sort()).toEqual(
      [1, 2, 3, 4, 5, 6].map((place) => `unheard ${place}`),
    )
  })

  test('a plan without places for a kind is used up from the start', async () => {
    const { id } = await learner()
    const noVoiceQuota = quota(undefined, { voice: 0, text: 1 })
    expect(await noVoiceQuota.reserve(await job(), ask(id))).toEqual({
      kind: 'quota-used-up',
      limit: 0,
      otherLeft: 1,
    })
    expect(await noVoiceQuota.reserve(await job(), ask(id, 'text'))).toMatchObject({
      kind: 'reserved',
    })
  })

  describe('with a budget', () => {
    const reset = () => forgetSpending(database().db)
    const readSpent = () => spentToday(database().db)
    const requestBeside = (learnerId: number) =>
      ({
        learnerId,
        day: DAY,
        kind: 'memory',
        stages: ['reply'],
        estimateMicroUsd: 2_000,
      }) as const

    test('a budget is charged once for each lesson, refuses what would overrun it, and takes what is given back', async () => {
      await reset()
      const { id } = await learner()
      const budget = quota(0.07)
      const [firstJob, secondJob, thirdJob] = [await job(), await job(), await job()]
      await budget.reserve(firstJob, ask(id))
      await budget.reserve(firstJob, ask(id))
      expect(await readSpent()).toBe(ESTIMATE)
      await budget.reserve(secondJob, ask(id))
      await expect(budget.reserve(thirdJob, ask(id, 'text'))).rejects.toMatchObject(HELD_BACK)
      expect(await readSpent()).toBe(2 * ESTIMATE)
      expect(await placesOf(database().db, { id })).toHaveLength(2)

      await budget.endWithoutLesson(firstJob)
      await budget.endWithoutLesson(firstJob)
      expect(await readSpent()).toBe(ESTIMATE)
      expect(await budget.reserve(thirdJob, ask(id, 'text'))).toMatchObject({ kind: 'reserved' })
    })

    test('a budget refuses for good where the lessons under way would not leave enough of it if they cost nothing more', async () => {
      await reset()
      const [{ id }, otherLearner] = [await learner(), await learner()]
      const budget = quota(0.07)
      const runningJob = await job()
      await budget.reserve(runningJob, ask(id))
      const spenderJob = await job()
      await budget.reserve(spenderJob, ask(otherLearner.id))
      // 10,000 are held back for the one, and 30,000 for the other.
      await charge(journal(), spenderJob, 20_000)
      await expect(budget.reserve(await job(), ask(id))).rejects.toMatchObject(HELD_BACK)
      const memory = { ...requestBeside(id), estimateMicroUsd: 11_000 }
      await expect(budget.reserveBeside(await job(), memory)).rejects.toMatchObject(HELD_BACK)

      await charge(journal(), runningJob, 29_999)
      const lateJob = await job()
      expect(await budget.reserve(lateJob, ask(id))).toEqual({ kind: 'budget-used-up' })
      await inbox().finish(spenderJob)
      await inbox().finish(runningJob)
      expect(await budget.reserve(lateJob, ask(id))).toEqual({ kind: 'budget-used-up' })
    })

    test('what a budget holds back for a lesson of another day, or of another learner, keeps nobody waiting for what is used up', async () => {
      await reset()
      const [{ id }, otherLearner] = [await learner(), await learner()]
      const parkedJob = await job()
      await quota(1).reserve(parkedJob, ask(id))
      await endUtcDay(parkedJob)
      const dearJob = await job()
      await quota(1).reserve(dearJob, ask(otherLearner.id))
      await charge(journal(), dearJob, 999_000)
      await inbox().finish(dearJob)
      expect(await quota(1).reserve(await job(), ask(otherLearner.id))).toEqual({
        kind: 'budget-used-up',
      })
    })

    test('a budget that only calls of unknown price have used up keeps nobody waiting', async () => {
      await reset()
      const { id } = await learner()
      for (const kind of ['text', 'voice'] as const) {
        const run = await job()
        await quota(0.07).reserve(run, ask(id, kind))
        await charge(journal(), run, null)
        await inbox().finish(run)
      }
      expect(await readSpent()).toBe(2 * ESTIMATE)
      const lateJob = await job()
      expect(await quota(0.07).reserve(lateJob, ask(id))).toEqual({ kind: 'budget-used-up' })
      expect(await quota(0.061).reserveBeside(lateJob, requestBeside(id))).toEqual({
        kind: 'budget-used-up',
      })
    })

    test('jobs that are put off never wait for one another, whatever they have paid: only one that runs holds a budget back', async () => {
      await reset()
      const { id } = await learner()
      const tight = quota(0.061)
      const jobs = [await job(), await job()]
      for (const run of jobs) {
        await tight.reserve(run, ask(id))
        await charge(journal(), run, 2_000)
      }
      for (const run of jobs) {
        await expect(tight.reserve(run, ask(id))).rejects.toMatchObject(HELD_BACK)
      }
      for (const run of jobs) {
        await inbox().retryLater(run, { afterMs: 0, countsAttempt: false, error: 'held back' })
      }
      for (const { lane } of jobs) {
        const nextRun = await claimJob(inbox(), lane)
        expect(await tight.reserve(nextRun, ask(id))).toMatchObject({ kind: 'reserved' })
        await charge(journal(), nextRun, 500)
        await inbox().finish(nextRun)
      }
      expect(await readSpent()).toBe(5_000)
    })

    test('a lesson that is put off behind its reply is held back for anew where the budget has it, and refused by none', async () => {
      await reset()
      const [{ id }, otherLearner] = [await learner(), await learner()]
      const { lane, ...fence } = await job()
      await quota(0.07).reserve(fence, ask(id))
      await charge(journal(), fence, 2_000)
      await remember(journal(), fence, 'reply', {})
      const postpone = async (run: Fence) => {
        await inbox().retryLater(run, {
          afterMs: 0,
          countsAttempt: false,
          error: 'telegram-failed',
        })
        return claimJob(inbox(), lane)
      }
      const secondRun = await postpone(fence)
      expect(await quota(0.07).reserve(secondRun, ask(id))).toMatchObject({ kind: 'reserved' })
      expect(await readSpent()).toBe(2_000 + ESTIMATE)
      const thirdRun = await postpone(secondRun)
      const spenderJob = await job()
      await quota(0.07).reserve(spenderJob, ask(otherLearner.id))
      await charge(journal(), spenderJob, 67_000)
      await inbox().finish(spenderJob)
      expect(await quota(0.07).reserve(thirdRun, ask(id))).toMatchObject({ kind: 'reserved' })
      await inbox().finish(thirdRun)
      expect(await readSpent()).toBe(69_000)
    })

    test('a job that is kept aside as poison holds nothing back', async () => {
      await reset()
      const poisonedJob = await job()
      await quota(0.05).reserve(poisonedJob, ask((await learner()).id))
      await inbox().poison(poisonedJob, 'No source of this version is named so.')
      expect(await readSpent()).toBe(0)
      const nextJob = await job()
      expect(await quota(0.05).reserve(nextJob, ask((await learner()).id))).toMatchObject({
        kind: 'reserved',
      })
    })

    test('a job that is put off after a call of unknown price keeps what stands for it', async () => {
      await reset()
      const { id } = await learner()
      const { lane, ...fence } = await job()
      await quota(1).reserve(fence, ask(id))
      await charge(journal(), fence, null)
      await inbox().retryLater(fence, {
        afterMs: 0,
        countsAttempt: false,
        error: 'provider-failed',
      })
      expect(await readSpent()).toBe(ESTIMATE)
      expect(await quota(1).reserve(await claimJob(inbox(), lane), ask(id))).toMatchObject({
        kind: 'reserved',
      })
      expect(await readSpent()).toBe(ESTIMATE)
    })

    test('what a job pays is spent whatever becomes of its place, and beyond what was held back for it', async () => {
      await reset()
      const { id } = await learner()
      const budget = quota(1)
      const [cheapJob, dearJob, failedJob] = [await job(), await job(), await job()]
      for (const reservingJob of [cheapJob, dearJob, failedJob])
        await budget.reserve(reservingJob, ask(id, 'text'))
      await charge(journal(), cheapJob, 700)
      await charge(journal(), dearJob, ESTIMATE + 5_000)
      await charge(journal(), failedJob, 20_000)
      expect(await readSpent()).toBe(3 * ESTIMATE + 5_000)
      await budget.endWithoutLesson(failedJob)
      await inbox().finish(cheapJob)
      await inbox().finish(dearJob)
      await inbox().bury(failedJob, 'provider-failed: no')
      expect(await readSpent()).toBe(700 + ESTIMATE + 5_000 + 20_000)
    })

    test('a run that follows one which paid holds back the estimate anew, or has no budget left', async () => {
      await reset()
      const { id } = await learner()
      const firstJob = await job()
      await quota(0.07).reserve(firstJob, ask(id))
      await charge(journal(), firstJob, 25_000)
      expect(await quota(0.07).reserve(firstJob, ask(id))).toMatchObject({ kind: 'reserved' })
      expect(await readSpent()).toBe(25_000 + ESTIMATE)
      await charge(journal(), firstJob, 29_000)
      expect(await quota(0.07).reserve(firstJob, ask(id))).toEqual({ kind: 'budget-used-up' })
      await inbox().finish(firstJob)
      expect(await readSpent()).toBe(54_000)
    })

    test('a run beside the plan that follows one which paid holds back the estimate anew, or has no budget left', async () => {
      await reset()
      const { id } = await learner()
      const memoryJob = await job()
      await quota(0.03).reserveBeside(memoryJob, requestBeside(id))
      await charge(journal(), memoryJob, 20_000)
      expect(await quota(0.03).reserveBeside(memoryJob, requestBeside(id))).toMatchObject({
        kind: 'reserved',
      })
      expect(await readSpent()).toBe(20_000 + 2_000)
      await charge(journal(), memoryJob, 9_000)
      expect(await quota(0.03).reserveBeside(memoryJob, requestBeside(id))).toEqual({
        kind: 'budget-used-up',
      })
      // A lesson that is paid for already is delivered.
      await remember(journal(), memoryJob, 'remember', {})
      expect(await quota(0.03).reserveBeside(memoryJob, requestBeside(id))).toMatchObject({
        kind: 'reserved',
      })
      await inbox().finish(memoryJob)
      expect(await readSpent()).toBe(29_000)
    })

    type Reserve = (limits: Quota, run: Fence, id: number) => Promise<{ kind: string }>
    const reservers: [string, Reserve][] = [
      ['a lesson', (limits, run, id) => limits.reserve(run, ask(id))],
      [
        'something beside the plan',
        (limits, run, id) => limits.reserveBeside(run, requestBeside(id)),
      ],
    ]

    async function runWithReservation(reserve: Reserve) {
      await reset()
      const { id } = await learner()
      const run = await job()
      expect(await reserve(quota(1), run, id)).toMatchObject({ kind: 'reserved' })
      return { run, id }
    }

    test.each(reservers)(
      '%s is not held back for again by a run that has slept through the end of its job',
      async (_, reserve) => {
        const { run, id } = await runWithReservation(reserve)
        await charge(journal(), run, 500)
        await inbox().finish(run)
        await expect(reserve(quota(1), run, id)).rejects.toMatchObject({ code: 'lease-lost' })
        expect(await readSpent()).toBe(500)
      },
    )

    test.each(reservers)(
      '%s that has waited since a day that is over is held back for by the day on which it is paid',
      async (_, reserve) => {
        const { run: parkedJob, id } = await runWithReservation(reserve)
        const reservedMicroUsd = await readSpent()
        await endUtcDay(parkedJob)
        expect(await readSpent()).toBeUndefined()
        expect(await reserve(quota(1), parkedJob, id)).toMatchObject({ kind: 'reserved' })
        expect(await readSpent()).toBe(reservedMicroUsd)

        await endUtcDay(parkedJob)
        const otherJob = await job()
        await quota(1).reserve(otherJob, ask(id, 'text'))
        await charge(journal(), otherJob, 999_999)
        expect(await reserve(quota(1), parkedJob, id)).toEqual({ kind: 'budget-used-up' })
        await inbox().bury(parkedJob, 'provider-failed: no')
        expect(await readSpent()).toBe(999_999)
      },
    )

    /** Moves a job to the UTC day before, with what was held back for it there. */
    async function endUtcDay({ id }: Fence): Promise<void> {
      const { db } = database()
      await sql`update quota_use set budget_day = budget_day - 1 where job_id = ${id}`.execute(db)
      await sql`delete from budget_day where day < (now() at time zone 'UTC')::date`.execute(db)
      await sql`update budget_day set day = day - 1`.execute(db)
    }

    test.each(['voice', 'text'] as const)(
      'a %s lesson with a model whose price is not known costs what was held back for it',
      async (kind) => {
        await reset()
        const { id } = await learner()
        const unpricedJob = await job()
        await quota(0.07).reserve(unpricedJob, ask(id, kind))
        await charge(journal(), unpricedJob, null)
        await charge(journal(), unpricedJob, 4_000, 'speak')
        await inbox().finish(unpricedJob)
        expect(await readSpent()).toBe(ESTIMATE)
      },
    )

    test('a budget that begins in the middle of a day begins with what the day has cost', async () => {
      await reset()
      const { id } = await learner()
      const earlierJob = await job()
      await quota().reserve(earlierJob, ask(id, 'text'))
      await charge(journal(), earlierJob, 50_000)
      expect(await readSpent()).toBe(50_000)
      expect(await quota(0.07).reserve(await job(), ask(id))).toEqual({ kind: 'budget-used-up' })
      expect(await quota(0.08).reserve(await job(), ask(id))).toMatchObject({ kind: 'reserved' })
      expect(await readSpent()).toBe(50_000 + ESTIMATE)
    })

    test("a day's first charges and reservations add up when several of them come at the same time", async () => {
      await reset()
      const spenders = await Promise.all(
        Array.from({ length: 6 }, async () => ({
          learnerId: (await learner()).id,
          payingJob: await job(),
          reservingJob: await job(),
        })),
      )
      await Promise.all(
        spenders.flatMap(({ learnerId, payingJob, reservingJob }) => [
          charge(journal(), payingJob, 1_000),
          quota(10).reserve(reservingJob, ask(learnerId)),
        ]),
      )
      expect(await readSpent()).toBe(6 * 1_000 + 6 * ESTIMATE)
    })

    test('a budget smaller than one lesson allows none', async () => {
      await reset()
      expect(await quota(0.02).reserve(await job(), ask((await learner()).id))).toEqual({
        kind: 'budget-used-up',
      })
      expect(await readSpent()).toBe(0)
    })

    test.each([
      [0.03, 'reserved'],
      [4.35, 'reserved'],
      [1.2345678, 'reserved'],
      [0.02999, 'budget-used-up'],
    ])('with a budget of %d dollars, a first lesson is %s', async (usd, kind) => {
      await reset()
      const { id } = await learner()
      expect(await quota(usd).reserve(await job(), ask(id))).toMatchObject({ kind })
    })
  })

  describe('with a budget of the learner', () => {
    const ROOMY = { voice: 20, text: 20 }
    const budgetOfLearner = (usd: number, dailyBudgetUsd?: number) =>
      pgQuota(database().db, { plan: ROOMY, dailyBudgetUsd, learnerDailyBudgetUsd: usd })
    const asideRequest = (learnerId: number, day = DAY) =>
      ({ learnerId, day, kind: 'aside', stages: ['reply'], estimateMicroUsd: 1_000 }) as const

    /** Ends a lesson that has cost so much. */
    async function spend(
      learnerId: number,
      microUsd: number,
      limits = budgetOfLearner(100),
    ): Promise<void> {
      const run = await job()
      await limits.reserve(run, ask(learnerId, 'text'))
      await charge(journal(), run, microUsd)
      await inbox().finish(run)
    }

    test('a learner’s budget is theirs alone, ends with their day, and holds back what runs', async () => {
      await forgetSpending(database().db)
      const [{ id }, otherLearner] = [await learner(), await learner()]
      const runningJob = await job()
      expect(await budgetOfLearner(0.05).reserve(runningJob, ask(id))).toMatchObject({
        kind: 'reserved',
      })
      const lateJob = await job()
      await expect(budgetOfLearner(0.05).reserve(lateJob, ask(id))).rejects.toMatchObject(HELD_BACK)
      expect(await budgetOfLearner(0.05).reserve(lateJob, ask(otherLearner.id))).toMatchObject({
        kind: 'reserved',
      })
      const tomorrow = ask(id, 'voice', '2026-11-24')
      expect(await budgetOfLearner(0.05).reserve(await job(), tomorrow)).toMatchObject({
        kind: 'reserved',
      })
      await charge(journal(), runningJob, 700)
      await inbox().finish(runningJob)
      expect(await budgetOfLearner(0.05).reserve(await job(), ask(id))).toMatchObject({
        kind: 'reserved',
      })
    })

    test('what a learner has paid for without a lesson counts against their budget', async () => {
      await forgetSpending(database().db)
      const { id } = await learner()
      const [unheardJob, failedJob] = [await job(), await job()]
      for (const endedJob of [unheardJob, failedJob]) {
        await budgetOfLearner(1).reserve(endedJob, ask(id))
        await charge(journal(), endedJob, 15_000)
      }
      await budgetOfLearner(1).endWithoutLesson(unheardJob)
      await inbox().finish(unheardJob)
      await inbox().bury(failedJob, 'provider-failed: no')
      expect(await budgetOfLearner(0.05).reserve(await job(), ask(id))).toEqual({
        kind: 'own-budget-used-up',
      })
      expect(await budgetOfLearner(0.06).reserve(await job(), ask(id))).toMatchObject({
        kind: 'reserved',
      })
    })

    test('asides count against the learner’s budget, and have none beyond it', async () => {
      await forgetSpending(database().db)
      const { id } = await learner()
      await spend(id, 48_500)
      const asideJob = await job()
      expect(await budgetOfLearner(0.05).reserveBeside(asideJob, asideRequest(id))).toEqual({
        kind: 'reserved',
        thrift: 'written',
      })
      await charge(journal(), asideJob, 1_000)
      expect(await budgetOfLearner(0.05).reserveBeside(await job(), asideRequest(id))).toEqual({
        kind: 'own-budget-used-up',
      })
    })

    test.each([
      [799_999, 'none', 30_000],
      [800_000, 'brief', 12_000],
      [949_999, 'brief', 12_000],
      [950_000, 'written', 6_000],
      [994_000, 'written', 6_000],
    ] as const)(
      'a lesson after %d of a million is of thrift "%s" and holds back %d, by either budget',
      async (spentUsd, thrift, heldUsd) => {
        for (const budget of [() => budgetOfLearner(1), () => quota(1, ROOMY)]) {
          await forgetSpending(database().db)
          const { id } = await learner()
          await spend(id, spentUsd)
          const spentBefore = (await spentToday(database().db)) ?? 0
          const run = await job()
          expect(await budget().reserve(run, ask(id))).toMatchObject({ kind: 'reserved', thrift })
          expect((await spentToday(database().db)) ?? 0).toBe(spentBefore + heldUsd)
          // Its next run has the same thrift, whatever was spent meanwhile.
          await charge(journal(), run, 1_000)
          expect(await budgetOfLearner(9, 9).reserve(run, ask(id))).toMatchObject({
            kind: 'reserved',
            thrift,
          })
          expect((await spentToday(database().db)) ?? 0).toBe(spentBefore + 1_000 + heldUsd)
        }
      },
    )

    test('the budget that is nearer to its end decides a lesson’s thrift', async () => {
      await forgetSpending(database().db)
      const { id } = await learner()
      await spend(id, 90_000)
      expect(await budgetOfLearner(0.11, 1).reserve(await job(), ask(id))).toMatchObject({
        thrift: 'brief',
      })
      await forgetSpending(database().db)
      const newcomer = await learner()
      await spend((await learner()).id, 96_000)
      const place = ask(newcomer.id)
      expect(await budgetOfLearner(1, 0.11).reserve(await job(), place)).toMatchObject({
        thrift: 'brief',
      })
    })

    test('a learner whose last places are asked for at the same time does not overrun their budget', async () => {
      await forgetSpending(database().db)
      const { id } = await learner()
      const jobs = await Promise.all(Array.from({ length: 6 }, () => job()))
      const requests = jobs.map((requestingJob, n) =>
        n % 2 === 0
          ? budgetOfLearner(0.05).reserve(requestingJob, ask(id, n % 4 === 0 ? 'voice' : 'text'))
          : budgetOfLearner(0.05).reserveBeside(requestingJob, {
              ...asideRequest(id),
              estimateMicroUsd: 25_000,
            }),
      )
      const answers = await Promise.allSettled(requests)
      const errors = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [answer.reason] : [],
      )
      for (const error of errors) expect(error).toMatchObject(HELD_BACK)
      expect((await spentToday(database().db)) ?? 0).toBeLessThanOrEqual(50_000)
    })
  })

  describe('while the provider has no quota', () => {
    const breaker = () => pgBreaker(database().db)
    const probeDue = () => sql`update breaker set probe_at = now()`.execute(database().db)

    test('an open breaker keeps lessons from beginning, and says until when', async () => {
      const { id } = await learner()
      await breaker().open('reply', 'provider-quota-exhausted')
      await breaker().open('reply', 'provider-quota-exhausted')
      const answer = await quota().reserve(await job(), ask(id))
      expect(answer).toEqual({ kind: 'provider-exhausted', retryAfterMs: expect.any(Number) })
      const ms = answer.kind === 'provider-exhausted' ? answer.retryAfterMs : 0
      expect(ms).toBeGreaterThan(25_000)
      expect(ms).toBeLessThanOrEqual(30_000)
      expect(await placesOf(database().db, { id })).toEqual([])
      await breaker().close(['transcribe', 'reply'])
    })

    test('an open breaker lets one lesson through as a probe, and none beside it', async () => {
      const { id } = await learner()
      await breaker().open('reply', 'provider-quota-exhausted')
      await probeDue()
      expect(await quota().reserve(await job(), ask(id))).toEqual({
        kind: 'reserved',
        probe: true,
        lessonsLeft: 1,
        thrift: 'none',
      })
      expect(await quota().reserve(await job(), ask(id))).toMatchObject({
        kind: 'provider-exhausted',
      })
      await probeDue()
      expect(await quota().reserve(await job(), ask(id))).toEqual({
        kind: 'reserved',
        probe: true,
        lessonsLeft: 0,
        thrift: 'none',
      })
      await breaker().close(['transcribe', 'reply'])
      expect(await quota().reserve(await job(), ask(id, 'text'))).toEqual({
        kind: 'reserved',
        probe: false,
        lessonsLeft: 2,
        thrift: 'none',
      })
    })

    test('an open breaker lets probes through later and later, up to every five minutes', async () => {
      await breaker().open('reply', 'provider-quota-exhausted')
      const waitsMs: number[] = []
      for (let probes = 0; probes < 6; probes += 1) {
        await probeDue()
        const { id } = await learner()
        expect(await quota().reserve(await job(), ask(id))).toMatchObject({ probe: true })
        const answer = await quota().reserve(await job(), ask((await learner()).id))
        waitsMs.push(answer.kind === 'provider-exhausted' ? answer.retryAfterMs : 0)
      }
      await breaker().close(['transcribe', 'reply'])
      // Some of it has passed by then.
      const tensOfSeconds = waitsMs.map((ms) => Math.round(ms / 10_000))
      expect(tensOfSeconds).toEqual([6, 12, 24, 30, 30, 30])
    })

    test('a learner whose places are used up does not use up the probe', async () => {
      const [eagerLearner, nextLearner] = [await learner(), await learner()]
      for (let times = 0; times < PLAN.voice; times += 1)
        await quota().reserve(await job(), ask(eagerLearner.id))
      await breaker().open('reply', 'provider-quota-exhausted')
      await probeDue()
      expect(await quota().reserve(await job(), ask(eagerLearner.id))).toMatchObject({
        kind: 'quota-used-up',
      })
      expect(await quota().reserve(await job(), ask(nextLearner.id))).toEqual({
        kind: 'reserved',
        probe: true,
        lessonsLeft: 1,
        thrift: 'none',
      })
      await breaker().close(['transcribe', 'reply'])
    })

    test('a job that has its place already may be the probe', async () => {
      const { id } = await learner()
      const firstJob = await job()
      await quota().reserve(firstJob, ask(id))
      await breaker().open('reply', 'provider-quota-exhausted')
      expect(await quota().reserve(firstJob, ask(id))).toMatchObject({ kind: 'provider-exhausted' })
      await probeDue()
      expect(await quota().reserve(firstJob, ask(id))).toEqual({
        kind: 'reserved',
        probe: true,
        lessonsLeft: 1,
        thrift: 'none',
      })
      await breaker().close(['transcribe', 'reply'])
    })
  })

  describe('when the provider has quota again', () => {
    test('a breaker that closes frees the parked jobs at once, and no others', async () => {
      const { db } = database()
      await pgBreaker(db).open('reply', 'provider-quota-exhausted')
      const park = { afterMs: 300_000, error: 'provider-quota-exhausted: no', countsAttempt: false }
      const [parkedJob, otherParkedJob, retriedJob] = [await job(), await job(), await job()]
      await inbox().retryLater(parkedJob, { ...park, isParked: true })
      await inbox().retryLater(otherParkedJob, { ...park, isParked: true })
      await inbox().retryLater(retriedJob, { ...park, isParked: false })
      expect((await pgBreaker(db).close(['transcribe', 'reply'])).sort()).toEqual(
        [parkedJob.lane, otherParkedJob.lane].sort(),
      )
      expect(await inbox().claim(parkedJob.lane, 'lesson')).toMatchObject({ kind: 'claimed' })
      expect(await inbox().claim(retriedJob.lane, 'lesson')).toMatchObject({ kind: 'wait' })
      expect(await pgBreaker(db).close(['transcribe', 'reply'])).toEqual([])
    })

    test('an open breaker does not hold back a lesson that has its reply: that lesson no longer asks the provider', async () => {
      const { db } = database()
      const { id: learnerId } = await newLearner(db)
      const place = { learnerId, day: DAY, kind: 'voice' } as const
      const [answeredJob, freshJob] = [await job(), await job()]
      await quota().reserve(answeredJob, place)
      await remember(pgJournal(db), answeredJob, 'reply', {})
      await pgBreaker(db).open('reply', 'provider-quota-exhausted')
      expect(await quota().reserve(answeredJob, place)).toEqual({
        kind: 'reserved',
        probe: false,
        lessonsLeft: 1,
        thrift: 'none',
      })
      expect(await quota().reserve(freshJob, place)).toMatchObject({ kind: 'provider-exhausted' })
      await pgBreaker(db).close(['transcribe', 'reply'])
    })

    test('a breaker that is closed sets nothing free', async () => {
      const { db } = database()
      const parkedJob = await job()
      await inbox().retryLater(parkedJob, {
        afterMs: 9e5,
        error: 'x',
        countsAttempt: false,
        isParked: true,
      })
      expect(await pgBreaker(db).close(['transcribe', 'reply'])).toEqual([])
      await makeDue(db, parkedJob.lane)
      await inbox().claim(parkedJob.lane, 'lesson')
      expect(await rowOf(db, parkedJob)).toMatchObject({ parked: false })
    })
  })
})

describePostgres('Two processes', (database) => {
  const setUp = async () => {
    const { db, url } = database()
    const otherDatabase = await openDatabase({ url, pgliteDir: '' })
    const stores = [db, otherDatabase.db].map((connection) => ({
      inbox: pgInbox(connection, { leaseSeconds: 20 }),
      quota: pgQuota(connection, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: undefined }),
      breaker: pgBreaker(connection),
    }))
    const at = (n: number) => {
      const store = stores[n % 2]
      if (store === undefined) throw new Error('There are two.')
      return store
    }
    const jobs = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, n) => beginJob(at(n).inbox)))
    return { db, at, jobs, [Symbol.asyncDispose]: otherDatabase.close }
  }

  test('two processes with fifty lessons of one learner at once take exactly the plan’s five places', async () => {
    await using processes = await setUp()
    const { id: learnerId } = await newLearner(processes.db)
    const place = { learnerId, day: DAY, kind: 'voice' } as const
    const jobs = await processes.jobs(50)
    const kinds = await Promise.all(jobs.map((job, n) => processes.at(n).quota.reserve(job, place)))
    expect(kinds.filter(({ kind }) => kind === 'reserved')).toHaveLength(5)
    expect(kinds.filter(({ kind }) => kind === 'quota-used-up')).toHaveLength(45)
    const places = await placesOf(processes.db, { id: learnerId })
    expect(places.map(({ place }) => place).sort()).toEqual([1, 2, 3, 4, 5])
  })

  test('two processes that hear nothing at once count each time', async () => {
    await using processes = await setUp()
    const { id: learnerId } = await newLearner(processes.db)
    const jobs = await processes.jobs(5)
    for (const job of jobs) {
      await processes.at(0).quota.reserve(job, { learnerId, day: DAY, kind: 'voice' })
      await charge(pgJournal(processes.db), job, 150)
    }
    await Promise.all(jobs.map((job, n) => processes.at(n).quota.endWithoutLesson(job)))
    const places = await placesOf(processes.db, { id: learnerId })
    expect(places.map(({ kind }) => kind)).toEqual(Array(5).fill('unheard'))
  })

  test('two processes with twenty lessons at once let one probe', async () => {
    await using processes = await setUp()
    await processes.at(0).breaker.open('reply', 'provider-quota-exhausted')
    await sql`update breaker set probe_at = now()`.execute(processes.db)
    const [jobs, learners] = await Promise.all([
      processes.jobs(20),
      Promise.all(Array.from({ length: 20 }, () => newLearner(processes.db))),
    ])
    const answers = await Promise.all(
      jobs.map((job, n) =>
        processes
          .at(n)
          .quota.reserve(job, { learnerId: learners[n]?.id ?? 0, day: DAY, kind: 'voice' }),
      ),
    )
    expect(answers.filter((answer) => answer.kind === 'reserved')).toEqual([
      { kind: 'reserved', probe: true, lessonsLeft: 4, thrift: 'none' },
    ])
    expect(answers.filter((answer) => answer.kind === 'provider-exhausted')).toHaveLength(19)
    await processes.at(1).breaker.close(['transcribe', 'reply'])
  })

  test('two processes do not overrun the budget together', async () => {
    await using processes = await setUp()
    await forgetSpending(processes.db)
    const jobs = await processes.jobs(30)
    const learners = await Promise.all(jobs.map(() => newLearner(processes.db)))
    const cappedQuota = pgQuota(processes.db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: 0.1 })
    const answers = await Promise.allSettled(
      jobs.map((job, n) =>
        cappedQuota.reserve(job, { learnerId: learners[n]?.id ?? 0, day: DAY, kind: 'voice' }),
      ),
    )
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason] : [],
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(refusals).toEqual(Array(27).fill(expect.objectContaining(HELD_BACK)))
    expect(await spentToday(processes.db)).toBe(3 * ESTIMATE)
  })

  test('two processes charge no more places of one learner than there are', async () => {
    await using processes = await setUp()
    await forgetSpending(processes.db)
    const { id: learnerId } = await newLearner(processes.db)
    const jobs = await processes.jobs(50)
    const cappedQuota = pgQuota(processes.db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: 100 })
    const answers = await Promise.all(
      jobs.map((job) => cappedQuota.reserve(job, { learnerId, day: DAY, kind: 'voice' })),
    )
    expect(answers.filter(({ kind }) => kind === 'reserved')).toHaveLength(5)
    expect(answers.filter(({ kind }) => kind === 'quota-used-up')).toHaveLength(45)
    expect(await spentToday(processes.db)).toBe(5 * ESTIMATE)
  })
})
