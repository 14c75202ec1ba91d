import { describe, expect, test } from 'vitest'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { AppError } from '../../../lib/app/error.ts'
import type { Journal } from '../../../lib/app/jobs/journal.ts'
import type { LessonOutcome } from '../../../lib/app/lesson/lesson.ts'
import { takeVoice } from '../../../lib/app/lesson/take-voice.ts'
import {
  answerWith,
  classroom,
  heardAs,
  listener,
  noteOf,
  spokenAs,
  whole,
} from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, rowOf, stepsOf, takeOver } from '../../support/jobs.ts'
import { learnerRow, newDraft, newLearner, placesOf } from '../../support/lessons.ts'

const died = new Error('the process died')

describeDatabases(
  'A voice note',
  (database) => {
    const db = () => database().db
    const lessonsOf = (learner: { id: number }) =>
      db().selectFrom('lesson').selectAll().where('learner_id', '=', learner.id).execute()
    const kindsOf = async (learner: { id: number }) =>
      (await placesOf(db(), learner)).map(({ kind }) => kind)

    test('is heard, shown, corrected, scored, recorded and answered aloud', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const run = await room.newRun()
      const { audience, told, verdicts, spoken } = listener(run)
      const outcome = await takeVoice(room.deps, run, noteOf(learner), audience)

      expect(outcome).toMatchObject({
        kind: 'taught',
        languages: ['cs'],
        speech: spokenAs('Aha, a co se tam učíš?'),
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
      expect(told.toSorted()).toEqual(['heard: Jdu do škola.', 'verdict', 'voice'])
      expect(outcome.kind === 'taught' && verdicts).toEqual([
        outcome.kind === 'taught' && outcome.lesson,
      ])
      expect(spoken).toEqual([spokenAs('Aha, a co se tam učíš?')])
      expect(room.paid.toSorted()).toEqual(['reply', 'speak', 'transcribe'])
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

    test('is remembered by the tutor, oldest first', async () => {
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
      await takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
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

    test('belongs to the day on which it was said where the learner lives', async () => {
      const learner = { ...(await newLearner(db())), timeZone: 'Asia/Vladivostok' }
      const room = classroom(db())
      const run = await room.newRun()
      const note = noteOf(learner, { saidAt: new Date('2026-11-22T14:30:00Z') })
      const outcome = await takeVoice(room.deps, run, note, listener(run).audience)
      expect(outcome).toMatchObject({ kind: 'taught', lesson: { day: '2026-11-23' } })
    })

    test('the fifth of a day completes the challenge, once; the sixth finds no place', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const outcomes: LessonOutcome[] = []
      for (let count = 1; count <= 6; count += 1) {
        const run = await room.newRun()
        outcomes.push(await takeVoice(room.deps, run, noteOf(learner), listener(run).audience))
      }
      const taught = outcomes.flatMap((outcome) =>
        outcome.kind === 'taught' ? [outcome.lesson] : [],
      )
      expect(taught.map(({ bonusStars }) => bonusStars)).toEqual([0, 0, 0, 0, 5])
      expect(taught.map(({ challenge }) => challenge.completed)).toEqual([
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
      expect(room.paid.filter((step) => step === 'transcribe')).toHaveLength(5)
    })

    describe('does not wait', () => {
      test('for its verdict until the reply is spoken', async () => {
        const learner = await newLearner(db())
        const speech = Promise.withResolvers<ReturnType<typeof spokenAs>>()
        const room = classroom(db(), { speak: () => speech.promise })
        const run = await room.newRun()
        const shown = Promise.withResolvers<void>()
        const { audience, told } = listener(run, { verdict: async () => shown.resolve() })
        const lesson = takeVoice(room.deps, run, noteOf(learner), audience)
        await shown.promise
        expect(told).not.toContain('voice')
        expect(await lessonsOf(learner)).toHaveLength(1)
        speech.resolve(spokenAs('Ahoj'))
        expect(await lesson).toMatchObject({ kind: 'taught' })
        expect(told).toContain('voice')
      })

      test('for its voice until the verdict is shown', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        const run = await room.newRun()
        const verdict = Promise.withResolvers<void>()
        const heard = Promise.withResolvers<void>()
        const { audience } = listener(run, {
          verdict: () => verdict.promise,
          speech: async () => heard.resolve(),
        })
        const lesson = takeVoice(room.deps, run, noteOf(learner), audience)
        await heard.promise
        verdict.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught' })
      })

      test('to be spoken to until the corrections are written', async () => {
        const learner = await newLearner(db())
        const speaking = Promise.withResolvers<string>()
        const corrections = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(whole('Ahoj!'))
            await corrections.promise
            return answerWith({ reply: 'Ahoj!' })
          },
          async speak(text) {
            speaking.resolve(text)
            return spokenAs(text)
          },
        })
        const run = await room.newRun()
        const lesson = takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
        expect(await speaking.promise).toBe('Ahoj!')
        expect(await lessonsOf(learner)).toEqual([])
        corrections.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught', speech: spokenAs('Ahoj!') })
      })

      test('to be heard until the corrections are written, once it is known to be a lesson', async () => {
        const learner = await newLearner(db())
        const language = Promise.withResolvers<void>()
        const corrections = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(whole('Ahoj!'))
            await language.promise
            onReply({ ...whole('Ahoj!'), saidLanguage: 'cs' })
            await corrections.promise
            return answerWith({ reply: 'Ahoj!' })
          },
        })
        const run = await room.newRun()
        const heard = Promise.withResolvers<void>()
        const { audience, told } = listener(run, { speech: async () => heard.resolve() })
        const lesson = takeVoice(room.deps, run, noteOf(learner), audience)
        language.resolve()
        await heard.promise
        expect(told).not.toContain('verdict')
        expect(await lessonsOf(learner)).toEqual([])
        corrections.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught', lesson: { reply: 'Ahoj!' } })
      })

      test('for the tutor until what was heard is shown', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        const run = await room.newRun()
        const showing = Promise.withResolvers<void>()
        const shown = Promise.withResolvers<void>()
        const { audience } = listener(run, {
          transcript: () => showing.promise,
          verdict: async () => shown.resolve(),
        })
        const lesson = takeVoice(room.deps, run, noteOf(learner), audience)
        await shown.promise
        showing.resolve()
        expect(await lesson).toMatchObject({ kind: 'taught' })
      })
    })

    describe('is refused', () => {
      const refusal = async (
        script: Parameters<typeof classroom>[1],
        note: Parameters<typeof noteOf>[1] = {},
      ) => {
        const learner = await newLearner(db())
        const room = classroom(db(), script)
        const run = await room.newRun()
        const { audience, told } = listener(run)
        const outcome = await takeVoice(room.deps, run, noteOf(learner, note), audience)
        expect(await lessonsOf(learner)).toEqual([])
        expect((await learnerRow(db(), learner)).total_stars).toBe(0)
        return { outcome, told, paid: room.paid, places: await kindsOf(learner) }
      }

      test('before anything is paid where it says that it is too long or too big', async () => {
        expect(await refusal({}, { seconds: 62 })).toEqual({
          outcome: { kind: 'voice-too-long', seconds: 62 },
          told: [],
          paid: [],
          places: [],
        })
        expect(await refusal({}, { declaredBytes: 21 * 1024 * 1024 })).toMatchObject({
          outcome: { kind: 'voice-too-big' },
          paid: [],
          places: [],
        })
      })

      test('before it is recognised where it is longer than it says, or no audio', async () => {
        const long = { seconds: 90, declaredSeconds: 5 }
        expect(await refusal({}, long)).toMatchObject({
          outcome: { kind: 'voice-too-long', seconds: 90 },
          paid: [],
          places: [],
        })
        expect(await refusal({}, { seconds: 0 })).toMatchObject({
          outcome: { kind: 'not-audio' },
          paid: [],
          places: [],
        })
      })

      test.each(['voice-expired', 'voice-too-big'] as const)(
        'without a place where Telegram says %s',
        async (kind) => {
          const download = async () => ({ kind })
          expect(await refusal({}, { download })).toMatchObject({
            outcome: { kind },
            paid: [],
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
      ])('as silence where "%s" was heard, and counts as unheard', async (text, kind) => {
        const refused = await refusal({ transcribe: async () => heardAs(text) })
        expect(refused).toEqual({
          outcome: { kind },
          told: [],
          paid: ['transcribe'],
          places: ['unheard'],
        })
      })

      test.each([
        [heardAs('Привіт, як справи?', ['uk']), 'uk'],
        [heardAs('Привет, как дела?', []), 'ru'],
        [heardAs('Hello there', ['en']), 'en'],
        [heardAs('こんにちは', ['cs']), null],
      ])('as another language where it is none of ours: %o', async (transcript, language) => {
        const refused = await refusal({ transcribe: async () => transcript })
        expect(refused).toEqual({
          outcome: { kind: 'other-language', lessonKind: 'voice', language },
          told: [],
          paid: ['transcribe'],
          places: ['unheard'],
        })
      })

      test('where the model will not talk about it, and counts as unheard', async () => {
        const refused = await refusal({
          answer: () => Promise.reject(new AppError('provider-refused', 'content_filter')),
        })
        expect(refused).toMatchObject({
          outcome: { kind: 'refused' },
          told: ['heard: Jdu do škola.'],
          paid: ['transcribe', 'reply'],
          places: ['unheard'],
        })
      })

      test('after fifteen unheard ones, before the next is recognised', async () => {
        const learner = await newLearner(db())
        const room = classroom(db(), { transcribe: async () => heardAs('') })
        const outcomes: LessonOutcome[] = []
        for (let count = 1; count <= 16; count += 1) {
          const run = await room.newRun()
          outcomes.push(await takeVoice(room.deps, run, noteOf(learner), listener(run).audience))
        }
        expect(outcomes.slice(0, 15)).toEqual(Array(15).fill({ kind: 'silence' }))
        expect(outcomes[15]).toEqual({ kind: 'unheard-used-up', secondsLeft: 12 * 3_600 })
        expect(room.paid).toHaveLength(15)
      })
    })

    describe('whose answer cannot be spoken', () => {
      test.each([
        'provider-failed',
        'provider-timeout',
        'provider-refused',
        'provider-quota-exhausted',
      ] as const)('is a lesson all the same: %s', async (code) => {
        const learner = await newLearner(db())
        const room = classroom(db(), { speak: () => Promise.reject(new AppError(code, 'no')) })
        const run = await room.newRun()
        const { audience, told, spoken } = listener(run)
        const outcome = await takeVoice(room.deps, run, noteOf(learner), audience)
        expect(outcome).toMatchObject({ kind: 'taught', speech: null })
        expect(spoken).toEqual([null])
        expect(told).toContain('text: Aha, a co se tam učíš?')
        expect(await lessonsOf(learner)).toMatchObject([
          { cost_micro_usd: 300, speech_cost_micro_usd: null },
        ])
      })

      test('because of a bug of ours costs the voice, not the lesson', async () => {
        const learner = await newLearner(db())
        const room = classroom(db(), { speak: () => Promise.reject(new TypeError('ours')) })
        const run = await room.newRun()
        const { audience, spoken } = listener(run)
        const lesson = await takeVoice(room.deps, run, noteOf(learner), audience)
        expect([lesson.kind, spoken]).toEqual(['taught', [null]])
      })

      test('because the run is over is no text lesson', async () => {
        const learner = await newLearner(db())
        const over = new AbortController()
        const room = classroom(db(), {
          async speak() {
            over.abort(new Error('over'))
            throw new AppError('provider-failed', 'aborted')
          },
        })
        const run = await room.begin(await beginJob(room.inbox), over.signal)
        const { audience, spoken } = listener(run)
        const lesson = takeVoice(room.deps, run, noteOf(learner), audience)
        await expect(lesson).rejects.toMatchObject({ code: 'provider-failed' })
        expect(spoken).toEqual([])
      })
    })

    describe('whose process dies', () => {
      /** Dies right after this step was stored. */
      const diesAfter = (step: string) => (journal: Journal) => ({
        write: async (...[fence, entries]: Parameters<Journal['write']>) => {
          const sends = await journal.write(fence, entries)
          const isStored = entries.some(
            (each) => each.state === 'done' && each.step.startsWith(step),
          )
          if (isStored) throw died
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
        'after its %s was stored is taken up from there, and nothing stored is done again',
        async (step, kept) => {
          const learner = await newLearner(db())
          const room = classroom(db(), {}, { journal: diesAfter(step) })
          const job = await beginJob(room.inbox)
          const first = await room.begin(job)
          const before = listener(first)
          const lesson = takeVoice(room.deps, first, noteOf(learner), before.audience)
          await expect(lesson.finally(first.settled)).rejects.toBe(died)

          const taken = await takeOver(db(), room.inbox, job)
          const stored = (await stepsOf(db(), job)).map((name) => name.replace(/:.*/, ''))
          expect(stored).toEqual(expect.arrayContaining(kept))
          const doneBefore = room.paid.length
          const next = classroom(db())
          const second = await next.begin(taken)
          const after = listener(second)
          const outcome = await takeVoice(next.deps, second, noteOf(learner), after.audience)
          await next.inbox.finish(taken)

          expect(outcome).toMatchObject({ kind: 'taught', lesson: { starsEarned: 1 } })
          expect(next.paid.filter((each) => kept.includes(each))).toEqual([])
          expect(doneBefore).toBeLessThanOrEqual(3)
          for (const sent of ['heard', 'voice'].filter((each) => kept.includes(each))) {
            expect(after.told.filter((each) => each.startsWith(sent))).toEqual([])
          }
          expect(await lessonsOf(learner)).toMatchObject([
            { stars_earned: 1, speech_cost_micro_usd: 400 },
          ])
          expect((await learnerRow(db(), learner)).total_stars).toBe(1)
          expect(await kindsOf(learner)).toEqual(['voice'])
        },
      )

      test('after its reply was heard is corrected with that very reply, and not spoken to again', async () => {
        const learner = await newLearner(db())
        const heard = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(whole('Ahoj!'))
            onReply({ ...whole('Ahoj!'), saidLanguage: 'cs' })
            await heard.promise
            throw died
          },
        })
        const job = await beginJob(room.inbox)
        const first = await room.begin(job)
        const { audience } = listener(first, {
          speech: async () =>
            void (await first.send('voice', async () => 1).finally(heard.resolve)),
        })
        await expect(
          takeVoice(room.deps, first, noteOf(learner), audience).finally(first.settled),
        ).rejects.toBe(died)

        const taken = await takeOver(db(), room.inbox, job)
        const asked: (string | undefined)[] = []
        const next = classroom(db(), {
          async answer(_request, _onReply, given) {
            asked.push(given)
            return answerWith({ reply: given ?? 'Něco jiného.' })
          },
        })
        const second = await next.begin(taken)
        const after = listener(second)
        const outcome = await takeVoice(next.deps, second, noteOf(learner), after.audience)
        expect(asked).toEqual(['Ahoj!'])
        expect(outcome).toMatchObject({ kind: 'taught', lesson: { reply: 'Ahoj!' } })
        expect(next.paid).toEqual(['reply'])
        expect(after.told).toEqual(['verdict'])
      })

      test('while its reply is being spoken has not failed to speak: a retry may', async () => {
        const learner = await newLearner(db())
        const speaking = Promise.withResolvers<void>()
        const room = classroom(db(), {
          async answer(_, onReply) {
            onReply(whole('Ahoj!'))
            await speaking.promise
            throw died
          },
          speak: () => {
            speaking.resolve()
            return new Promise(() => {})
          },
        })
        const job = await beginJob(room.inbox)
        const run = await room.begin(job)
        await expect(
          takeVoice(room.deps, run, noteOf(learner), listener(run).audience).finally(run.settled),
        ).rejects.toBe(died)
        expect(await stepsOf(db(), job)).not.toContainEqual(expect.stringMatching(/^speak/))
        expect(room.log.lines.map(({ event }) => event)).not.toContain('speech_failed')
      })

      test('before its reply is stored is not recorded: a retry may be given another one', async () => {
        const learner = await newLearner(db())
        const journal = (stored: Journal) => ({
          write: async (...[fence, entries]: Parameters<Journal['write']>) => {
            if (entries.some(({ step }) => step === 'reply')) throw died
            return stored.write(fence, entries)
          },
        })
        const room = classroom(db(), {}, { journal })
        const run = await room.newRun()
        const lesson = takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
        await expect(lesson).rejects.toBe(died)
        expect(await lessonsOf(learner)).toEqual([])
        expect((await learnerRow(db(), learner)).total_stars).toBe(0)
      })

      test('right after it was recorded is told the same verdict, with its stars once', async () => {
        const learner = await newLearner(db())
        const room = classroom(
          db(),
          {},
          {
            lessons: (lessons) => ({
              record: async (...args) => {
                await lessons.record(...args)
                throw died
              },
            }),
          },
        )
        const job = await beginJob(room.inbox)
        const first = await room.begin(job)
        const lesson = takeVoice(room.deps, first, noteOf(learner), listener(first).audience)
        await expect(lesson).rejects.toBe(died)

        const next = classroom(db())
        const second = await next.begin(await takeOver(db(), room.inbox, job))
        const after = listener(second)
        const outcome = await takeVoice(next.deps, second, noteOf(learner), after.audience)
        expect(outcome).toMatchObject({ lesson: { lessonsOnDay: 1, progress: { totalStars: 1 } } })
        expect(next.paid.filter((step) => step !== 'speak')).toEqual([])
        expect(await lessonsOf(learner)).toHaveLength(1)
        expect((await learnerRow(db(), learner)).total_stars).toBe(1)
      })

      test('while it is sent, sends once more and says so', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        const job = await beginJob(room.inbox)
        const first = await room.begin(job)
        const { audience } = listener(first, {
          speech: async () => void (await first.send('voice', () => Promise.reject(died))),
        })
        const lesson = takeVoice(room.deps, first, noteOf(learner), audience)
        await expect(lesson.finally(first.settled)).rejects.toBe(died)

        const taken = await takeOver(db(), room.inbox, job)
        const second = await room.begin(taken)
        const after = listener(second)
        await takeVoice(room.deps, second, noteOf(learner), after.audience)
        await room.inbox.finish(taken)
        expect(after.told).toContain('voice')
        expect(await rowOf(db(), job)).toMatchObject({ state: 'done', duplicates_possible: 1 })
      })
    })

    describe('while the provider has no quota', () => {
      test('is put off without a place or a call', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        await pgBreaker(db()).open()
        const run = await room.newRun()
        const lesson = takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
        await expect(lesson).rejects.toMatchObject({
          code: 'provider-parked',
          retryAfterMs: expect.any(Number),
        })
        expect([room.paid, await kindsOf(learner)]).toEqual([[], []])
      })

      test('finds out, when it is time, that there is quota again, and wakes those that wait', async () => {
        const learner = await newLearner(db())
        const room = classroom(db())
        await pgBreaker(db()).open()
        const parked = await beginJob(room.inbox)
        const park = { afterMs: 300_000, error: 'no', countsAttempt: false, parked: true }
        await room.inbox.retryLater(parked, park)
        await db()
          .updateTable('breaker')
          .set({ probe_at: new Date(0) })
          .execute()
        const run = await room.newRun()
        await takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
        expect(room.woken).toEqual([parked.lane])
        expect(await db().selectFrom('breaker').selectAll().execute()).toEqual([])
      })
    })

    test('for an API client who wants no voice is not spoken to', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const run = await room.newRun()
      const { audience, spoken } = listener(run)
      const note = noteOf(learner, { wantsVoice: false })
      expect(await takeVoice(room.deps, run, note, audience)).toMatchObject({ speech: null })
      expect(room.paid).toEqual(['transcribe', 'reply'])
      expect(spoken).toEqual([])
    })

    test('that the tutor understands as no Czech is no lesson, though the recogniser said nothing', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: async () => heardAs('Hello, how are you today?'),
        async answer(_, onReply) {
          onReply(whole('Hezky.'))
          return answerWith({ reply: 'Hezky.', saidLanguage: 'en' })
        },
      })
      const run = await room.newRun()
      const { audience, verdicts } = listener(run)
      const outcome = await takeVoice(room.deps, run, noteOf(learner), audience)
      expect(outcome).toEqual({ kind: 'other-language', lessonKind: 'voice', language: 'en' })
      expect([verdicts, await kindsOf(learner)]).toEqual([[], ['unheard']])
    })

    test('that the recogniser refuses to read is no lesson, and takes no place', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: () => Promise.reject(new AppError('audio-rejected', 'transcribe: HTTP 400')),
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
      expect(outcome).toEqual({ kind: 'not-audio' })
      expect(await kindsOf(learner)).toEqual([])
    })

    test('is not corrected for what nobody can hear', async () => {
      const learner = await newLearner(db())
      const mistake = {
        corrected: 'Praha',
        category: 'spelling',
        explanationCs: 'Velké písmeno.',
        explanationNative: '',
      } as const
      const room = classroom(db(), {
        transcribe: async () => heardAs('bydlím praha u praze'),
        async answer(_, onReply) {
          onReply(whole('Hezky.'))
          const mistakes = [
            { ...mistake, original: 'praha' },
            { ...mistake, original: 'praze' },
            // Nobody said that.
            { ...mistake, original: 'do obchod' },
          ]
          return answerWith({ reply: 'Hezky.', correctedText: 'Bydlím, Praha u praze!', mistakes })
        },
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, noteOf(learner), listener(run).audience)
      expect(outcome).toMatchObject({
        lesson: { score: 100, edits: [], mistakes: [{ original: 'praze' }] },
      })
    })
  },
  ['pglite'],
)
