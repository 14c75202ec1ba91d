import { describe, expect, test } from 'vitest'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { pgMemory } from '../../../lib/adapters/postgres/memory.ts'
import { AppError } from '../../../lib/app/error.ts'
import type { Inbox } from '../../../lib/app/jobs/inbox.ts'
import type { Job } from '../../../lib/app/jobs/job.ts'
import { type MemoryJobDeps, memoryJobs } from '../../../lib/app/memory/memory-jobs.ts'
import type { Learner } from '../../../lib/domain/learner/learner.ts'
import { INJECTIONS } from '../../security/injections.ts'
import { classroom } from '../../support/classroom.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, lapseLease, stepsOf } from '../../support/jobs.ts'
import { newDraft, newLearner, placesOf } from '../../support/lessons.ts'

const death = new Error('the process died')

describeDatabases(
  'memory jobs',
  (database) => {
    const db = () => database().db
    const SAID = ['Jmenuji se Olena.', 'b', 'c', 'd', 'e']

    /** A learner of five lessons, and the job that these have stored, claimed. */
    async function learnerAfter(sentences: readonly string[], nativeLanguage = 'uk') {
      const room = classroom(db())
      const learner = await newLearner(db(), nativeLanguage)
      for (const said of sentences) await teach(room.inbox, learner, said)
      return { room, learner, job: await claim(room.inbox, learner) }
    }

    async function teach(inbox: Inbox, learner: Learner, said: string): Promise<void> {
      const job = await beginJob(inbox)
      await pgLessons(db()).record(job, newDraft(learner, { said }), (oldProgress) => ({
        progress: oldProgress,
        starsEarned: 0,
        bonusStars: 0,
      }))
    }

    async function claim(inbox: Inbox, { id }: Learner): Promise<Job> {
      const claim = await inbox.claim(`memory:${id}`, 'background')
      if (claim.kind !== 'claimed') throw new Error(`The lane is ${claim.kind}.`)
      return claim.job
    }

    type Finder = MemoryJobDeps['factFinder']
    type Room = ReturnType<typeof classroom>

    function depsOf({ deps }: Room, find: Finder['find']): MemoryJobDeps {
      const { quota, now, log } = deps
      return { memory: pgMemory(db()), quota, factFinder: { find }, now, log }
    }

    const textsOf = async ({ id }: Learner) =>
      (await pgMemory(db()).factsOf(id)).map(({ text }) => text)

    const ONE_FACT = {
      facts: [{ text: 'звати Олена', turn: 1, replaces: 0 }],
      outdated: [],
    }

    /** The dependencies whose process dies around their call of this number: before it, or once it is done. */
    function mortalDeps(
      deps: MemoryJobDeps,
      number: number,
      when: 'before' | 'after',
    ): MemoryJobDeps {
      let calls = 0
      const mortal =
        <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          calls += 1
          const isLast = calls === number
          if (isLast && when === 'before') throw death
          const result = await call(...args)
          if (isLast) throw death
          return result
        }
      const { memory, quota, factFinder } = deps
      return {
        ...deps,
        memory: {
          ...memory,
          notebookOf: mortal(memory.notebookOf),
          keep: mortal(memory.keep),
        },
        quota: { ...quota, reserveBeside: mortal(quota.reserveBeside) },
        factFinder: { find: mortal(factFinder.find) },
      }
    }

    describe('a process that dies', () => {
      const CALLS = ['notebookOf', 'reserveBeside', 'find', 'keep']
      test.each(
        CALLS.flatMap(
          (name, at) =>
            [
              ['before', name, at + 1],
              ['after', name, at + 1],
            ] as const,
        ),
      )('facts are kept once though the process dies %s %s', async (when, name, number) => {
        const { room, learner, job } = await learnerAfter(SAID)
        let paidCalls = 0
        const deps = depsOf(room, async () => {
          paidCalls += 1
          return ONE_FACT
        })
        const firstRun = await room.begin(job)
        await expect(memoryJobs(mortalDeps(deps, number, when)).run(firstRun)).rejects.toBe(death)
        await firstRun.settled()

        await lapseLease(db(), job)
        const takenJob = await claim(room.inbox, learner)
        const steps = await stepsOf(db(), job)
        const secondRun = await room.begin(takenJob)
        await memoryJobs(deps).run(secondRun)
        await secondRun.settled()
        await room.inbox.finish(takenJob)

        expect(await textsOf(learner)).toEqual(['звати Олена'])
        // Only the call that was under way is paid again.
        const isLost = name === 'find' && when === 'after'
        expect({ paidCalls, isStored: steps.includes('remember') }).toEqual({
          paidCalls: isLost ? 2 : 1,
          isStored: name === 'keep',
        })
        expect(await placesOf(db(), learner)).toEqual([
          { day: expect.any(String), kind: 'memory', place: 1 },
        ])
        // The facts that were found are in no journal any more.
        expect(await stepsOf(db(), job)).toEqual([])
      })
    })

    test('a model that obeys what was said has nothing kept of it', async () => {
      const [learners, words] = [['ru', 'uk', 'en', 'pl'], INJECTIONS]
      for (const native of learners) {
        const sentences = words.slice(0, 20)
        const { room, learner, job } = await learnerAfter(sentences, native)
        const deps = depsOf(room, async ({ exchanges }) => ({
          facts: exchanges.map(({ said }, index) => ({ text: said, turn: index + 1, replaces: 0 })),
          outdated: [1, 2, 3],
        }))
        const run = await room.begin(job)
        await memoryJobs(deps).run(run)
        await run.settled()
        expect(await textsOf(learner)).toEqual([])
      }
    })

    test.each(['provider-refused', 'provider-unusable'] as const)(
      'lessons about which the model fails by %s are passed over',
      async (code) => {
        const { room, learner, job } = await learnerAfter(SAID)
        const deps = depsOf(room, () => Promise.reject(new AppError(code, 'No.')))
        const run = await room.begin(job)
        await memoryJobs(deps).run(run)
        await run.settled()
        expect(await textsOf(learner)).toEqual([])
        expect(await pgMemory(db()).notebookOf(learner.id, 20)).toBeUndefined()
      },
    )

    test('a learner deleted meanwhile leaves nothing to be looked at', async () => {
      const { room, learner, job } = await learnerAfter(SAID)
      await db().deleteFrom('learner').where('id', '=', learner.id).execute()
      const run = await room.begin(job)
      await memoryJobs(depsOf(room, async () => ONE_FACT)).run(run)
      await run.settled()
      expect(
        await db().selectFrom('fact').selectAll().where('learner_id', '=', learner.id).execute(),
      ).toEqual([])
    })
  },
  ['pglite'],
)
