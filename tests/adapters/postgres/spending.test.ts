import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withDatabaseErrors } from '../../../lib/adapters/postgres/database-error.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgLessons } from '../../../lib/adapters/postgres/lessons.ts'
import { pgQuota } from '../../../lib/adapters/postgres/quota.ts'
import { recover } from '../../../lib/app/error.ts'
import type { Job } from '../../../lib/app/jobs/job.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { describePostgres } from '../../support/databases.ts'
import { beginJob, charge, claimJob, lapseLease, newJob, reopenSeen } from '../../support/jobs.ts'
import { forgetSpending, newDraft, newLearner } from '../../support/lessons.ts'
import { proofWidth } from '../../support/proof-width.ts'

const DAYS = ['2026-11-23', '2026-11-24'] as const
const JOBS = 3

/** What may happen to one of the jobs, by its present run or by one that has lost it. */
const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('charge'),
      amount: fc.integer({ min: 1, max: 40_000 }),
      isLate: fc.boolean(),
      isSpeech: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reserve'),
      day: fc.constantFrom(...DAYS),
      isLate: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('end without lesson'), isLate: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('record', 'finish', 'bury', 'take over', 'ask again'),
      isLate: fc.constant(false),
    }),
  },
)

const round = fc.array(fc.tuple(fc.nat({ max: JOBS - 1 }), action), { minLength: 2, maxLength: 8 })

describePostgres('Spending', (database) => {
  test('the budget is charged with what was paid and what is held back, whatever comes at the same time', async () => {
    const { db } = database()
    const inbox = withDatabaseErrors(pgInbox(db, { leaseSeconds: 20 }))
    const journal = withDatabaseErrors(pgJournal(db))
    const lessons = withDatabaseErrors(pgLessons(db))
    const budget = withDatabaseErrors(
      pgQuota(db, {
        plan: { voice: 1, text: 2 },
        dailyBudgetUsd: 0.2,
        learnerDailyBudgetUsd: 0.15,
      }),
    )

    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
        await forgetSpending(db)
        await db.deleteFrom('quota_use').execute()
        const learner = await newLearner(db)
        const requests = Array.from({ length: JOBS }, () => newJob())
        const runs: { present: Job; past: Job }[] = []
        for (const request of requests) {
          const job = await beginJob(inbox, request)
          runs.push({ present: job, past: job })
        }
        const act = async (runIndex: number, step: (typeof rounds)[number][number][1]) => {
          const run = runs[runIndex]
          const request = requests[runIndex]
          if (run === undefined || request === undefined) throw new Error('There is no such job.')
          const job = step.isLate ? run.past : run.present
          const place = { learnerId: learner.id, kind: 'text' } as const
          switch (step.kind) {
            case 'charge':
              return charge(journal, job, step.amount, step.isSpeech ? 'speak' : 'reply')
            case 'reserve':
              return budget.reserve(job, { ...place, day: step.day })
            case 'end without lesson':
              return budget.endWithoutLesson(job)
            case 'record':
              return lessons.record(job, newDraft(learner), (oldProgress) => ({
                progress: oldProgress,
                starsEarned: 0,
                bonusStars: 0,
              }))
            case 'finish':
              return inbox.finish(job)
            case 'bury':
              return inbox.bury(job, 'provider-failed: no')
            case 'ask again':
              if (await reopenSeen(inbox, request))
                run.present = await claimJob(inbox, request.lane)
              return
            default:
              await lapseLease(db, job)
              run.present = await claimJob(inbox, request.lane)
          }
        }
        for (const steps of rounds) {
          const outcomes = await Promise.allSettled(
            steps.map(([runIndex, step]) =>
              recover(
                act(runIndex, step) as Promise<unknown>,
                ['lease-lost', 'budget-held-back'],
                () => {},
              ).catch((error: unknown) => {
                if (!/^Lane/.test(String(error instanceof Error ? error.message : error)))
                  throw error
              }),
            ),
          )
          for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
          const violations = await violatedInvariants(db)
          expect(
            violations.filter((violation) => /: the budget is charged/.test(violation)),
          ).toEqual([])
        }
      }),
      { numRuns: proofWidth({ whole: 100, bounded: 10 }) },
    )
  }, 240_000)
})
