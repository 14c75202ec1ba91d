import { describe, expect, test } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import type { LessonOutcome } from '../../../lib/app/lesson/lesson.ts'
import { takeText } from '../../../lib/app/lesson/take-text.ts'
import {
  answerWith,
  classroom,
  completeReply,
  listener,
  speechOf,
  textMessageOf,
} from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { learnerRow, newLearner, placeKindsOf, placesOf } from '../../support/lessons.ts'

describeDatabases(
  'takeText',
  (database) => {
    const db = () => database().db
    const take = async (text: string, script: Parameters<typeof classroom>[1] = {}) => {
      const learner = await newLearner(db())
      const room = classroom(db(), script)
      const run = await room.newRun()
      const { audience, messages } = listener(run)
      const outcome = await takeText(room.deps, run, textMessageOf(learner, text), audience)
      const places = await placeKindsOf(db(), learner)
      return { outcome, messages, room, places, learner }
    }

    test('a text is corrected, scored, recorded and answered aloud', async () => {
      const { outcome, messages, room, places, learner } = await take('  Jdu do škola.\n')
      expect(outcome).toMatchObject({
        kind: 'taught',
        speech: speechOf('Aha, a co se tam učíš?'),
        lesson: { kind: 'text', said: 'Jdu do škola.', score: 67, durationSeconds: 0 },
      })
      expect(messages.toSorted()).toEqual(['verdict', 'voice'])
      expect(room.paidStages).toEqual(['reply', 'speak'])
      expect(places).toEqual(['text'])
      expect((await learnerRow(db(), learner)).total_stars).toBe(1)
      const outcomes = room.log.lines
        .map(({ event }) => event)
        .filter((event) => !/^(step_ended|call_charged)$/.test(event))
      expect(outcomes).toEqual(['text_message_processed_successfully'])
    })

    test('a text keeps the mistakes that only a reader sees', async () => {
      const { outcome } = await take('jdu do školy', {
        async answer(_, onReply) {
          onReply(completeReply('Hezky.'))
          return answerWith({
            reply: 'Hezky.',
            correctedText: 'Jdu do školy.',
            mistakes: [
              {
                original: 'jdu',
                corrected: 'Jdu',
                category: 'spelling',
                explanationCs: 'Velké písmeno.',
                explanationNative: '',
              },
            ],
          })
        },
      })
      expect(outcome).toMatchObject({
        lesson: { mistakes: [{ original: 'jdu' }], edits: [{ original: 'jdu' }, {}] },
      })
    })

    describe('a refused text', () => {
      test.each([
        ['', { kind: 'text-too-short' }],
        ['  a ', { kind: 'text-too-short' }],
        ['😀', { kind: 'text-too-short' }],
        ['\u0000\u0000\ud800', { kind: 'text-too-short' }],
        ['123 !!!', { kind: 'other-language', lessonKind: 'text', language: null }],
        ['č'.repeat(2_001), { kind: 'text-too-long', length: 2_001 }],
        ['Привет, как дела?', { kind: 'other-language', lessonKind: 'text', language: 'ru' }],
        ['Їжак пішов', { kind: 'other-language', lessonKind: 'text', language: 'uk' }],
      ])(
        'the text %j is refused before a place is taken or anything is paid',
        async (text, outcome) => {
          const result = await take(text)
          expect(result).toMatchObject({ outcome, messages: [], places: [] })
          expect(result.room.paidStages).toEqual([])
        },
      )
    })

    test.each(['Ne', 'č'.repeat(2_000), `${'😀'.repeat(1_999)}a`])(
      'a text of an allowed length is taught',
      async (text) => {
        expect((await take(text)).outcome).toMatchObject({ kind: 'taught', lesson: { said: text } })
      },
    )

    test('a text is stored in a form that the database takes', async () => {
      const { outcome } = await take('Ahoj\u0000 sve\u030cte\ud800!')
      expect(outcome).toMatchObject({ lesson: { said: 'Ahoj světe!' } })
    })

    test('the seventh text of a day finds no place', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      const outcomes: LessonOutcome[] = []
      for (let count = 1; count <= 7; count += 1) {
        const run = await room.newRun()
        const message = textMessageOf(learner, `Ahoj, už po ${count}.`)
        outcomes.push(await takeText(room.deps, run, message, listener(run).audience))
      }
      expect(outcomes.filter(({ kind }) => kind === 'taught')).toHaveLength(6)
      expect(outcomes[6]).toMatchObject({ kind: 'quota-used-up', lessonKind: 'text', limit: 6 })
    })

    test('a text that the model declines to talk about counts as unheard', async () => {
      const { outcome, places, messages } = await take('Něco hrozného.', {
        answer: () => Promise.reject(new AppError('provider-refused', 'content_filter')),
      })
      expect([outcome, places, messages]).toEqual([{ kind: 'refused' }, ['unheard'], []])
    })

    test('a text that the model declines to talk about is no lesson when its job runs again, either', async () => {
      const learner = await newLearner(db())
      const decliningRoom = classroom(db(), {
        answer: () => Promise.reject(new AppError('provider-refused', 'content_filter')),
      })
      const run = await decliningRoom.newRun()
      const message = textMessageOf(learner, 'Něco hrozného.')
      await takeText(decliningRoom.deps, run, message, listener(run).audience)
      const willingRoom = classroom(db())
      const secondOutcome = await takeText(willingRoom.deps, run, message, listener(run).audience)
      expect([secondOutcome, willingRoom.paidStages]).toEqual([{ kind: 'refused' }, []])
      expect(await placesOf(db(), learner)).toMatchObject([{ kind: 'unheard' }])
    })

    test('a text that the tutor fails to answer keeps its place for the retry', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        answer: () => Promise.reject(new AppError('provider-timeout', 'reply')),
      })
      const run = await room.newRun()
      const lesson = takeText(
        room.deps,
        run,
        textMessageOf(learner, 'Ahoj!'),
        listener(run).audience,
      )
      await expect(lesson).rejects.toMatchObject({ code: 'provider-timeout' })
      expect(await placesOf(db(), learner)).toHaveLength(1)
      const healthy = classroom(db())
      const secondOutcome = await takeText(
        healthy.deps,
        run,
        textMessageOf(learner, 'Ahoj!'),
        listener(run).audience,
      )
      expect(secondOutcome).toMatchObject({ kind: 'taught' })
      expect(await placesOf(db(), learner)).toHaveLength(1)
    })
  },
  ['pglite'],
)
