import { expect, test } from 'vitest'
import { pgAttempts } from '../../../lib/adapters/postgres/attempts.ts'
import { pgExpectations } from '../../../lib/adapters/postgres/expectations.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { HINT } from '../../../lib/app/expectations.ts'
import { HELD } from '../../../lib/app/jobs/journal.ts'
import type { LessonMessages } from '../../../lib/app/lesson/stores.ts'
import { advance } from '../../../lib/domain/learner/progress.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, takeOver } from '../../support/jobs.ts'
import { learnerRow, newDraft, newLearner } from '../../support/lessons.ts'

const VERDICT = { messageId: 7, progress: { totalStars: 1, streak: 1, lessonsOnDay: 1 } }
const REPLY = {
  messageId: 8,
  form: 'voice',
  fileId: 'f',
  speed: 'normal',
  character: 'honzik',
} as const
const MESSAGES: LessonMessages = { verdict: VERDICT, reply: null }
const HELD_SPEECH = { ogg: new Uint8Array([1, 2]), durationSeconds: 1 }

describeDatabases('A lesson that is held back behind a hint', (database) => {
  const inbox = () => pgInbox(database().db, { leaseSeconds: 20 })
  const journal = () => pgJournal(database().db)
  const attempts = () => pgAttempts(database().db)
  const expectations = () => pgExpectations(database().db)

  /** A lesson whose job has ended, with its hint in message 7 and its speech held back. */
  async function heldLesson() {
    const { db } = database()
    const learner = await newLearner(db)
    const chatId = learner.telegramId ?? 0
    const job = await beginJob(inbox())
    const lesson = await pgLessons(db).record(job, newDraft(learner), (oldProgress, lessonsOnDay) =>
      advance(oldProgress, '2026-11-23', lessonsOnDay, {
        score: 67,
        wordsSaid: 3,
        isRepeated: false,
      }),
    )
    const question = { kind: HINT, about: String(job.id), chatId, messageId: 7 }
    await expectations().open(job, { ...question, learnerId: learner.id, keepHours: 1 })
    await journal().write(job, [{ step: HELD, state: 'done', value: HELD_SPEECH }], [])
    await pgLessons(db).addSpeechCost(job, MESSAGES)
    await inbox().finish(job)
    const hintBefore = (messageId: number, jobId: number) =>
      pgLearners(db).findSender(chatId, { jobId, messageId, replyTo: null })
    return { learner, chatId, question, hintBefore, key: { id: lesson.id, jobId: job.id } }
  }

  test('the speech of a lesson that is held back outlives the other steps of its job, until the lesson is concluded', async () => {
    const { key } = await heldLesson()
    expect(await journal().find(key.jobId, HELD)).toEqual(HELD_SPEECH)
    await attempts().conclude(await beginJob(inbox()), key, { verdict: VERDICT, reply: REPLY })
    expect(await journal().read(key.jobId)).toEqual([])
    const row = await database()
      .db.selectFrom('lesson')
      .select(['reply_message_id', 'reply_file_id', 'verdict_message_id'])
      .where('id', '=', key.id)
      .executeTakeFirst()
    expect(row).toEqual({ reply_message_id: 8, reply_file_id: 'f', verdict_message_id: 7 })
  })

  test('a message behind the hint is told of it, and one before it is not', async () => {
    const { hintBefore, key } = await heldLesson()
    const hint = { messageId: 7, kind: HINT, about: String(key.jobId) }
    expect((await hintBefore(8, 1))?.hints).toEqual([hint])
    expect((await hintBefore(7, 1))?.hints).toEqual([])
    expect((await hintBefore(6, 1))?.hints).toEqual([])
  })

  test('a reply to the hint is told of it as the question that it answers, too', async () => {
    const { chatId, key } = await heldLesson()
    const message = { jobId: 1, messageId: 9, replyTo: 7 }
    const sender = await pgLearners(database().db).findSender(chatId, message)
    expect(sender?.expectation?.about).toBe(String(key.jobId))
    expect(sender?.hints).toHaveLength(1)
  })

  test('one of two jobs that claim a hint at once has it, and has it again at its next run', async () => {
    const { learner, question, hintBefore } = await heldLesson()
    const jobs = [await beginJob(inbox()), await beginJob(inbox())] as const
    const claims = await Promise.all(
      jobs.map((job) => expectations().claim(job, learner.id, question)),
    )
    expect(claims.toSorted()).toEqual(['answered', 'claimed'])
    const [winner, loser] = claims[0] === 'claimed' ? jobs : jobs.toReversed()
    if (winner === undefined || loser === undefined) throw new Error('There are two jobs.')
    const resumedJob = await takeOver(database().db, inbox(), winner)
    expect(await expectations().claim(resumedJob, learner.id, question)).toBe('claimed')
    expect((await hintBefore(8, winner.id))?.hints).toHaveLength(1)
    expect((await hintBefore(8, loser.id))?.hints).toEqual([])
    await expect(expectations().claim(winner, learner.id, question)).rejects.toMatchObject({
      code: 'lease-lost',
    })
  })

  test('a job that has died with the hint leaves it to the next one', async () => {
    const { learner, question } = await heldLesson()
    const deadJob = await beginJob(inbox())
    await expectations().claim(deadJob, learner.id, question)
    await inbox().bury(deadJob, 'provider-failed: gone')
    expect(await expectations().claim(await beginJob(inbox()), learner.id, question)).toBe(
      'claimed',
    )
  })

  test('a hint that was never given is told apart from one that is answered', async () => {
    const { learner } = await heldLesson()
    const job = await beginJob(inbox())
    const absentHint = { kind: HINT, about: '0' }
    expect(await expectations().claim(job, learner.id, absentHint)).toBe('gone')
  })

  test('a right attempt earns one star, once a lesson, whichever jobs ask', async () => {
    const { learner, key } = await heldLesson()
    const jobs = [await beginJob(inbox()), await beginJob(inbox())]
    const totals = await Promise.all(jobs.map((job) => attempts().reward(job, key)))
    expect(Math.max(...totals.map((total) => total ?? 0))).toBe(2)
    expect(await learnerRow(database().db, learner)).toMatchObject({ total_stars: 2 })
  })

  test('no star is given for a lesson that no longer exists', async () => {
    const { learner, key } = await heldLesson()
    await database().db.deleteFrom('lesson').where('id', '=', key.id).execute()
    expect(await attempts().reward(await beginJob(inbox()), key)).toBeUndefined()
    expect(await learnerRow(database().db, learner)).toMatchObject({ total_stars: 1 })
  })

  test('a lesson’s job that is resumed does not move the messages that were noted since', async () => {
    const { db } = database()
    const learner = await newLearner(db)
    const job = await beginJob(inbox())
    const lesson = await pgLessons(db).record(job, newDraft(learner), (oldProgress, lessonsOnDay) =>
      advance(oldProgress, '2026-11-23', lessonsOnDay, {
        score: 67,
        wordsSaid: 3,
        isRepeated: false,
      }),
    )
    await pgLessons(db).addSpeechCost(job, MESSAGES)
    const key = { id: lesson.id, jobId: job.id }
    await attempts().conclude(await beginJob(inbox()), key, { verdict: VERDICT, reply: REPLY })
    await pgLessons(db).addSpeechCost(job, MESSAGES)
    const row = await db.selectFrom('lesson').select('reply_message_id').where('id', '=', key.id)
    expect(await row.executeTakeFirst()).toEqual({ reply_message_id: 8 })
  })
})
