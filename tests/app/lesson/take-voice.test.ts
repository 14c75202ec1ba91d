import { expect, test } from 'vitest'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
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
import { beginJob } from '../../support/jobs.ts'
import { learnerRow, lessonsOf, newDraft, newLearner, placeKindsOf } from '../../support/lessons.ts'

describeDatabases(
  'takeVoice',
  (database) => {
    const db = () => database().db

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
      expect(await lessonsOf(db(), learner)).toMatchObject([
        { kind: 'voice', duration_seconds: 3, cost_micro_usd: 300, speech_cost_micro_usd: 400 },
      ])
      expect(await placeKindsOf(db(), learner)).toEqual(['voice'])
      const success = room.log.lines.find(({ event }) => event.endsWith('_successfully'))
      expect(success).toMatchObject({
        event: 'voice_message_processed_successfully',
        fields: {
          user_id: learner.telegramId,
          learner_id: learner.id,
          stars_earned: 1,
          streak: 1,
          cost_micro_usd: 700,
        },
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
        await room.deps.lessons.record(job, draft, (oldProgress) => ({
          progress: oldProgress,
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
        otherLeft: 6,
        secondsLeft: 12 * 3_600,
      })
      expect((await learnerRow(db(), learner)).total_stars).toBe(10)
      expect(room.paidStages.filter((step) => step === 'transcribe')).toHaveLength(5)
    })

    test('a voice note is put off without a place or a call while the provider has no quota', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      await pgBreaker(db()).open('reply', 'provider-quota-exhausted')
      const run = await room.newRun()
      const lesson = takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      await expect(lesson).rejects.toMatchObject({
        code: 'provider-parked',
        retryAfterMs: expect.any(Number),
      })
      expect([room.paidStages, await placeKindsOf(db(), learner)]).toEqual([[], []])
    })

    test('the lesson that finds that the provider has quota again wakes the parked jobs', async () => {
      const learner = await newLearner(db())
      const room = classroom(db())
      await pgBreaker(db()).open('reply', 'provider-quota-exhausted')
      const parkedJob = await beginJob(room.inbox)
      const park = { afterMs: 300_000, error: 'no', countsAttempt: false, isParked: true }
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

    test('a lesson whose correction is not to be believed stands without a grade, for one star', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: async () => transcriptOf('Já být včera v kino'),
        async answer(_, onReply) {
          onReply(completeReply('Hezky.'))
          const answer = answerWith({ reply: 'Hezky.', correctedText: 'Я был вчера в кино.' })
          return { ...answer, fault: 'other-script' }
        },
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(outcome).toMatchObject({
        kind: 'taught',
        lesson: {
          graded: false,
          said: 'Já být včera v kino',
          correctedText: 'Já být včera v kino',
          reply: 'Hezky.',
          edits: [],
          mistakes: [],
          starsEarned: 1,
        },
      })
      const [row] = await db()
        .selectFrom('lesson')
        .selectAll()
        .where('learner_id', '=', learner.id)
        .execute()
      expect(row).toMatchObject({ graded: false, stars_earned: 1 })
    })

    test('a word that was probably misheard is neither graded nor corrected', async () => {
      const learner = await newLearner(db())
      const room = classroom(db(), {
        transcribe: async () => transcriptOf('včera jsem kupoval prahu do škola'),
        async answer(_, onReply) {
          onReply(completeReply('Hezky.'))
          const correctedText = 'Včera jsem kupoval prášek do školy.'
          const answer = answerWith({ reply: 'Hezky.', correctedText, mistakes: [] })
          return { ...answer, doubtfulWords: ['prahu', 'vlak'] }
        },
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(outcome).toMatchObject({
        lesson: {
          doubtfulWords: ['prahu'],
          correctedText: 'Včera jsem kupoval prahu do školy.',
          wordsTotal: 6,
          wordsCorrect: 5,
        },
      })
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
            // The model quotes words that were not said.
            { ...mistake, original: 'do obchod' },
          ]
          return answerWith({ reply: 'Hezky.', correctedText: 'Bydlím, Praha u praze!', mistakes })
        },
      })
      const run = await room.newRun()
      const outcome = await takeVoice(room.deps, run, voiceNoteOf(learner), listener(run).audience)
      expect(outcome).toMatchObject({
        lesson: { score: 100, edits: [], mistakes: [] },
      })
    })
  },
  ['pglite'],
)
