import { expect, test } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import type { LessonOutcome } from '../../../lib/app/lesson/lesson.ts'
import { takeVoice } from '../../../lib/app/lesson/take-voice.ts'
import {
  answerWith,
  classroom,
  completeReply,
  listener,
  transcriptOf,
  voiceNoteOf,
} from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { learnerRow, lessonsOf, newLearner, placeKindsOf } from '../../support/lessons.ts'

describeDatabases(
  'takeVoice, refusing',
  (database) => {
    const db = () => database().db

    const refusal = async (
      script: Parameters<typeof classroom>[1],
      note: Parameters<typeof voiceNoteOf>[1] = {},
    ) => {
      const learner = await newLearner(db())
      const room = classroom(db(), script)
      const run = await room.newRun()
      const { audience, messages } = listener(run)
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner, note), audience)
      expect(await lessonsOf(db(), learner)).toEqual([])
      expect((await learnerRow(db(), learner)).total_stars).toBe(0)
      return {
        outcome,
        messages,
        paidStages: room.paidStages,
        places: await placeKindsOf(db(), learner),
      }
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
      const longNote = { seconds: 90, declaredSeconds: 5 }
      expect(await refusal({}, longNote)).toMatchObject({
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

    test('a recording in a format that is not played is refused by its name', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {})
      const run = await room.newRun()
      const bytes = Buffer.from('#!AMR\n')
      const note = voiceNoteOf(learner, {
        download: async () => ({ kind: 'downloaded', bytes }),
      })
      const deps = { ...room.deps, inspectAudio: async () => undefined }
      const outcome = await takeVoice(deps, run, note, listener(run).audience)
      expect([outcome, room.paidStages]).toEqual([{ kind: 'not-audio', format: 'AMR' }, []])
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
        outcomes.push(await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience))
      }
      expect(outcomes.slice(0, 15)).toEqual(Array(15).fill({ kind: 'silence' }))
      expect(outcomes[15]).toEqual({ kind: 'unheard-used-up', secondsLeft: 12 * 3_600 })
      expect(room.paidStages).toHaveLength(15)
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
      expect([verdicts, await placeKindsOf(db(), learner)]).toEqual([[], ['unheard']])
    })

    test('a voice note that the recogniser rejects is no lesson, and takes no place', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: () => Promise.reject(new AppError('audio-rejected', 'transcribe: HTTP 400')),
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(outcome).toEqual({ kind: 'not-audio' })
      expect(await placeKindsOf(db(), learner)).toEqual([])
    })
  },
  ['pglite'],
)
