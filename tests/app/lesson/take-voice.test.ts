import { describe, expect, test } from 'vitest'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { AppError } from '../../../lib/app/error.ts'
import type { Journal } from '../../../lib/app/jobs/journal.ts'
import type { LessonOutcome } from '../../../lib/app/lesson/lesson.ts'
import { takeVoice } from '../../../lib/app/lesson/take-voice.ts'
import {
  answerWith,
  classroom,
  completeReply,
  listener,
  speechOf,
  transcriptOf,
  voiceNoteOf,
} from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, rowOf, stepsOf, takeOver } from '../../support/jobs.ts'
import { learnerRow, newDraft, newLearner, placesOf } from '../../support/lessons.ts'

const death = new Error('the process died')

describeDatabases(
  'takeVoice',
  (database) => {
    const db = () => database().db
    const lessonsOf = (learner: { id: number }) =>
      db().selectFrom('lesson').selectAll().where('learner_id', '=', learner.id).execute()
    const kindsOf = async (learner: { id: number }) =>
      (await placesOf(db(), learner)).map(({ kind }) => kind)

    test('a voice note is transcribed, shown, corrected, scored, recorded and answered aloud', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const run = await room.newRun()
      const { audience, messages, verdicts, speeches } = listener(run)
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), audience)

      expect(outcome).toMatchObject({
        kind: 'taught',
        languages: ['cs'],
        speech: speechOf('Aha, a co se tam učíš?'),
        lesson: {
          said: 'Jdu do škola.',
          correctedText: 'Jdu do školy.',
          day: '2026-11-23',
          score: 67,
          wordsTotal: 3,
          wordsCorrect: 2,
          starsEarned: 1,
          streak: 1,
          challenge: { completed: false, needed: 4 },
          edits: [{ kind: 'replace', original: 'škola', replacement: 'školy' }],
        },
      })
      expect(messages.toSorted()).toEqual(['heard: Jdu do škola.', 'verdict', 'voice'])
      expect(outcome.kind === 'taught' && verdicts).toEqual([
        outcome.kind === 'taught' && outcome.lesson,
      ])
      expect(speeches).toEqual([speechOf('Aha, a co se tam učíš?')])
      expect(room.paidStages.toSorted()).toEqual(['reply', 'speak', 'transcribe'])
      expect(await lessonsOf(learner)).toMatchObject([
        { kind: 'voice', duration_seconds: 3, cost_micro_usd: 300, speech_cost_micro_usd: 400 },
      ])
      expect(await kindsOf(learner)).toEqual(['voice'])
      const [success] = room.log.lines
      expect(success).toMatchObject({
        event: 'voice_message_processed_successfully',
        fields: { user_id: learner.id, stars_earned: 1, streak: 1, cost_micro_usd: 700 },
      })
      expect(Object.keys(Object(success?.fields.stages_ms)).sort()).toEqual([
        'heard',
        'reply',
        'speak',
        'transcribe',
        'voice',
      ])
    })

    test('the tutor gets the earlier exchanges, oldest first', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      for (const said of ['první', 'druhá']) {
        const job = await beginJob(room.inbox)
        const draft = newDraft(learner, { said, reply: `${said}?` })
        await room.deps.lessons.record(job, draft, (before) => ({
          after: before,
          starsEarned: 1,
          bonusStars: 0,
        }))
      }
      const run = await room.newRun()
      await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(room.requests.map(({ history, said }) => ({ history, said }))).toEqual([
        {
          history: [
            { said: 'první', reply: 'první?' },
            { said: 'druhá', reply: 'druhá?' },
          ],
          said: 'Jdu do škola.',
        },
      ])
    })

    test('a voice note belongs to the day on which it was said where the learner lives', async () => {
      const learner = { ...(await newLearner(db())), timeZone: 'Asia/Vladivostok' }
      const room = classroom(db())
      const run = await room.newRun()
      const note = voiceNoteOf(learner, { saidAt: new Date('2026-11-22T14:30:00Z') })
      const outcome = await takeVoice(room.deps, run, note, listener(run).audience)
      expect(outcome).toMatchObject({ kind: 'taught', lesson: { day: '2026-11-23' } })
    })

    test('the fifth voice note of a day completes the challenge, once; the sixth finds no place', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const outcomes: LessonOutcome[] = []
      for (let count = 1; count <= 6; count += 1) {
        const run = await room.newRun()
        outcomes.push(await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience))
      }
      const lessons = outcomes.flatMap((outcome) =>
        outcome.kind === 'taught' ? [outcome.lesson] : [],
      )
      expect(lessons.map(({ bonusStars }) => bonusStars)).toEqual([0, 0, 0, 0, 5])
      expect(lessons.map(({ challenge }) => challenge.completed)).toEqual([
        false,
        false,
        false,
        false,
        true,
      ])
      expect(outcomes[5]).toEqual({
        kind: 'quota-used-up',
        lessonKind: 'voice',
        limit: 5,
        secondsLeft: 12 * 3_600,
      })
      expect((await learnerRow(db(), learner)).total_stars).toBe(10)
      expect(room.paidStages.filter((step) => step === 'transcribe')).toHaveLength(5)
    })

    describe('the overlap of a lesson', () => {
      test('the verdict does not wait for the speech', async () => {
        const learner = await newLearner(db())
        const speech = Promise.withResolvers<ReturnType<typeof speechOf>>()
        const room = classroom(db(), { speak: () => speech.promise })
        const run = await room.newRun()
        const verdictShown = Promise.withResolvers<void>()
        const { audience, messages } = listener(run, {
          verdict: async () => verdictShown.resolve(),
        })
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        await verdictShown.promise
        expect(messages).not.toContain('voice')
        expect(await lessonsOf(learner)).toHaveLength(1)
        speech.resolve(speechOf('Ahoj'))
        expect(await lesson).toMatchObject({ kind: 'taught' })
        expect(messages).toContain('voice')
      })

      test('the speech does not wait for the verdict to be shown', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        const run = await room.newRun()
        const verdict = Promise.withResolvers<void>()
        const speechSent = Promise.withResolvers<void>()
        const { audience } = listener(run, {
          verdict: () => verdict.promise,
          speech: async () => speechSent.resolve(),
        })
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        await speechSent.promise
        verdict.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught' })
      })

      test('speaking a reply does not wait for its corrections', async () => {
        const learner = await newLearner(db())
        const speaking = Promise.withResolvers<string>()
        const corrections = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(completeReply('Ahoj!'))
            await corrections.promise
            return answerWith({ reply: 'Ahoj!' })
          },
          async speak(text) {
            speaking.resolve(text)
            return speechOf(text)
          },
        })
        const run = await room.newRun()
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
        expect(await speaking.promise).toBe('Ahoj!')
        expect(await lessonsOf(learner)).toEqual([])
        corrections.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught', speech: speechOf('Ahoj!') })
      })

      test('the speech goes out before the corrections are written, once it is known that Czech was said', async () => {
        const learner = await newLearner(db())
        const language = Promise.withResolvers<void>()
        const corrections = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(completeReply('Ahoj!'))
            await language.promise
            onReply({ ...completeReply('Ahoj!'), saidLanguage: 'cs' })
            await corrections.promise
            return answerWith({ reply: 'Ahoj!' })
          },
        })
        const run = await room.newRun()
        const speechSent = Promise.withResolvers<void>()
        const { audience, messages } = listener(run, { speech: async () => speechSent.resolve() })
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        language.resolve()
        await speechSent.promise
        expect(messages).not.toContain('verdict')
        expect(await lessonsOf(learner)).toEqual([])
        corrections.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught', lesson: { reply: 'Ahoj!' } })
      })

      test('the tutor is asked while the transcript is still being shown', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        const run = await room.newRun()
        const showing = Promise.withResolvers<void>()
        const verdictShown = Promise.withResolvers<void>()
        const { audience } = listener(run, {
          transcript: () => showing.promise,
          verdict: async () => verdictShown.resolve(),
        })
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        await verdictShown.promise
        showing.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught' })
      })
    })

    describe('a refused voice note', () => {
      const refusal = async (
        script: Parameters<typeof classroom>[1],
        note: Parameters<typeof voiceNoteOf>[1] = {},
      ) => {
        const learner = await newLearner(db())
        const room = classroom(db(), script)
        const run = await room.newRun()
        const { audience, messages } = listener(run)
        const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner, note), audience)
        expect(await lessonsOf(learner)).toEqual([])
        expect((await learnerRow(db(), learner)).total_stars).toBe(0)
        return { outcome, messages, paidStages: room.paidStages, places: await kindsOf(learner) }
      }

      test('a voice note that declares that it is too long or too big costs nothing and takes no place', async () => {
        expect(await refusal({}, { seconds: 62 })).toEqual({
          outcome: { kind: 'voice-too-long', seconds: 62 },
          messages: [],
          paidStages: [],
          places: [],
        })
        expect(await refusal({}, { declaredBytes: 21 * 1024 * 1024 })).toMatchObject({
          outcome: { kind: 'voice-too-big' },
          paidStages: [],
          places: [],
        })
      })

      test('a voice note that is longer than it declares, or no audio, is not transcribed', async () => {
        const long = { seconds: 90, declaredSeconds: 5 }
        expect(await refusal({}, long)).toMatchObject({
          outcome: { kind: 'voice-too-long', seconds: 90 },
          paidStages: [],
          places: [],
        })
        expect(await refusal({}, { seconds: 0 })).toMatchObject({
          outcome: { kind: 'not-audio' },
          paidStages: [],
          places: [],
        })
      })

      test.each(['voice-expired', 'voice-too-big'] as const)(
        'a voice note of which Telegram says %s takes no place',
        async (kind) => {
          const download = async () => ({ kind })
          expect(await refusal({}, { download })).toMatchObject({
            outcome: { kind },
            paidStages: [],
            places: [],
          })
        },
      )

      test.each([
        ['', 'silence'],
        [' … ', 'silence'],
        ['Titulky vytvořil JohnyX', 'silence'],
        ['Děkuji za sledování!', 'silence'],
        ['Дякую за перегляд!', 'silence'],
      ])('the transcript "%s" is silence, and counts as unheard', async (text, kind) => {
        const result = await refusal({ transcribe: async () => transcriptOf(text) })
        expect(result).toEqual({
          outcome: { kind },
          messages: [],
          paidStages: ['transcribe'],
          places: ['unheard'],
        })
      })

      test.each([
        [transcriptOf('Привіт, як справи?', ['uk']), 'uk'],
        [transcriptOf('Привет, как дела?', []), 'ru'],
        [transcriptOf('Hello there', ['en']), 'en'],
        [transcriptOf('こんにちは', ['cs']), null],
      ])(
        'a transcript in another language is no lesson, and counts as unheard: %o',
        async (transcript, language) => {
          const result = await refusal({ transcribe: async () => transcript })
          expect(result).toEqual({
            outcome: { kind: 'other-language', lessonKind: 'voice', language },
            messages: [],
            paidStages: ['transcribe'],
            places: ['unheard'],
          })
        },
      )

      test('a voice note that the model declines to talk about is no lesson, and counts as unheard', async () => {
        const result = await refusal({
          answer: () => Promise.reject(new AppError('provider-refused', 'content_filter')),
        })
        expect(result).toMatchObject({
          outcome: { kind: 'refused' },
          messages: ['heard: Jdu do škola.'],
          paidStages: ['transcribe', 'reply'],
          places: ['unheard'],
        })
      })

      test('after fifteen unheard voice notes the next one is not transcribed', async () => {
        const learner = await newLearner(db())
        const room = classroom(db(), { transcribe: async () => transcriptOf('') })
        const outcomes: LessonOutcome[] = []
        for (let count = 1; count <= 16; count += 1) {
          const run = await room.newRun()
          outcomes.push(
            await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience),
          )
        }
        expect(outcomes.slice(0, 15)).toEqual(Array(15).fill({ kind: 'silence' }))
        expect(outcomes[15]).toEqual({ kind: 'unheard-used-up', secondsLeft: 12 * 3_600 })
        expect(room.paidStages).toHaveLength(15)
      })
    })

    describe('speech that fails', () => {
      test.each([
        'provider-failed',
        'provider-timeout',
        'provider-refused',
        'provider-quota-exhausted',
      ] as const)('a lesson whose reply cannot be spoken sends it in writing: %s', async (code) => {
        const learner = await newLearner(db())
        const room = classroom(db(), { speak: () => Promise.reject(new AppError(code, 'no')) })
        const run = await room.newRun()
        const { audience, messages, speeches } = listener(run)
        const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        expect(outcome).toMatchObject({ kind: 'taught', speech: null })
        expect(speeches).toEqual([null])
        expect(messages).toContain('text: Aha, a co se tam učíš?')
        expect(await lessonsOf(learner)).toMatchObject([
          { cost_micro_usd: 300, speech_cost_micro_usd: null },
        ])
      })

      test('a bug in speaking costs the speech, not the lesson', async () => {
        const learner = await newLearner(db())
        const room = classroom(db(), { speak: () => Promise.reject(new TypeError('ours')) })
        const run = await room.newRun()
        const { audience, speeches } = listener(run)
        const lesson = await takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        expect([lesson.kind, speeches]).toEqual(['taught', [null]])
      })

      test('a reply whose speech ends with the run does not go out in writing', async () => {
        const learner = await newLearner(db())
        const end = new AbortController()
        const room = classroom(db(), {
          async speak() {
            end.abort(new Error('over'))
            throw new AppError('provider-failed', 'aborted')
          },
        })
        const run = await room.begin(await beginJob(room.inbox), end.signal)
        const { audience, speeches } = listener(run)
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), audience)
        await expect(lesson).rejects.toMatchObject({ code: 'provider-failed' })
        expect(speeches).toEqual([])
      })
    })

    describe('a process that dies', () => {
      /** Dies right after this step was stored. */
      const diesAfter = (step: string) => (journal: Journal) => ({
        write: async (...[fence, entries]: Parameters<Journal['write']>) => {
          const sends = await journal.write(fence, entries)
          const isStored = entries.some(
            (entry) => entry.state === 'done' && entry.step.startsWith(step),
          )
          if (isStored) throw death
          return sends
        },
      })

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
          const first = await room.begin(job)
          const before = listener(first)
          const lesson = takeVoice(room.deps, first, voiceNoteOf(learner), before.audience)
          await expect(lesson.finally(first.settled)).rejects.toBe(death)

          const takenJob = await takeOver(db(), room.inbox, job)
          const steps = (await stepsOf(db(), job)).map((name) => name.replace(/:.*/, ''))
          expect(steps).toEqual(expect.arrayContaining(storedSteps))
          const paidBefore = room.paidStages.length
          const next = classroom(db())
          const second = await next.begin(takenJob)
          const after = listener(second)
          const outcome = await takeVoice(next.deps, second, voiceNoteOf(learner), after.audience)
          await next.inbox.finish(takenJob)

          expect(outcome).toMatchObject({ kind: 'taught', lesson: { starsEarned: 1 } })
          expect(next.paidStages.filter((stage) => storedSteps.includes(stage))).toEqual([])
          expect(paidBefore).toBeLessThanOrEqual(3)
          for (const message of ['heard', 'voice'].filter((step) => storedSteps.includes(step))) {
            expect(after.messages.filter((text) => text.startsWith(message))).toEqual([])
          }
          expect(await lessonsOf(learner)).toMatchObject([
            { stars_earned: 1, speech_cost_micro_usd: 400 },
          ])
          expect((await learnerRow(db(), learner)).total_stars).toBe(1)
          expect(await kindsOf(learner)).toEqual(['voice'])
        },
      )

      test('a lesson whose reply went out before its process died is corrected with that very reply, and speaks no more', async () => {
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
        const first = await room.begin(job)
        const { audience } = listener(first, {
          speech: async () =>
            void (await first.send('voice', async () => 1).finally(speechSent.resolve)),
        })
        await expect(
          takeVoice(room.deps, first, voiceNoteOf(learner), audience).finally(first.settled),
        ).rejects.toBe(death)

        const takenJob = await takeOver(db(), room.inbox, job)
        const givenReplies: (string | undefined)[] = []
        const next = classroom(db(), {
          async answer(_request, _onReply, givenReply) {
            givenReplies.push(givenReply)
            return answerWith({ reply: givenReply ?? 'Něco jiného.' })
          },
        })
        const second = await next.begin(takenJob)
        const after = listener(second)
        const outcome = await takeVoice(next.deps, second, voiceNoteOf(learner), after.audience)
        expect(givenReplies).toEqual(['Ahoj!'])
        expect(outcome).toMatchObject({ kind: 'taught', lesson: { reply: 'Ahoj!' } })
        expect(next.paidStages).toEqual(['reply'])
        expect(after.messages).toEqual(['verdict'])
      })

      test('speech that ends with its process is not stored as failed, so that a retry speaks', async () => {
        const learner = await newLearner(db())
        const speaking = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(completeReply('Ahoj!'))
            await speaking.promise
            throw death
          },
          speak: () => {
            speaking.resolve()
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
          write: async (...[fence, entries]: Parameters<Journal['write']>) => {
            if (entries.some(({ step }) => step === 'reply')) throw death
            return inner.write(fence, entries)
          },
        })
        const room = classroom(db(), {}, { journal })
        const run = await room.newRun()
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
        await expect(lesson).rejects.toBe(death)
        expect(await lessonsOf(learner)).toEqual([])
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
        const first = await room.begin(job)
        const lesson = takeVoice(room.deps, first, voiceNoteOf(learner), listener(first).audience)
        await expect(lesson).rejects.toBe(death)

        const next = classroom(db())
        const second = await next.begin(await takeOver(db(), room.inbox, job))
        const after = listener(second)
        const outcome = await takeVoice(next.deps, second, voiceNoteOf(learner), after.audience)
        expect(outcome).toMatchObject({ lesson: { lessonsOnDay: 1, progress: { totalStars: 1 } } })
        expect(next.paidStages.filter((step) => step !== 'speak')).toEqual([])
        expect(await lessonsOf(learner)).toHaveLength(1)
        expect((await learnerRow(db(), learner)).total_stars).toBe(1)
      })

      test('a message whose process dies while sending it is sent once more, and its job says so', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        const job = await beginJob(room.inbox)
        const first = await room.begin(job)
        const { audience } = listener(first, {
          speech: async () => void (await first.send('voice', () => Promise.reject(death))),
        })
        const lesson = takeVoice(room.deps, first, voiceNoteOf(learner), audience)
        await expect(lesson.finally(first.settled)).rejects.toBe(death)

        const takenJob = await takeOver(db(), room.inbox, job)
        const second = await room.begin(takenJob)
        const after = listener(second)
        await takeVoice(room.deps, second, voiceNoteOf(learner), after.audience)
        await room.inbox.finish(takenJob)
        expect(after.messages).toContain('voice')
        expect(await rowOf(db(), job)).toMatchObject({ state: 'done', duplicates_possible: 1 })
      })
    })

    describe('a provider without quota', () => {
      test('a voice note is put off without a place or a call while the provider has no quota', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        await pgBreaker(db()).open()
        const run = await room.newRun()
        const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
        await expect(lesson).rejects.toMatchObject({
          code: 'provider-parked',
          retryAfterMs: expect.any(Number),
        })
        expect([room.paidStages, await kindsOf(learner)]).toEqual([[], []])
      })

      test('the lesson that finds that the provider has quota again wakes the parked jobs', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        await pgBreaker(db()).open()
        const parkedJob = await beginJob(room.inbox)
        const park = { afterMs: 300_000, error: 'no', countsAttempt: false, parked: true }
        await room.inbox.retryLater(parkedJob, park)
        await db()
          .updateTable('breaker')
          .set({ probe_at: new Date(0) })
          .execute()
        const run = await room.newRun()
        await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
        expect(room.woken).toEqual([parkedJob.lane])
        expect(await db().selectFrom('breaker').selectAll().execute()).toEqual([])
      })
    })

    test('a voice note of an API client that wants no voice is answered without speech', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const run = await room.newRun()
      const { audience, speeches } = listener(run)
      const note = voiceNoteOf(learner, { wantsVoice: false })
      expect(await takeVoice(room.deps, run, note, audience)).toMatchObject({ speech: null })
      expect(room.paidStages).toEqual(['transcribe', 'reply'])
      expect(speeches).toEqual([])
    })

    test('a voice note that only the tutor takes for another language is no lesson', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: async () => transcriptOf('Hello, how are you today?'),
        async answer(_, onReply) {
          onReply(completeReply('Hezky.'))
          return answerWith({ reply: 'Hezky.', saidLanguage: 'en' })
        },
      })
      const run = await room.newRun()
      const { audience, verdicts } = listener(run)
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), audience)
      expect(outcome).toEqual({ kind: 'other-language', lessonKind: 'voice', language: 'en' })
      expect([verdicts, await kindsOf(learner)]).toEqual([[], ['unheard']])
    })

    test('a voice note that the recogniser rejects is no lesson, and takes no place', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: () => Promise.reject(new AppError('audio-rejected', 'transcribe: HTTP 400')),
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(outcome).toEqual({ kind: 'not-audio' })
      expect(await kindsOf(learner)).toEqual([])
    })

    test('a voice note is not corrected for what a listener cannot hear', async () => {
      const learner = await newLearner(db())
      const mistake = {
        corrected: 'Praha',
        category: 'spelling',
        explanationCs: 'Velké písmeno.',
        explanationNative: '',
      } as const
      const room = classroom(db(), {
        transcribe: async () => transcriptOf('bydlím praha u praze'),
        async answer(_, onReply) {
          onReply(completeReply('Hezky.'))
          const mistakes = [
            { ...mistake, original: 'praha' },
            { ...mistake, original: 'praze' },
            // These words were not said.
            { ...mistake, original: 'do obchod' },
          ]
          return answerWith({ reply: 'Hezky.', correctedText: 'Bydlím, Praha u praze!', mistakes })
        },
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(outcome).toMatchObject({
        lesson: { score: 100, edits: [], mistakes: [{ original: 'praze' }] },
      })
    })
  },
  ['pglite'],
)
