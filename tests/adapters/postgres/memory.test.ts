import { describe, expect, test } from 'vitest'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { pgMemory } from '../../../lib/adapters/postgres/memory.ts'
import { pgRetakes } from '../../../lib/adapters/postgres/retakes.ts'
import type { Finding, Notebook } from '../../../lib/app/memory/memory.ts'
import type { Learner } from '../../../lib/domain/learner/learner.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, takeOver } from '../../support/jobs.ts'
import { newDraft, newLearner } from '../../support/lessons.ts'

describeDatabases('Memory', (database) => {
  const inbox = () => pgInbox(database().db, { leaseSeconds: 20 })
  const memory = () => pgMemory(database().db)
  const job = () => beginJob(inbox())

  /** A learner who has had a lesson for each sentence; what is to be looked at then. */
  async function learnerAfter(sentences: readonly string[]) {
    const learner = await newLearner(database().db)
    for (const said of sentences) await teach(learner, said)
    return { learner, notebook: await notebookOf(learner) }
  }

  async function teach(learner: Learner, said: string, day = '2026-11-23') {
    const lessons = pgLessons(database().db)
    const draft = newDraft(learner, { said, reply: `${said}?`, day })
    return lessons.record(await job(), draft, (oldProgress) => ({
      progress: oldProgress,
      starsEarned: 1,
      bonusStars: 0,
    }))
  }

  async function notebookOf({ id }: Learner): Promise<Notebook> {
    const notebook = await memory().notebookOf(id, 20)
    if (notebook === undefined) throw new Error('There is nothing to look at.')
    return notebook
  }

  /** A fact of each exchange: its words. */
  function findingIn({ exchanges, after, upto }: Notebook): Finding {
    const newFacts = exchanges.map(({ lessonId, said }) => ({ lessonId, text: said }))
    return {
      added: newFacts,
      removedIds: [],
      after,
      upto,
      jobIds: exchanges.map(({ jobId }) => jobId),
    }
  }

  async function textsOf({ id }: Learner): Promise<string[]> {
    return (await memory().factsOf(id)).map(({ text }) => text)
  }

  const jobsIn = ({ id }: Learner) =>
    database()
      .db.selectFrom('inbox')
      .select(['source', 'slots', 'state', 'learner_id'])
      .where('lane', '=', `memory:${id}`)
      .execute()

  describe('the job that looks for facts', () => {
    test('a job that looks for facts is stored with the fifth lesson, once while it waits', async () => {
      const learner = await newLearner(database().db)
      for (const said of ['a', 'b', 'c', 'd']) {
        expect((await teach(learner, said)).memoryLane).toBeNull()
      }
      expect((await teach(learner, 'e')).memoryLane).toBe(`memory:${learner.id}`)
      expect((await teach(learner, 'f')).memoryLane).toBeNull()
      expect(await jobsIn(learner)).toEqual([
        {
          ...{ source: 'memory:tg', slots: 'background', state: 'waiting' },
          learner_id: learner.id,
        },
      ])
    })

    test('a job that looks for facts is stored with the first lesson of a day that follows another one', async () => {
      const learner = await newLearner(database().db)
      await teach(learner, 'a', '2026-11-23')
      expect((await teach(learner, 'b', '2026-11-24')).memoryLane).toBe(`memory:${learner.id}`)
    })

    test('a lesson that is recorded again names the lane of the job that looks for facts while that waits', async () => {
      const learner = await newLearner(database().db)
      await teach(learner, 'a', '2026-11-23')
      const lessonJob = await job()
      const record = () =>
        pgLessons(database().db).record(
          lessonJob,
          newDraft(learner, { said: 'b', day: '2026-11-24' }),
          (oldProgress) => ({ progress: oldProgress, starsEarned: 1, bonusStars: 0 }),
        )
      const lane = `memory:${learner.id}`
      expect((await record()).memoryLane).toBe(lane)
      expect((await record()).memoryLane).toBe(lane)
      await database()
        .db.updateTable('inbox')
        .set({ state: 'done', finished_at: new Date() })
        .where('lane', '=', lane)
        .execute()
      expect((await record()).memoryLane).toBeNull()
    })

    test('no job looks for facts about a learner who has turned it off', async () => {
      const { learner } = await learnerAfter(['a'])
      await memory().turn(await job(), learner.id, false)
      await database()
        .db.updateTable('learner')
        .set({ facts_upto: 0 })
        .where('id', '=', learner.id)
        .execute()
      expect((await teach(learner, 'b', '2026-11-24')).memoryLane).toBeNull()
    })
  })

  test('each lesson is looked at once for facts, with what the tutor had asked before', async () => {
    const { learner, notebook } = await learnerAfter(['a', 'b'])
    expect(notebook.exchanges).toMatchObject([
      { replyBefore: '', said: 'a' },
      { replyBefore: 'a?', said: 'b' },
    ])
    expect(await memory().keep(await job(), learner.id, findingIn(notebook))).toBe(true)
    expect(await memory().notebookOf(learner.id, 20)).toBeUndefined()
    expect(await memory().keep(await job(), learner.id, findingIn(notebook))).toBe(false)
    expect(await textsOf(learner)).toEqual(['a', 'b'])
    await teach(learner, 'c')
    expect((await notebookOf(learner)).exchanges).toMatchObject([{ replyBefore: 'b?', said: 'c' }])
  })

  test('only the newest of many lessons are looked at for facts', async () => {
    const { learner } = await learnerAfter(['a', 'b', 'c', 'd'])
    expect((await memory().notebookOf(learner.id, 2))?.exchanges).toMatchObject([
      { replyBefore: 'b?', said: 'c' },
      { replyBefore: 'c?', said: 'd' },
    ])
  })

  test('a fact is replaced by a newer one in the same change', async () => {
    const { learner, notebook } = await learnerAfter(['a'])
    await memory().keep(await job(), learner.id, findingIn(notebook))
    const [fact] = await memory().factsOf(learner.id)
    await teach(learner, 'b')
    const finding = { ...findingIn(await notebookOf(learner)), removedIds: [fact?.id ?? 0] }
    await memory().keep(await job(), learner.id, finding)
    expect(await textsOf(learner)).toEqual(['b'])
  })

  test('no fact that was found is kept once the learner has deleted a fact or all of them, or turned memory off', async () => {
    for (const forget of [
      async ({ id }: Learner) =>
        memory().forget(await job(), id, (await memory().factsOf(id))[0]?.id ?? 0),
      async ({ id }: Learner) => memory().forget(await job(), id, 'all'),
      async ({ id }: Learner) => memory().turn(await job(), id, false),
      async ({ id }: Learner) => {
        await memory().turn(await job(), id, false)
        await memory().turn(await job(), id, true)
      },
    ]) {
      const { learner, notebook } = await learnerAfter(['a'])
      await memory().keep(await job(), learner.id, findingIn(notebook))
      await teach(learner, 'b')
      const laterNotebook = await notebookOf(learner)
      await forget(learner)
      expect(await memory().keep(await job(), learner.id, findingIn(laterNotebook))).toBe(false)
      expect(await textsOf(learner)).toEqual([])
      expect(await memory().notebookOf(learner.id, 20)).toBeUndefined()
    }
  })

  test('a run that has lost its job keeps nothing, and deletes nothing', async () => {
    const { learner, notebook } = await learnerAfter(['a'])
    const lostJob = await job()
    await takeOver(database().db, inbox(), lostJob)
    const leaseLost = { code: 'lease-lost' }
    await expect(memory().keep(lostJob, learner.id, findingIn(notebook))).rejects.toMatchObject(
      leaseLost,
    )
    await memory().keep(await job(), learner.id, findingIn(notebook))
    await expect(memory().forget(lostJob, learner.id, 'all')).rejects.toMatchObject(leaseLost)
    await expect(memory().turn(lostJob, learner.id, false)).rejects.toMatchObject(leaseLost)
    await expect(memory().beginConversation(lostJob, learner.id)).rejects.toMatchObject(leaseLost)
    expect(await textsOf(learner)).toEqual(['a'])
  })

  test('a learner’s facts are not deleted by another one', async () => {
    const { learner, notebook } = await learnerAfter(['a'])
    await memory().keep(await job(), learner.id, findingIn(notebook))
    const [fact] = await memory().factsOf(learner.id)
    const otherLearner = await newLearner(database().db)
    await memory().forget(await job(), otherLearner.id, fact?.id ?? 0)
    await memory().forget(await job(), otherLearner.id, 'all')
    expect(await textsOf(learner)).toEqual(['a'])
  })

  describe('a lesson whose words were misheard', () => {
    const words = (learner: Learner) => newDraft(learner, { said: 'něco jiného' })

    async function sayAgain(learner: Learner) {
      const { db } = database()
      const [lesson] = await db
        .selectFrom('lesson')
        .selectAll()
        .where('learner_id', '=', learner.id)
        .execute()
      if (lesson === undefined) throw new Error('There is no lesson.')
      const retakeJob = await job()
      const place = { learnerId: learner.id, day: lesson.day }
      const standingLesson = await pgLessons(db).standing(retakeJob, place)
      const replacedLesson = { id: lesson.id, day: lesson.day, bonusStars: 0 }
      await pgRetakes(db).replace(retakeJob, replacedLesson, words(learner), 1, standingLesson)
    }

    test('a lesson that is said again loses the facts of what was misheard', async () => {
      const { learner, notebook } = await learnerAfter(['a'])
      await memory().keep(await job(), learner.id, findingIn(notebook))
      await sayAgain(learner)
      expect(await textsOf(learner)).toEqual([])
    })

    test('nothing is kept of a lesson that is said again while it is looked at for facts', async () => {
      const { learner, notebook } = await learnerAfter(['a', 'b'])
      await sayAgain(learner)
      expect(await memory().keep(await job(), learner.id, findingIn(notebook))).toBe(true)
      expect(await textsOf(learner)).toEqual(['b'])
    })
  })

  test('a new conversation begins behind the newest lesson', async () => {
    const { learner } = await learnerAfter(['a'])
    const recent = async () => (await pgLessons(database().db).recent(learner.id, 9)).history
    await memory().beginConversation(await job(), learner.id)
    await teach(learner, 'b')
    expect(await recent()).toMatchObject([
      { said: 'a', isOfConversation: false },
      { said: 'b', isOfConversation: true },
    ])
  })
})
