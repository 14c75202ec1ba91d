import { type KyselyPlugin, sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { pgQuota } from '../../../lib/adapters/postgres/quota.ts'
import type { Fence } from '../../../lib/app/jobs/job.ts'
import type { LessonDraft, Lessons } from '../../../lib/app/lesson/stores.ts'
import { advance } from '../../../lib/domain/learner/progress.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import { beginJob, charge, takeOver } from '../../support/jobs.ts'
import {
  forgetSpending,
  learnerRow,
  newDraft,
  newLearner,
  spentToday,
} from '../../support/lessons.ts'

const LEASE = { leaseSeconds: 20 }

/** Records a draft as the product does. */
const record = (lessons: Lessons, fence: Fence, draft: LessonDraft) =>
  lessons.record(fence, draft, (oldProgress, lessonsOnDay) =>
    advance(oldProgress, draft.day, lessonsOnDay, {
      score: draft.score,
      wordsSaid: 6,
      isRepeated: false,
    }),
  )

const NO_PAST = { history: [], facts: [] }

describeDatabases('Lessons', (database) => {
  const inbox = () => pgInbox(database().db, LEASE)
  const journal = () => pgJournal(database().db)
  const lessons = () => pgLessons(database().db)
  const addLearner = () => newLearner(database().db)
  const starsOf = async (id: number) => {
    const { rows } = await sql<{ reason: string; key: string; stars: number }>`
      select reason, key, stars from star_entry where learner_id = ${id} order by key, reason
    `.execute(database().db)
    return rows
  }

  test('a lesson is recorded with what it earned', async () => {
    const learner = await addLearner()
    const draft = newDraft(learner, { score: 80 })
    const lesson = await record(lessons(), await beginJob(inbox()), draft)
    expect(lesson).toEqual({
      ...draft,
      id: expect.any(Number),
      starsEarned: 2,
      bonusStars: 0,
      lessonsOnDay: 1,
      memoryLane: null,
      progress: {
        totalStars: 2,
        run: { from: draft.day, to: draft.day },
        previousRun: null,
        maxStreak: 1,
      },
      account: { costMicroUsd: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
    })
    expect(await learnerRow(database().db, learner)).toMatchObject({
      total_stars: 2,
      run_from: draft.day,
      run_to: draft.day,
      previous_run_from: null,
      max_streak: 1,
    })
  })

  test('a learner who was deleted is told apart from a lost lease', async () => {
    const learner = await addLearner()
    const job = await beginJob(inbox())
    await database().db.deleteFrom('learner').where('id', '=', learner.id).execute()
    const lesson = { learnerId: learner.id, day: newDraft(learner).day }
    await expect(lessons().standing(job, lesson)).rejects.toMatchObject({ code: 'learner-gone' })
    await takeOver(database().db, inbox(), job)
    await expect(lessons().standing(job, lesson)).rejects.toMatchObject({ code: 'lease-lost' })
  })

  test('a job records one lesson, and gets the same one again', async () => {
    const learner = await addLearner()
    const job = await beginJob(inbox())
    const draft = newDraft(learner, {
      said: 'Bydlim „v“ Praha…',
      newWords: [{ czech: 'bydlet', translation: 'жити' }],
      mistakes: ['a', 'b', 'c'].map((original) => ({
        original,
        corrected: `${original}'`,
        category: 'spelling',
        explanationCs: 'Háček!',
        explanationNative: 'Гачек!',
      })),
    })
    const firstLesson = await record(lessons(), job, draft)
    const secondRun = await takeOver(database().db, inbox(), job)
    const changedDraft = newDraft(learner, { said: 'něco jiného', day: '2026-11-24', score: 100 })
    expect(await record(lessons(), secondRun, changedDraft)).toEqual(firstLesson)
    expect(await starsOf(learner.id)).toEqual([{ reason: 'lesson', key: `${job.id}`, stars: 1 }])
  })

  test('a lesson without mistakes or new words comes back without', async () => {
    const job = await beginJob(inbox())
    const draft = newDraft(await addLearner(), { mistakes: [], newWords: [], suggestion: '' })
    const firstLesson = await record(lessons(), job, draft)
    expect(await record(lessons(), job, draft)).toEqual(firstLesson)
    expect(firstLesson).toMatchObject({ mistakes: [], newWords: [] })
  })

  test('the fifth lesson of a day brings the bonus once, also when it is recorded again', async () => {
    const learner = await addLearner()
    const bonuses: number[] = []
    let fifth: Fence | undefined
    for (let count = 1; count <= 7; count += 1) {
      const job = await beginJob(inbox())
      if (count === 5) fifth = job
      const { bonusStars, lessonsOnDay } = await record(lessons(), job, newDraft(learner))
      expect(lessonsOnDay).toBe(count)
      bonuses.push(bonusStars)
    }
    expect(bonuses).toEqual([0, 0, 0, 0, 5, 0, 0])
    const repeatedLesson = fifth && (await record(lessons(), fifth, newDraft(learner)))
    expect(repeatedLesson).toMatchObject({ bonusStars: 5, lessonsOnDay: 5 })
    const entries = await starsOf(learner.id)
    expect(entries.filter(({ reason }) => reason === 'daily_challenge')).toEqual([
      { reason: 'daily_challenge', key: '2026-11-23', stars: 5 },
    ])
  })

  test('the stars are the sum of what they were given for', async () => {
    const learner = await addLearner()
    const days = ['2026-11-20', '2026-11-21', '2026-11-21', '2026-11-23', '2026-11-22']
    for (const [n, day] of days.entries()) {
      await record(
        lessons(),
        await beginJob(inbox()),
        newDraft(learner, { day, score: 60 + n * 10 }),
      )
    }
    const sum = (await starsOf(learner.id)).reduce((total, { stars }) => total + stars, 0)
    expect(sum).toBe(8)
    expect((await learnerRow(database().db, learner)).total_stars).toBe(sum)
  })

  test('a lesson held back over midnight joins the days that it lies between', async () => {
    const learner = await addLearner()
    const on = async (day: string) =>
      (await record(lessons(), await beginJob(inbox()), newDraft(learner, { day }))).progress
    await on('2026-11-20')
    await on('2026-11-21')
    expect(await on('2026-11-23')).toMatchObject({
      run: { from: '2026-11-23', to: '2026-11-23' },
      previousRun: { from: '2026-11-20', to: '2026-11-21' },
    })
    expect(await on('2026-11-22')).toMatchObject({
      run: { from: '2026-11-20', to: '2026-11-23' },
      previousRun: null,
      maxStreak: 4,
    })
    expect(await on('2026-11-22')).toMatchObject({ maxStreak: 4 })
  })

  test('a lesson is recorded on where the learner stands, however long ago that was looked at', async () => {
    const learner = await addLearner()
    const [firstDraft, secondDraft] = [newDraft(learner), newDraft(learner)]
    const [firstJob, secondJob] = [await beginJob(inbox()), await beginJob(inbox())]
    const oldStanding = await lessons().standing(secondJob, {
      learnerId: learner.id,
      day: secondDraft.day,
    })
    await record(lessons(), firstJob, firstDraft)
    const lesson = await lessons().record(
      secondJob,
      secondDraft,
      (oldProgress, count) =>
        advance(oldProgress, secondDraft.day, count, {
          score: secondDraft.score,
          wordsSaid: 6,
          isRepeated: false,
        }),
      oldStanding,
    )
    expect(lesson).toMatchObject({ lessonsOnDay: 2 })
    const { total_stars } = await learnerRow(database().db, learner)
    expect(lesson.progress.totalStars).toBe(total_stars)
  })

  test('a day’s challenge that was given once is not given again, though its lessons were deleted', async () => {
    const { db } = database()
    const learner = await addLearner()
    const draft = newDraft(learner)
    const lessonIds = []
    for (let count = 0; count < 5; count += 1)
      lessonIds.push((await record(lessons(), await beginJob(inbox()), draft)).id)
    await sql`delete from lesson where id = ${lessonIds[1]}`.execute(db)

    const { total_stars: starsBefore } = await learnerRow(db, learner)
    const lesson = await record(lessons(), await beginJob(inbox()), draft)
    expect(lesson).toMatchObject({ lessonsOnDay: 5, starsEarned: 1, bonusStars: 0 })
    expect(lesson.progress.totalStars).toBe(starsBefore + 1)
    const { total_stars } = await learnerRow(db, learner)
    expect(total_stars).toBe(starsBefore + 1)
    expect((await starsOf(learner.id)).reduce((sum, { stars }) => sum + stars, 0)).toBe(total_stars)
  })

  test('the newest exchanges come oldest first', async () => {
    const [learner, otherLearner] = [await addLearner(), await addLearner()]
    for (const said of ['první', 'druhá', 'třetí']) {
      const draft = newDraft(learner, { said, reply: `${said}?` })
      await record(lessons(), await beginJob(inbox()), draft)
    }
    await record(lessons(), await beginJob(inbox()), newDraft(otherLearner, { said: 'cizí' }))
    const turn = { mistakes: ['case'], isOfConversation: true }
    expect(await lessons().recent(learner.id, 2)).toEqual({
      history: [
        { said: 'druhá', reply: 'druhá?', ...turn },
        { said: 'třetí', reply: 'třetí?', ...turn },
      ],
      facts: [],
    })
    expect(await lessons().recent((await addLearner()).id, 10)).toEqual(NO_PAST)
  })

  test('the budget is settled by the ledger’s sum when the job ends, and the lesson has its whole cost', async () => {
    const { db } = database()
    await forgetSpending(db)
    const learner = await addLearner()
    const quota = pgQuota(db, { plan: { voice: 5, text: 5 }, dailyBudgetUsd: 100 })
    const job = await beginJob(inbox())
    const draft = newDraft(learner)
    await quota.reserve(job, { learnerId: learner.id, day: draft.day, kind: 'voice' })
    await charge(journal(), job, 600, 'transcribe')
    await charge(journal(), job, 1_100)
    expect(await spentToday(db)).toBe(30_000)
    const lesson = await record(lessons(), job, draft)
    expect(lesson.account.costMicroUsd).toBe(1_700)
    expect((await record(lessons(), job, draft)).account).toEqual(lesson.account)
    await charge(journal(), job, 4_000, 'speak')
    expect(await spentToday(db)).toBe(30_000)
    expect((await lessons().addSpeechCost(job)).account.costMicroUsd).toBe(5_700)
    await inbox().finish(job)
    expect(await spentToday(db)).toBe(5_700)
    const row = await db
      .selectFrom('lesson')
      .select(['cost_micro_usd', 'speech_cost_micro_usd'])
      .where('job_id', '=', job.id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ cost_micro_usd: 1_700, speech_cost_micro_usd: 4_000 })
  })

  describe('while a lesson is being recorded', () => {
    /** The lessons, in which something happens when the look-up has been answered, before the write. */
    const lessonsAfter = (act: () => Promise<unknown>) => {
      let hasActed = false
      const plugin: KyselyPlugin = {
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          if (!hasActed) {
            hasActed = true
            await act()
          }
          return result
        },
      }
      return pgLessons(database().db.withPlugin(plugin))
    }

    test('a setting changed while a lesson is recorded costs no lesson, and stays changed', async () => {
      const learner = await addLearner()
      const { db } = database()
      const change = () => pgLearners(db).change(learner.id, { level: 'advanced' })
      const lesson = await record(
        lessonsAfter(change),
        await beginJob(inbox()),
        newDraft(learner, { score: 80 }),
      )
      expect(lesson).toMatchObject({ lessonsOnDay: 1, progress: { totalStars: 2 } })
      expect(await learnerRow(db, learner)).toMatchObject({ level: 'advanced', total_stars: 2 })
      expect((await lessons().recent(learner.id, 9)).history).toHaveLength(1)
      expect(await starsOf(learner.id)).toHaveLength(1)
    })

    test('a lesson recorded meanwhile is counted before the later one', async () => {
      const learner = await addLearner()
      for (let count = 1; count <= 3; count += 1)
        await record(lessons(), await beginJob(inbox()), newDraft(learner))
      const recordAnother = async () =>
        record(lessons(), await beginJob(inbox()), newDraft(learner))
      const job = await beginJob(inbox())
      const lesson = await record(lessonsAfter(recordAnother), job, newDraft(learner))
      expect(lesson).toMatchObject({ lessonsOnDay: 5, bonusStars: 5 })
      expect(lesson.progress.totalStars).toBe(10)
      expect((await learnerRow(database().db, learner)).total_stars).toBe(10)
    })

    test('the same job recorded by another call is the same lesson', async () => {
      const learner = await addLearner()
      const job = await beginJob(inbox())
      const recordFirst = () => record(lessons(), job, newDraft(learner))
      const secondLesson = await record(
        lessonsAfter(recordFirst),
        job,
        newDraft(learner, { said: 'jiné' }),
      )
      expect(secondLesson).toMatchObject({ said: newDraft(learner).said, lessonsOnDay: 1 })
      expect(await record(lessons(), job, newDraft(learner))).toEqual(secondLesson)
    })

    test('a job taken over leaves nothing of the old run', async () => {
      const learner = await addLearner()
      const job = await beginJob(inbox())
      const lessonsTakenOver = lessonsAfter(() => takeOver(database().db, inbox(), job))
      await expect(record(lessonsTakenOver, job, newDraft(learner))).rejects.toMatchObject({
        code: 'lease-lost',
      })
      expect(await lessons().recent(learner.id, 9)).toEqual(NO_PAST)
      expect(await learnerRow(database().db, learner)).toMatchObject({ total_stars: 0 })
    })
  })

  test('many lessons of one learner at once count each', async () => {
    const learner = await addLearner()
    const days = Array.from({ length: 10 }, () => ['2026-11-23', '2026-11-24']).flat()
    const recordedLessons = await Promise.all(
      days.map(async (day) =>
        record(lessons(), await beginJob(inbox()), newDraft(learner, { day })),
      ),
    )
    const sortAscending = (numbers: number[]) => numbers.toSorted((a, b) => a - b)
    for (const day of days.slice(0, 2)) {
      const counts = recordedLessons
        .filter((lesson) => lesson.day === day)
        .map((lesson) => lesson.lessonsOnDay)
      expect(sortAscending(counts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }
    const totals = sortAscending(recordedLessons.map(({ progress }) => progress.totalStars))
    expect(new Set(totals).size).toBe(20)
    // Each lesson earns one star, and the fifth of either day five more.
    expect(totals.at(-1)).toBe(30)
    expect(await learnerRow(database().db, learner)).toMatchObject({
      total_stars: 30,
      run_from: '2026-11-23',
      run_to: '2026-11-24',
      max_streak: 2,
    })
    const stars = await starsOf(learner.id)
    expect(stars.reduce((sum, entry) => sum + entry.stars, 0)).toBe(30)
  })

  test('a lesson that is not recorded leaves nothing behind', async () => {
    const learner = await addLearner()
    const job = await beginJob(inbox())
    const impossible = newDraft(learner, { score: 101 })
    await expect(record(lessons(), job, impossible)).rejects.toThrow('lesson_score_check')
    expect(await starsOf(learner.id)).toEqual([])
    expect(await learnerRow(database().db, learner)).toMatchObject({ total_stars: 0, run_to: null })
    expect(await record(lessons(), job, newDraft(learner))).toMatchObject({ lessonsOnDay: 1 })
  })
})

describePostgres('Lessons of one learner in several processes', (database) => {
  test('lessons recorded by several processes at once count each, with the bonus once', async () => {
    const { db, url } = database()
    const otherDatabase = await openDatabase({ url, pgliteDir: '' })
    const learner = await newLearner(db)
    const jobs = await Promise.all(Array.from({ length: 12 }, () => beginJob(pgInbox(db, LEASE))))
    const recordedLessons = await Promise.all(
      jobs.map((job, n) =>
        record(
          pgLessons(n % 2 === 0 ? db : otherDatabase.db),
          job,
          newDraft(learner, { score: 90 }),
        ),
      ),
    )
    await otherDatabase.close()
    const counts = recordedLessons.map(({ lessonsOnDay }) => lessonsOnDay).sort((a, b) => a - b)
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(recordedLessons.filter(({ bonusStars }) => bonusStars === 5)).toHaveLength(1)
    expect(Math.max(...recordedLessons.map(({ progress }) => progress.totalStars))).toBe(12 * 2 + 5)
    const { rows } = await sql`select sum(stars)::int8 as stars from star_entry
      where learner_id = ${learner.id}`.execute(db)
    expect(rows).toEqual([{ stars: 29 }])
    expect(await learnerRow(db, learner)).toMatchObject({ total_stars: 29, max_streak: 1 })
  })

  test('a lesson waits for another change of the learner, and counts on from there', async () => {
    const { db } = database()
    const learner = await newLearner(db)
    const job = await beginJob(pgInbox(db, LEASE))
    const change = await db.startTransaction().execute()
    await sql`update learner set total_stars = 100 where id = ${learner.id}`.execute(change)
    const recording = record(pgLessons(db), job, newDraft(learner))
    await vi.waitFor(async () => {
      const { rows } = await sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
      expect(rows).toHaveLength(1)
    })
    await change.commit().execute()
    expect(await recording).toMatchObject({ lessonsOnDay: 1, progress: { totalStars: 101 } })
    expect((await learnerRow(db, learner)).total_stars).toBe(101)
  })

  test('a job recorded by two processes at once is one lesson', async () => {
    const { db } = database()
    const learner = await newLearner(db)
    const job = await beginJob(pgInbox(db, LEASE))
    const [lesson, sameLesson] = await Promise.all([
      record(pgLessons(db), job, newDraft(learner)),
      record(pgLessons(db), job, newDraft(learner)),
    ])
    expect(lesson).toEqual(sameLesson)
    expect((await learnerRow(db, learner)).total_stars).toBe(1)
  })
})
