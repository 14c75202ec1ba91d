import { expect, test } from 'vitest'
import type { Job } from '../../../lib/app/jobs/job.ts'
import type { Journal } from '../../../lib/app/jobs/journal.ts'
import { takeVoice } from '../../../lib/app/lesson/take-voice.ts'
import type { Learner } from '../../../lib/domain/learner/learner.ts'
import {
  answerWith,
  classroom,
  completeReply,
  listener,
  voiceNoteOf,
} from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, reach, rowOf, stepsOf, takeOver } from '../../support/jobs.ts'
import { learnerRow, lessonsOf, newLearner, placeKindsOf } from '../../support/lessons.ts'

const death = new Error('the process died')

describeDatabases(
  'takeVoice, resumed',
  (database) => {
    const db = () => database().db

    /** Dies right after this step was stored. */
    const diesAfter = (step: string) => (journal: Journal) => ({
      write: async (...[fence, entries, charges]: Parameters<Journal['write']>) => {
        const sends = await journal.write(fence, entries, charges)
        const isStored = entries.some(
          (entry) => entry.state === 'done' && entry.step.startsWith(step),
        )
        if (isStored) throw death
        return sends
      },
    })

    /** Runs the lesson of a job that a run before it has begun; `messages` are those that this run sends. */
    async function resume(room: ReturnType<typeof classroom>, job: Job, learner: Learner) {
      const run = await room.begin(job)
      const { audience, messages } = listener(run)
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), audience)
      return { outcome, messages }
    }

    test.each([
      ['transcribe', ['transcribe']],
      ['reply', ['transcribe', 'reply']],
      ['speak', ['transcribe', 'speak']],
      ['heard', ['transcribe', 'heard']],
      ['voice', ['transcribe', 'reply', 'speak', 'heard', 'voice']],
    ])(
      'a lesson whose process dies once %s is stored goes on from there, and repeats no stored step',
      async (step, storedSteps) => {
        const learner = await newLearner(db())
        const room = classroom(db(), {}, { journal: diesAfter(step) })
        const job = await beginJob(room.inbox)
        const firstRun = await room.begin(job)
        const firstListener = listener(firstRun)
        const lesson = takeVoice(room.deps, firstRun, voiceNoteOf(learner), firstListener.audience)
        await expect(lesson.finally(firstRun.settled)).rejects.toBe(death)

        const takenJob = await takeOver(db(), room.inbox, job)
        const steps = (await stepsOf(db(), job)).map((name) => name.replace(/:.*/, ''))
        expect(steps).toEqual(expect.arrayContaining(storedSteps))
        const paidBefore = room.paidStages.length
        const nextRoom = classroom(db())
        const { outcome, messages } = await resume(nextRoom, takenJob, learner)
        await nextRoom.inbox.finish(takenJob)

        expect(outcome).toMatchObject({ kind: 'taught', lesson: { starsEarned: 1 } })
        expect(nextRoom.paidStages.filter((stage) => storedSteps.includes(stage))).toEqual([])
        expect(paidBefore).toBeLessThanOrEqual(3)
        for (const message of ['heard', 'voice'].filter((step) => storedSteps.includes(step))) {
          expect(messages.filter((text) => text.startsWith(message))).toEqual([])
        }
        expect(await lessonsOf(db(), learner)).toMatchObject([
          { stars_earned: 1, speech_cost_micro_usd: 400 },
        ])
        expect((await learnerRow(db(), learner)).total_stars).toBe(1)
        expect(await placeKindsOf(db(), learner)).toEqual(['voice'])
      },
    )

    test('a lesson whose reply went out before its process died is corrected with that same reply, and is not spoken again', async () => {
      const learner = await newLearner(db())
      const speechSent = Promise.withResolvers<void>()
      const room = classroom(db(), {
        async answer(_, onReply) {
          onReply(completeReply('Ahoj!'))
          onReply({ ...completeReply('Ahoj!'), saidLanguage: 'cs' })
          await speechSent.promise
          throw death
        },
      })
      const job = await beginJob(room.inbox)
      const firstRun = await room.begin(job)
      const { audience } = listener(firstRun, {
        speech: async () =>
          void (await firstRun.send('voice', async () => 1, reach).finally(speechSent.resolve)),
      })
      await expect(
        takeVoice(room.deps, firstRun, voiceNoteOf(learner), audience).finally(firstRun.settled),
      ).rejects.toBe(death)

      const takenJob = await takeOver(db(), room.inbox, job)
      const givenReplies: (string | undefined)[] = []
      const nextRoom = classroom(db(), {
        async answer(_request, _onReply, givenReply) {
          givenReplies.push(givenReply)
          return answerWith({ reply: givenReply ?? 'Něco jiného.' })
        },
      })
      const { outcome, messages } = await resume(nextRoom, takenJob, learner)
      expect(givenReplies).toEqual(['Ahoj!'])
      expect(outcome).toMatchObject({ kind: 'taught', lesson: { reply: 'Ahoj!' } })
      expect(nextRoom.paidStages).toEqual(['reply'])
      expect(messages).toEqual(['verdict'])
    })

    test('speech that ends with its process is not stored as failed, so that a retry speaks', async () => {
      const learner = await newLearner(db())
      const speechBegun = Promise.withResolvers<void>()
      const room = classroom(db(), {
        async answer(_, onReply) {
          onReply(completeReply('Ahoj!'))
          await speechBegun.promise
          throw death
        },
        speak: () => {
          speechBegun.resolve()
          return new Promise(() => {})
        },
      })
      const job = await beginJob(room.inbox)
      const run = await room.begin(job)
      await expect(
        takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience).finally(
          run.settled,
        ),
      ).rejects.toBe(death)
      expect(await stepsOf(db(), job)).not.toContainEqual(expect.stringMatching(/^speak/))
      expect(room.log.lines.map(({ event }) => event)).not.toContain('speech_failed')
    })

    test('a lesson is not recorded before its reply is stored, as a retry may be given another one', async () => {
      const learner = await newLearner(db())
      const journal = (inner: Journal) => ({
        write: async (...[fence, entries, charges]: Parameters<Journal['write']>) => {
          if (entries.some(({ step }) => step === 'reply')) throw death
          return inner.write(fence, entries, charges)
        },
      })
      const room = classroom(db(), {}, { journal })
      const run = await room.newRun()
      const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      await expect(lesson).rejects.toBe(death)
      expect(await lessonsOf(db(), learner)).toEqual([])
      expect((await learnerRow(db(), learner)).total_stars).toBe(0)
    })

    test('a lesson whose process dies once it is recorded has the same outcome, with its stars once', async () => {
      const learner = await newLearner(db())
      const room = classroom(
        db(),
        {},
        {
          lessons: (lessons) => ({
            record: async (...args) => {
              await lessons.record(...args)
              throw death
            },
          }),
        },
      )
      const job = await beginJob(room.inbox)
      const firstRun = await room.begin(job)
      const lesson = takeVoice(
        room.deps,
        firstRun,
        voiceNoteOf(learner),
        listener(firstRun).audience,
      )
      await expect(lesson).rejects.toBe(death)

      const nextRoom = classroom(db())
      const takenJob = await takeOver(db(), room.inbox, job)
      const { outcome } = await resume(nextRoom, takenJob, learner)
      expect(outcome).toMatchObject({ lesson: { lessonsOnDay: 1, progress: { totalStars: 1 } } })
      expect(nextRoom.paidStages.filter((step) => step !== 'speak')).toEqual([])
      expect(await lessonsOf(db(), learner)).toHaveLength(1)
      expect((await learnerRow(db(), learner)).total_stars).toBe(1)
    })

    test('a message whose process dies while sending it is sent once more, and its job says so', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const job = await beginJob(room.inbox)
      const firstRun = await room.begin(job)
      const { audience } = listener(firstRun, {
        speech: async () => void (await firstRun.send('voice', () => Promise.reject(death), reach)),
      })
      const lesson = takeVoice(room.deps, firstRun, voiceNoteOf(learner), audience)
      await expect(lesson.finally(firstRun.settled)).rejects.toBe(death)

      const takenJob = await takeOver(db(), room.inbox, job)
      const secondRun = await room.begin(takenJob)
      const secondListener = listener(secondRun)
      await takeVoice(room.deps, secondRun, voiceNoteOf(learner), secondListener.audience)
      await room.inbox.finish(takenJob)
      expect(secondListener.messages).toContain('voice')
      expect(await rowOf(db(), job)).toMatchObject({ state: 'done', duplicates_possible: 1 })
    })
  },
  ['pglite'],
)
