import { expect, test } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import { takeVoice } from '../../../lib/app/lesson/take-voice.ts'
import {
  answerWith,
  classroom,
  completeReply,
  listener,
  speechOf,
  voiceNoteOf,
} from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob } from '../../support/jobs.ts'
import { lessonsOf, newLearner } from '../../support/lessons.ts'

describeDatabases(
  'converse',
  (database) => {
    const db = () => database().db

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
      expect(await lessonsOf(db(), learner)).toHaveLength(1)
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
      const speechBegun = Promise.withResolvers<string>()
      const corrections = Promise.withResolvers<void>()
      const room = classroom(db(), {
        async answer(_, onReply) {
          onReply(completeReply('Ahoj!'))
          await corrections.promise
          return answerWith({ reply: 'Ahoj!' })
        },
        async speak(text) {
          speechBegun.resolve(text)
          return speechOf(text)
        },
      })
      const run = await room.newRun()
      const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(await speechBegun.promise).toBe('Ahoj!')
      expect(await lessonsOf(db(), learner)).toEqual([])
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
      expect(await lessonsOf(db(), learner)).toEqual([])
      corrections.resolve()
      expect(await lesson).toMatchObject({ kind: 'taught', lesson: { reply: 'Ahoj!' } })
    })

    test('the tutor is asked while the transcript is still being shown', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const run = await room.newRun()
      const showOfTranscript = Promise.withResolvers<void>()
      const verdictShown = Promise.withResolvers<void>()
      const { audience } = listener(run, {
        transcript: () => showOfTranscript.promise,
        verdict: async () => verdictShown.resolve(),
      })
      const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), audience)
      await verdictShown.promise
      showOfTranscript.resolve()
      expect(await lesson).toMatchObject({ kind: 'taught' })
    })

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
      expect(await lessonsOf(db(), learner)).toMatchObject([
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
  },
  ['pglite'],
)
