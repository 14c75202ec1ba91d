import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { pgQuota } from '../../../lib/adapters/postgres/quota.ts'
import { fullLaneOf, type Inbox, LANE_DEPTH } from '../../../lib/app/jobs/inbox.ts'
import type { Job } from '../../../lib/app/jobs/job.ts'
import { advance } from '../../../lib/domain/learner/progress.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import {
  beginJob,
  bytesOf,
  charge,
  claimJob,
  lapseLease,
  makeDue,
  newJob,
  newLane,
  remember,
  reopenSeen,
  rowOf,
  startSend,
  stepsOf,
  takeOver,
} from '../../support/jobs.ts'
import {
  forgetSpending,
  newDraft,
  newLearner,
  placesOf,
  spentToday,
} from '../../support/lessons.ts'

const LEASE = { leaseSeconds: 20 }
const SOON = { afterMs: 30_000, error: 'provider-failed: no', countsAttempt: true }

/** The names of the lanes that are due. */
async function dueLanes(inbox: Inbox, limit: number): Promise<string[]> {
  return (await inbox.dueLanes(limit)).map(({ lane }) => lane)
}

describeDatabases('The inbox', (database) => {
  const inbox = () => pgInbox(database().db, LEASE)
  const journal = () => pgJournal(database().db)

  describe('Storing a job', () => {
    test('a second delivery under the same key is a duplicate', async () => {
      const job = newJob()
      expect(await inbox().add(job)).toBe('stored')
      expect(await inbox().add({ ...job, lane: newLane(), payload: bytesOf('other') })).toBe(
        'duplicate',
      )
      expect(await inbox().add({ ...job, source: 'tg:2' })).toBe('stored')
    })

    test('the same message under a new update id is a duplicate; an edit of another bot is not', async () => {
      const job = newJob({ message: { chatId: -1_001_234_567_890, messageId: 7 } })
      expect(await inbox().add(job)).toBe('stored')
      expect(await inbox().add({ ...job, key: 'renumbered' })).toBe('duplicate')
      expect(await inbox().add({ ...job, source: 'tg:2' })).toBe('stored')
      const nextMessage = { chatId: -1_001_234_567_890, messageId: 8 }
      expect(await inbox().add({ ...job, key: 'next', message: nextMessage })).toBe('stored')
    })

    test('a duplicate is found even after its job is done', async () => {
      const job = newJob({ message: { chatId: 5, messageId: 5 } })
      await inbox().finish(await beginJob(inbox(), job))
      expect(await inbox().add(job)).toBe('duplicate')
      expect(await inbox().add({ ...job, key: 'renumbered' })).toBe('duplicate')
    })

    test('poison is kept, finished, and never claimed', async () => {
      const job = newJob({ poison: true })
      expect(await inbox().add(job)).toBe('stored')
      expect(await inbox().add(job)).toBe('duplicate')
      expect(await inbox().claim(job.lane, 'lesson')).toEqual({ kind: 'empty' })
      expect(await inbox().find(job.source, job.key)).toMatchObject({ state: 'poison' })
      const row = await database()
        .db.selectFrom('inbox')
        .select(['payload', 'finished_at'])
        .where('key', '=', job.key)
        .executeTakeFirstOrThrow()
      expect(row).toEqual({ payload: job.payload, finished_at: expect.any(Date) })
    })

    test.each([
      ['an escaped NUL and a lone surrogate', bytesOf('{"text":"\\u0000 \\ud800"}')],
      ['a NUL byte and what is no UTF-8', new Uint8Array([0, 0xed, 0xa0, 0x80, 0xff, 0xc0, 0x5c])],
      ['nothing', new Uint8Array()],
    ])('%s comes back byte for byte', async (_, payload) => {
      const job = await beginJob(inbox(), { payload, attachment: payload, requestHash: payload })
      expect(job.payload).toEqual(payload)
      expect(job.attachment).toEqual(payload)
      expect((await inbox().find(job.source, job.key))?.requestHash).toEqual(payload)
    })

    test('any bytes come back as they were', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (payload) => {
          expect((await beginJob(inbox(), { payload })).payload).toEqual(payload)
        }),
        { numRuns: 15 },
      )
    })
  })

  describe('A full lane', () => {
    test('a lane with thirty jobs that wait stores one more an hour, to tell its sender, and no duplicate', async () => {
      const lane = newLane()
      const jobs = Array.from({ length: LANE_DEPTH }, (_, n) =>
        newJob({ lane, message: { chatId: 77, messageId: n } }),
      )
      for (const job of jobs) expect(await inbox().add(job)).toBe('stored')
      const surplusJob = newJob({ lane, message: { chatId: 77, messageId: 1_000 } })
      expect(await inbox().add(surplusJob)).toBe('lane-full')
      expect(await inbox().add(newJob({ lane }))).toBe('lane-full')
      const [firstJob] = jobs
      if (firstJob === undefined) throw new Error('No job was made.')
      expect(await inbox().add(firstJob)).toBe('duplicate')
      expect(await inbox().add({ ...firstJob, key: 'renumbered' })).toBe('duplicate')

      expect(await inbox().claim(fullLaneOf(lane), 'quick')).toMatchObject({
        job: { payload: surplusJob.payload, isSurplus: true },
      })
      await inbox().finish(await claimJob(inbox(), lane))
      expect(await inbox().add(surplusJob)).toBe('stored')
    })
  })

  describe('Claiming', () => {
    test('a claim gives what was stored, and the number of this attempt', async () => {
      const job = newJob({ attachment: bytesOf('OggS') })
      await inbox().add(job)
      expect(await claimJob(inbox(), job.lane)).toEqual({
        id: expect.any(Number),
        source: job.source,
        key: job.key,
        lane: job.lane,
        payload: job.payload,
        attachment: job.attachment,
        attempts: 1,
        postponements: 0,
        isSurplus: false,
        isResumed: false,
        receivedAt: expect.any(Date),
        leaseToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      })
    })

    test('a claim takes a job only into its own slots, and says which those are', async () => {
      const lane = newLane()
      for (const slots of ['quick', 'lesson'] as const) await inbox().add(newJob({ lane, slots }))
      expect(await inbox().claim(lane, 'lesson')).toEqual({ kind: 'other-slots', slots: 'quick' })
      const claim = await inbox().claim(lane, 'quick')
      if (claim.kind !== 'claimed') throw new Error(`Lane ${lane} is ${claim.kind}.`)
      expect(await inbox().claim(lane, 'lesson')).toEqual({ kind: 'held' })
      await inbox().finish(claim.job)
      expect(await inbox().claim(lane, 'quick')).toEqual({ kind: 'other-slots', slots: 'lesson' })
      expect(await inbox().claim(lane, 'lesson')).toMatchObject({ kind: 'claimed' })
    })

    test('a job for later is claimed when it is due, and its age counts from then', async () => {
      const job = newJob({ dueAt: new Date(Date.now() + 3_600_000) })
      await inbox().add(job)
      expect(await inbox().claim(job.lane, 'lesson')).toMatchObject({ kind: 'wait' })
      await makeDue(database().db, job.lane)
      const { receivedAt } = await claimJob(inbox(), job.lane)
      expect(receivedAt).toEqual(job.dueAt)
    })

    test('jobs are claimed in the order of their arrival, whatever their keys are', async () => {
      const lane = newLane()
      const keys = ['103', '102', '101', '9']
      for (const key of keys) await inbox().add(newJob({ lane, key: `${lane} ${key}` }))
      const claimedKeys: string[] = []
      for (const _ of keys) {
        const job = await claimJob(inbox(), lane)
        claimedKeys.push(job.key)
        await inbox().finish(job)
      }
      expect(claimedKeys).toEqual(keys.map((key) => `${lane} ${key}`))
      expect(await inbox().claim(lane, 'lesson')).toEqual({ kind: 'empty' })
    })

    test('a job that another run holds is held, and so are those behind it', async () => {
      const lane = newLane()
      await inbox().add(newJob({ lane }))
      await inbox().add(newJob({ lane }))
      await claimJob(inbox(), lane)
      expect(await inbox().claim(lane, 'lesson')).toEqual({ kind: 'held' })
      expect(await inbox().claim(newLane(), 'lesson')).toEqual({ kind: 'empty' })
      await beginJob(inbox())
    })

    test('a job to be tried later makes its lane wait, and no other', async () => {
      const job = await beginJob(inbox())
      await inbox().add(newJob({ lane: job.lane }))
      await inbox().retryLater(job, SOON)
      const claim = await inbox().claim(job.lane, 'lesson')
      expect(claim).toEqual({ kind: 'wait', ms: expect.any(Number) })
      expect(claim.kind === 'wait' && claim.ms).toBeGreaterThan(20_000)
      expect(claim.kind === 'wait' && claim.ms).toBeLessThanOrEqual(30_000)
      expect((await inbox().find(job.source, job.key))?.lastError).toBe(SOON.error)
      await beginJob(inbox())

      await makeDue(database().db, job.lane)
      expect(await claimJob(inbox(), job.lane)).toMatchObject({
        id: job.id,
        attempts: 2,
        isResumed: true,
      })
    })

    test('a wait that a provider asked for counts no attempt', async () => {
      const job = await beginJob(inbox())
      await inbox().retryLater(job, { ...SOON, afterMs: 0, countsAttempt: false })
      expect(await claimJob(inbox(), job.lane)).toMatchObject({ attempts: 1, isResumed: true })
    })

    test('a renewed lease is kept for as long again', async () => {
      const { db } = database()
      const job = await beginJob(inbox())
      await lapseLease(db, job)
      expect(await inbox().renew(job)).toBe(true)
      expect(await inbox().claim(job.lane, 'lesson')).toEqual({ kind: 'held' })
      const { lease_until } = await rowOf(db, job)
      const { rows } = await sql<{ now: Date }>`select now()`.execute(db)
      const msLeft = (lease_until?.getTime() ?? 0) - (rows[0]?.now.getTime() ?? 0)
      expect(msLeft).toBeGreaterThan(15_000)
      expect(msLeft).toBeLessThanOrEqual(20_000)
    })

    test('a job that is reopened waits for a later one that is running', async () => {
      const lane = newLane()
      const firstJob = newJob({ lane })
      await inbox().bury(await beginJob(inbox(), firstJob), 'no')
      const runningJob = await beginJob(inbox(), { lane })
      await reopenSeen(inbox(), firstJob)
      expect(await inbox().claim(lane, 'lesson')).toEqual({ kind: 'held' })
      await inbox().finish(runningJob)
      expect(await claimJob(inbox(), lane)).toMatchObject({ key: firstJob.key })
    })
  })

  describe('A run whose job was taken over', () => {
    const leaseLost = { code: 'lease-lost' }

    test('a run whose job was taken over loses every write', async () => {
      const { db } = database()
      const learner = await newLearner(db)
      const lostJob = await beginJob(inbox())
      const lessons = pgLessons(db)
      const quota = pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: undefined })
      const place = { learnerId: learner.id, day: '2026-11-23', kind: 'voice' } as const
      const draft = newDraft(learner)
      const record = (fence: typeof lostJob) =>
        lessons.record(fence, draft, (oldProgress, count) =>
          advance(oldProgress, draft.day, count, { score: 50, wordsSaid: 6, isRepeated: false }),
        )
      await startSend(journal(), lostJob, 'heard')
      const taker = await takeOver(db, inbox(), lostJob)
      expect(taker).toMatchObject({ id: lostJob.id, attempts: 2, isResumed: true })

      expect(await inbox().renew(lostJob)).toBe(false)
      await expect(inbox().finish(lostJob)).rejects.toMatchObject(leaseLost)
      await expect(inbox().retryLater(lostJob, SOON)).rejects.toMatchObject(leaseLost)
      await expect(inbox().bury(lostJob, 'no')).rejects.toMatchObject(leaseLost)
      await expect(remember(journal(), lostJob, 'transcribe', 1)).rejects.toMatchObject(leaseLost)
      await expect(remember(journal(), lostJob, 'heard', 1)).rejects.toMatchObject(leaseLost)
      await expect(startSend(journal(), lostJob, 'heard')).rejects.toMatchObject(leaseLost)
      await expect(startSend(journal(), lostJob, 'voice')).rejects.toMatchObject(leaseLost)
      await expect(journal().unstart(lostJob, 'heard')).rejects.toMatchObject(leaseLost)
      await expect(record(lostJob)).rejects.toMatchObject(leaseLost)
      await expect(quota.reserve(lostJob, place)).rejects.toMatchObject(leaseLost)

      expect(await placesOf(db, learner)).toEqual([])
      expect((await lessons.recent(learner.id, 1)).history).toEqual([])
      expect(await journal().read(lostJob.id)).toEqual([
        { step: 'heard', state: 'started', sends: 1, value: undefined },
      ])
      expect(await rowOf(db, lostJob)).toMatchObject({ state: 'waiting', last_error: null })

      await quota.reserve(taker, place)
      await record(taker)
      await expect(quota.endWithoutLesson(lostJob)).rejects.toMatchObject({ code: 'lease-lost' })
      await expect(lessons.addSpeechCost(lostJob)).rejects.toMatchObject({ code: 'lease-lost' })
      expect(await placesOf(db, learner)).toMatchObject([{ kind: 'voice', place: 1 }])
    })

    test('a run that has given its job back itself loses every write, too', async () => {
      const { db } = database()
      const job = await beginJob(inbox())
      await inbox().retryLater(job, { ...SOON, afterMs: 0 })
      expect(await inbox().renew(job)).toBe(false)
      await expect(inbox().finish(job)).rejects.toMatchObject(leaseLost)
      await inbox().finish(await claimJob(inbox(), job.lane))
      await expect(inbox().bury(job, 'no')).rejects.toMatchObject(leaseLost)
      await expect(startSend(pgJournal(db), job, 'apology')).rejects.toMatchObject(leaseLost)
    })
  })

  describe('The end of a job', () => {
    test('a done job keeps nothing of what was said but the answer', async () => {
      const job = await beginJob(inbox(), {
        attachment: bytesOf('OggS'),
        payload: bytesOf('{"a":1}'),
      })
      await remember(journal(), job, 'transcribe', { text: 'Ahoj' })
      await remember(journal(), job, 'answer', { status: 200 })
      await inbox().finish(job)
      expect(await rowOf(database().db, job)).toMatchObject({
        state: 'done',
        payload: new Uint8Array(),
        attachment: null,
        lease_until: null,
        duplicates_possible: 0,
        finished_at: expect.any(Date),
      })
      expect(await stepsOf(database().db, job)).toEqual(['answer'])
      expect(await journal().find(job.id, 'answer')).toEqual({ status: 200 })
    })

    test.each(['finish', 'bury'] as const)(
      '%s counts the messages that may have been sent twice',
      async (end) => {
        const job = await beginJob(inbox())
        for (const step of ['heard', 'heard', 'voice', 'voice', 'once'])
          await startSend(journal(), job, step)
        await startSend(journal(), job, 'refused')
        await journal().unstart(job, 'refused')
        await startSend(journal(), job, 'refused')
        if (end === 'finish') await inbox().finish(job)
        else await inbox().bury(job, 'telegram-failed: no')
        expect(await rowOf(database().db, job)).toMatchObject({ duplicates_possible: 2 })
      },
    )

    test('a dead job keeps its journal, and resumes from it when asked for again', async () => {
      const request = newJob({ payload: bytesOf('first'), attachment: bytesOf('OggS') })
      const job = await beginJob(inbox(), request)
      await remember(journal(), job, 'transcribe', 'Ahoj')
      await inbox().bury(job, 'provider-failed: no')
      expect(await inbox().find(job.source, job.key)).toMatchObject({
        state: 'dead',
        lastError: 'provider-failed: no',
      })
      expect(await inbox().claim(job.lane, 'lesson')).toEqual({ kind: 'empty' })

      expect(await reopenSeen(inbox(), { ...request, key: 'another' })).toBe(false)
      const deadJob = await inbox().find(job.source, job.key)
      expect(await reopenSeen(inbox(), request)).toBe(true)
      // A second request that saw the dead job comes late.
      expect(deadJob && (await inbox().reopen(request, deadJob))).toBe(false)
      expect(await reopenSeen(inbox(), request)).toBe(false)
      expect(await claimJob(inbox(), job.lane)).toMatchObject({
        id: job.id,
        attempts: 1,
        isResumed: true,
      })
      const row = await rowOf(database().db, job)
      expect(row).toMatchObject({ state: 'waiting', last_error: null, finished_at: null })
      expect(await stepsOf(database().db, job)).toEqual(['transcribe'])
    })

    test('a done job runs again with what is asked for now, as received now, and without its answer', async () => {
      const { db } = database()
      const request = newJob({ payload: bytesOf('{"n":1}'), attachment: bytesOf('OggS') })
      const job = await beginJob(inbox(), request)
      await remember(journal(), job, 'answer', { kind: 'problem' })
      await inbox().finish(job)
      await sql`update inbox set received_at = received_at - interval '1 day' where id = ${job.id}`.execute(
        db,
      )

      expect(await reopenSeen(inbox(), request)).toBe(true)
      const secondRun = await claimJob(inbox(), job.lane)
      expect(secondRun).toMatchObject({
        id: job.id,
        attempts: 1,
        payload: request.payload,
        attachment: request.attachment,
      })
      // A lesson's day is that of its receipt: what was refused yesterday is asked for today.
      expect(secondRun.receivedAt.getTime()).toBeGreaterThanOrEqual(job.receivedAt.getTime())
      expect(await journal().find(job.id, 'answer')).toBe(undefined)
    })

    test('a job that waits or runs is not reopened', async () => {
      const request = newJob()
      await inbox().add(request)
      expect(await reopenSeen(inbox(), request)).toBe(false)
      await claimJob(inbox(), request.lane)
      expect(await reopenSeen(inbox(), request)).toBe(false)
    })

    test('a job buried before a lesson gives its place and its budget back; after one, neither', async () => {
      const { db } = database()
      const quota = pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: 1_000 })
      const learner = await newLearner(db)
      const place = { learnerId: learner.id, day: '2026-11-23', kind: 'voice' } as const
      const [barren, fruitful] = [await beginJob(inbox()), await beginJob(inbox())]
      await quota.reserve(barren, place)
      await quota.reserve(fruitful, place)
      await charge(journal(), fruitful, 1_234)
      const draft = newDraft(learner)
      await pgLessons(db).record(fruitful, draft, (oldProgress, n) =>
        advance(oldProgress, draft.day, n, { score: 50, wordsSaid: 6, isRepeated: false }),
      )
      const spentBefore = (await spentToday(db)) ?? 0

      await inbox().bury(barren, 'provider-failed: no')
      await inbox().bury(fruitful, 'telegram-failed: no')
      expect(await placesOf(db, learner)).toMatchObject([{ kind: 'voice', place: 2 }])
      // The first job has paid nothing, the second 1,234.
      expect(spentBefore - ((await spentToday(db)) ?? 0)).toBe(30_000 + 28_766)
    })

    test('a job that is buried after something was paid for costs what was paid, and counts against the cap on those without a lesson', async () => {
      const { db } = database()
      const quota = pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: 1_000 })
      const learner = await newLearner(db)
      const job = await beginJob(inbox())
      await quota.reserve(job, { learnerId: learner.id, day: '2026-11-23', kind: 'voice' })
      const spentBefore = (await spentToday(db)) ?? 0
      await charge(journal(), job, 700)
      expect(await spentToday(db)).toBe(spentBefore)
      await inbox().bury(job, 'provider-failed: no')
      expect(await placesOf(db, learner)).toMatchObject([{ kind: 'unheard', place: 1 }])
      expect(await spentToday(db)).toBe(spentBefore - 30_000 + 700)
    })

    test('an abandoned job forgets what was said, and counts against the cap on those without a lesson once something was paid for', async () => {
      const { db } = database()
      const quota = pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: undefined })
      const learner = await newLearner(db)
      const request = newJob({ payload: bytesOf('said'), attachment: bytesOf('OggS') })
      const [unheardJob, heardJob] = [await beginJob(inbox()), await beginJob(inbox(), request)]
      for (const job of [unheardJob, heardJob])
        await quota.reserve(job, { learnerId: learner.id, day: '2026-11-23', kind: 'voice' })
      await remember(journal(), heardJob, 'transcribe', 'Ahoj')
      await charge(journal(), heardJob, 100)
      for (const job of [unheardJob, heardJob]) await inbox().abandon(job, 'client-left: no')
      expect(await placesOf(db, learner)).toMatchObject([{ kind: 'unheard', place: 1 }])
      const { state, payload, attachment } = await rowOf(db, heardJob)
      expect([state, payload.length, attachment]).toEqual(['dead', 0, null])

      expect(await reopenSeen(inbox(), request)).toBe(true)
      const secondClaim = await inbox().claim(request.lane, 'lesson')
      expect(secondClaim).toMatchObject({ kind: 'claimed', job: { isResumed: true } })
      expect(secondClaim.kind === 'claimed' && secondClaim.job.payload).toEqual(request.payload)
    })

    test('a job buried because its silence could not be told still counts against the cap on silence', async () => {
      const { db } = database()
      const quota = pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: 1_000 })
      const learner = await newLearner(db)
      const job = await beginJob(inbox())
      const spentBefore = (await spentToday(db)) ?? 0
      await quota.reserve(job, { learnerId: learner.id, day: '2026-11-23', kind: 'voice' })
      await charge(journal(), job, 150)
      await quota.endWithoutLesson(job)
      await inbox().bury(job, 'telegram-failed: no')
      // The day is charged what the job has cost, not what was held back for it.
      expect((await spentToday(db)) ?? 0).toBe(spentBefore + 150)
      expect(await placesOf(db, learner)).toMatchObject([{ kind: 'unheard' }])
    })
  })

  describe('The sweep’s view', () => {
    test('a sweep sees each lane’s head that is due and free, the one due for longest first', async () => {
      const { db } = database()
      await sql`delete from inbox`.execute(db)
      const makeDue = async (job: { id: number }, secondsAgo: number) => {
        await sql`update inbox set due_at = now() - ${secondsAgo} * interval '1 second'
        where id = ${job.id}`.execute(db)
      }
      const runningJob = await beginJob(inbox())
      const lapsedJob = await beginJob(inbox())
      await lapseLease(db, lapsedJob)
      await makeDue(lapsedJob, 5)
      const retry = await beginJob(inbox())
      await inbox().retryLater(retry, SOON)
      await inbox().add(newJob({ lane: retry.lane }))
      const overdue = await beginJob(inbox())
      await inbox().retryLater(overdue, SOON)
      await makeDue(overdue, 10)
      await inbox().add(newJob({ lane: overdue.lane }))
      const doneJob = await beginJob(inbox())
      await inbox().finish(doneJob)
      await inbox().add(newJob({ poison: true }))
      await inbox().add(newJob({ lane: runningJob.lane }))

      expect(await dueLanes(inbox(), 10)).toEqual([overdue.lane, lapsedJob.lane])
      expect(await dueLanes(inbox(), 1)).toEqual([overdue.lane])
      expect(await dueLanes(inbox(), 0)).toEqual([])
    })

    test('a sweep sees every lane, however many jobs stand in another one before it', async () => {
      const { db } = database()
      await sql`delete from inbox`.execute(db)
      const [floodedLane, parkedLane, otherLane] = [newLane(), newLane(), newLane()]
      const waits = (lane: string, secondsAgo: number) =>
        sql`
        insert into inbox (source, key, lane, payload, due_at)
        select 'tg:1', ${lane} || ' ' || n, ${lane}, '{}', now() - ${secondsAgo} * interval '1 second'
        from generate_series(1, 60) as n`.execute(db)
      await waits(floodedLane, 90)
      await waits(parkedLane, 60)
      await inbox().retryLater(await claimJob(inbox(), parkedLane), SOON)
      await waits(otherLane, 30)
      expect(await dueLanes(inbox(), 1)).toEqual([floodedLane])
      expect(await dueLanes(inbox(), 5)).toEqual([floodedLane, otherLane])
      await claimJob(inbox(), floodedLane)
      expect(await dueLanes(inbox(), 1)).toEqual([otherLane])
    })

    test('a sweep makes due what waits longer than any job waits, as after the database’s clock was set back', async () => {
      const { db } = database()
      await sql`delete from inbox`.execute(db)
      await sql`delete from breaker`.execute(db)
      const setBack = sql`interval '1 hour'`
      const [job, parkedJob] = [await beginJob(inbox()), await beginJob(inbox())]
      await inbox().retryLater(job, { ...SOON, afterMs: 15 * 60_000 })
      await inbox().retryLater(parkedJob, { ...SOON, isParked: true })
      await pgBreaker(db).open('reply', 'provider-quota-exhausted')
      // Has not run yet: it is wanted at its hour.
      await inbox().add(newJob({ dueAt: new Date(Date.now() + 7_200_000) }))
      const sweepAgain = () =>
        sql`update duty set done_at = now() - interval '61 seconds'`.execute(db)
      await sweepAgain()
      await dueLanes(inbox(), 5)
      await sweepAgain()
      expect(await dueLanes(inbox(), 5)).toEqual([])

      await sql`update inbox set due_at = due_at + ${setBack}`.execute(db)
      await sql`update breaker set probe_at = probe_at + ${setBack}`.execute(db)
      await sql`update duty set done_at = now() + ${setBack}`.execute(db)
      await dueLanes(inbox(), 5)
      expect((await dueLanes(inbox(), 5)).sort()).toEqual([job.lane, parkedJob.lane].sort())
      expect(await pgBreaker(db).probe('reply')).toBe('probe')
      await sql`delete from breaker`.execute(db)
    })

    test('calls and the sums of their days are pruned after 400 days, a bounded number at once', async () => {
      const { db } = database()
      await forgetSpending(db)
      await sql`
        insert into usage (job_id, day, step, stage, vendor, model, micro_usd, is_estimate)
        select 0, (now() - age * interval '1 day')::date, 'reply', 'reply', 'v', 'm', 7, false
        from (values (402), (402), (401), (399), (0)) as calls (age), generate_series(1, 5)`.execute(
        db,
      )
      await sql`
        insert into budget_day select day, sum(micro_usd) from usage group by day`.execute(db)
      const daysLeft = async () => {
        await inbox().prune(1)
        const { rows } = await sql<{ age: number; calls: number; spent: number }>`
          select ((now())::date - day) as age, spent_micro_usd as spent,
            (select count(*) from usage where usage.day = budget_day.day) as calls
          from budget_day order by day`.execute(db)
        return rows.map(({ age, calls, spent }) => [age, calls, spent].map(Number).join(' '))
      }
      expect(await daysLeft()).toEqual(['402 0 0', '401 5 35', '399 5 35', '0 5 35'])
      expect(await daysLeft()).toEqual(['401 0 0', '399 5 35', '0 5 35'])
      expect(await daysLeft()).toEqual(['399 5 35', '0 5 35'])
      expect(await daysLeft()).toEqual(['399 5 35', '0 5 35'])
    })

    test('done jobs are pruned after 25 hours and failed ones after 30 days, a bounded number at once', async () => {
      const { db } = database()
      await sql`delete from inbox`.execute(db)
      const addEndedJob = async (how: 'finish' | 'bury' | 'poison', hoursAgo: number) => {
        const job = newJob({ poison: how === 'poison', key: `${how} ${hoursAgo}` })
        await inbox().add(job)
        if (how !== 'poison') {
          const claimedJob = await claimJob(inbox(), job.lane)
          await remember(pgJournal(db), claimedJob, 'answer', 1)
          if (how === 'finish') await inbox().finish(claimedJob)
          else await inbox().bury(claimedJob, 'no')
        }
        await finishedHoursAgo(db, job.key, hoursAgo)
      }
      for (const hours of [24, 26, 27]) await addEndedJob('finish', hours)
      for (const hours of [26, 29 * 24, 31 * 24]) await addEndedJob('bury', hours)
      for (const hours of [29 * 24, 31 * 24]) await addEndedJob('poison', hours)
      const waitingJob = newJob({ key: 'waiting' })
      await inbox().add(waitingJob)
      await sql`update inbox set received_at = now() - interval '90 days', due_at = received_at
      where key = 'waiting'`.execute(db)

      expect([await inbox().prune(3), await inbox().prune(3), await inbox().prune(3)]).toEqual([
        3, 1, 0,
      ])
      const rowsLeft = await db.selectFrom('inbox').select('key').orderBy('key').execute()
      expect(rowsLeft.map((row) => row.key)).toEqual([
        'bury 26',
        'bury 696',
        'finish 24',
        'poison 696',
        'waiting',
      ])
      const answers = await sql`select from journal where step = 'answer'`.execute(db)
      expect(answers.rows).toHaveLength(3)
    })
  })
})

describePostgres('Two processes', (database) => {
  test('two processes that claim one lane fifty times at once get its job once', async () => {
    await using otherPool = await secondPool(database().url)
    const inboxes = [database().db, otherPool.db].map((db) => pgInbox(db, LEASE))
    for (let round = 0; round < 6; round += 1) {
      const job = newJob()
      await inboxes[0]?.add(job)
      const claims = await Promise.all(
        Array.from({ length: 50 }, (_, n) => inboxes[n % 2]?.claim(job.lane, 'lesson')),
      )
      expect(claims.filter((claim) => claim?.kind === 'claimed')).toHaveLength(1)
      expect(claims.filter((claim) => claim?.kind === 'held')).toHaveLength(49)
      const storedJob = await inboxes[0]?.find(job.source, job.key)
      expect(await rowOf(database().db, { id: storedJob?.id ?? 0 })).toMatchObject({ attempts: 1 })
    }
  })

  test('two processes that store one job twenty times at once store it once', async () => {
    await using otherPool = await secondPool(database().url)
    const inboxes = [database().db, otherPool.db].map((db) => pgInbox(db, LEASE))
    const job = newJob({ message: { chatId: 9, messageId: 9 } })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        inboxes[n % 2]?.add({ ...job, key: n % 3 === 0 ? `${job.key} again` : job.key }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(19)
  })

  test('two processes that store jobs in one lane at once number them in the order of their commits', async () => {
    const { db, url } = database()
    await using otherPool = await secondPool(url)
    const lane = newLane()
    const [slowJob, quickJob] = [newJob({ lane }), newJob({ lane })]
    const storage = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const slowAdd = db.transaction().execute(async (trx) => {
      await pgInbox(trx, LEASE).add(slowJob)
      storage.resolve()
      await commit.promise
    })
    await storage.promise
    let overtook = false
    const secondInbox = pgInbox(otherPool.db, LEASE)
    const quickAdd = secondInbox.add(quickJob).then(() => {
      overtook = true
    })
    while (!overtook && !(await isAnyoneWaiting(db)))
      await secondInbox.find(quickJob.source, quickJob.key)
    const overtookThen = overtook
    commit.resolve()
    await Promise.all([slowAdd, quickAdd])
    expect(overtookThen).toBe(false)
    expect(await claimJob(secondInbox, lane)).toMatchObject({ key: slowJob.key })
  })

  const writes: [string, (db: Kysely<Tables>, job: Job) => Promise<unknown>][] = [
    ['remembers a step', (db, job) => remember(pgJournal(db), job, 'heard', 7)],
    ['takes a send back', (db, job) => pgJournal(db).unstart(job, 'heard')],
    [
      'takes a place',
      async (db, job) => {
        const { id: learnerId } = await newLearner(db)
        const quota = pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: undefined })
        return quota.reserve(job, { learnerId, day: '2026-11-23', kind: 'voice' })
      },
    ],
    [
      'ends without a lesson',
      (db, job) =>
        pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: undefined }).endWithoutLesson(
          job,
        ),
    ],
    ['prolongs its lease', (db, job) => pgInbox(db, LEASE).renew(job)],
  ]
  test.each(writes)(
    'a process leaves a job alone while another one, out of its lease, %s',
    async (_, write) => {
      const { db, url } = database()
      await using otherPool = await secondPool(url)
      const job = await beginJob(pgInbox(db, LEASE))
      await startSend(pgJournal(db), job, 'heard')
      const draft = newDraft(await newLearner(db))
      await pgLessons(db).record(job, draft, (oldProgress, n) =>
        advance(oldProgress, draft.day, n, { score: 50, wordsSaid: 6, isRepeated: false }),
      )
      await lapseLease(db, job)
      const writingDone = Promise.withResolvers<void>()
      const commit = Promise.withResolvers<void>()
      const slowTransaction = db.transaction().execute(async (trx) => {
        await write(trx, job)
        writingDone.resolve()
        await commit.promise
      })
      await Promise.race([writingDone.promise, slowTransaction])
      const claim = await pgInbox(otherPool.db, LEASE).claim(job.lane, 'lesson')
      commit.resolve()
      await slowTransaction
      expect(claim).toEqual({ kind: 'held' })
      await takeOver(otherPool.db, pgInbox(otherPool.db, LEASE), job)
    },
  )
})

async function secondPool(url: string | undefined) {
  const { db, close } = await openDatabase({ url, pgliteDir: '' })
  return { db, [Symbol.asyncDispose]: close }
}

async function isAnyoneWaiting(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`
    select from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where not granted and locktype = 'advisory' and datname = current_database()`.execute(db)
  return rows.length > 0
}

async function finishedHoursAgo(db: Kysely<Tables>, key: string, hours: number): Promise<void> {
  await sql`update inbox set finished_at = now() - ${hours} * interval '1 hour'
    where key = ${key}`.execute(db)
}
