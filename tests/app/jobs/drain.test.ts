import { setInterval } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { AppError } from '../../../lib/app/error.ts'
import { fullLaneOf, LANE_DEPTH } from '../../../lib/app/jobs/inbox.ts'
import type { JobRun } from '../../../lib/app/jobs/job.ts'
import { LANES_PER_SWEEP, prune, sweep } from '../../../lib/app/jobs/sweep.ts'
import { TIMINGS } from '../../../lib/app/jobs/timings.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import { drainScene, hanging } from '../../support/drains.ts'
import {
  beginJob,
  lapseLease,
  makeDue,
  newApiJob,
  newJob,
  newLane,
  reach,
  rowOf,
  takeOver,
} from '../../support/jobs.ts'

const providerFailure = (retryAfterMs?: number) =>
  new AppError('provider-failed', 'HTTP 500', { retryAfterMs })
/** Limits so long that every retry is waited for. */
const PATIENT = { softDeadlineMs: 7 * 24 * 3_600_000 }

describeDatabases(
  'A drain',
  (database) => {
    const db = () => database().db
    const scene = (
      ...[run, more]: [(run: JobRun) => Promise<void>, Parameters<typeof drainScene>[2]?]
    ) => drainScene(db(), run, more)
    const stateOf = async (key: string) =>
      (await db().selectFrom('inbox').selectAll().where('key', '=', key).executeTakeFirst()) ?? null

    test('a drain runs a lane’s jobs one after another, in the order of their arrival', async () => {
      const lane = newLane()
      const runKeys: string[] = []
      let runningCount = 0
      const { inbox, drain } = scene(async ({ job }) => {
        runningCount += 1
        expect(runningCount).toBe(1)
        runKeys.push(job.key)
        // A job that arrives meanwhile is run, too.
        if (runKeys.length === 1) await inbox.add(newJob({ lane, key: `${lane} 0` }))
        runningCount -= 1
      })
      for (const n of [3, 2, 1]) await inbox.add(newJob({ lane, key: `${lane} ${n}` }))
      await drain(lane)
      expect(runKeys).toEqual([3, 2, 1, 0].map((n) => `${lane} ${n}`))
      expect(await stateOf(`${lane} 0`)).toMatchObject({ state: 'done' })
    })

    test('a drain takes no new job after the soft deadline', async () => {
      const lane = newLane()
      const runKeys: string[] = []
      const { inbox, drain, pass } = scene(async ({ job }) => {
        runKeys.push(job.key)
        pass(TIMINGS.softDeadlineMs / 2)
      })
      for (const n of [1, 2, 3]) await inbox.add(newJob({ lane, key: `${lane} ${n}` }))
      await drain(lane)
      expect(runKeys).toEqual([`${lane} 1`, `${lane} 2`])
      expect(await stateOf(`${lane} 3`)).toMatchObject({ state: 'waiting', attempts: 0 })
    })

    test('a drain leaves a retry that falls due after the soft deadline to a sweep', async () => {
      const { inbox, drain, waits } = scene(async () => {
        throw providerFailure(TIMINGS.softDeadlineMs + 5_000)
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(waits).toEqual([])
      expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', lease_until: null })
    })

    test('a job that fails by an error of ours is tried six times, then it is dead: one apology, one alert', async () => {
      const attempts: number[] = []
      const { inbox, drain, words, retries, waits, eventsOf } = scene(
        async ({ job }) => {
          attempts.push(job.attempts)
          throw new TypeError('ours')
        },
        { timings: PATIENT },
      )
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(attempts).toEqual([1, 2, 3, 4, 5, 6])
      expect(retries.map(({ afterMs }) => afterMs)).toEqual([
        2_000, 8_000, 32_000, 128_000, 450_000,
      ])
      for (const [n, wait] of waits.entries())
        expect(wait).toBeLessThanOrEqual(retries[n]?.afterMs ?? 0)
      expect(waits).toHaveLength(5)
      expect(words).toEqual(['dead'])
      expect(await stateOf(job.key)).toMatchObject({
        state: 'dead',
        last_error: 'TypeError: ours',
      })
      expect(eventsOf('unhandled_exception')).toHaveLength(6)
      expect(eventsOf('job_dead').map(({ fields }) => fields)).toEqual([
        expect.objectContaining({ alert: true, lane: job.lane, error: 'TypeError: ours' }),
      ])
    })

    test.each([
      ['provider-failed', '30 minutes', 30, ['delayed']],
      ['provider-timeout', '23 hours', 23 * 60, ['delayed']],
      ['telegram-failed', 'a minute', 1, []],
      ['telegram-failed', '40 minutes', 40, ['delayed']],
    ] as const)(
      'a job waits out an outage by %s of %s, is told of it once at most, and is done afterwards',
      async (code, _, minutes, expectedWords) => {
        const { deps, inbox, drain, words, retries, eventsOf } = scene(
          async () => {
            if (deps.now().getTime() < endsAt) throw new AppError(code, 'away')
          },
          { timings: PATIENT, random: () => 0.999 },
        )
        const endsAt = deps.now().getTime() + minutes * 60_000
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
        expect(words).toEqual(expectedWords)
        expect(Math.max(...retries.map(({ afterMs }) => afterMs))).toBeLessThanOrEqual(900_000)
        expect(eventsOf('job_dead')).toEqual([])
        const failures = eventsOf('processing_error')
        expect(failures).toHaveLength(retries.length)
        expect(failures.filter(({ fields }) => 'alert' in fields)).toEqual([])
      },
    )

    test('a job is dead a day after its arrival where an outage lasts, with one apology and one alert', async () => {
      const { inbox, drain, words, eventsOf } = scene(() => Promise.reject(providerFailure()), {
        timings: PATIENT,
        random: () => 0.999,
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead', attempts: 1 })
      expect(words).toEqual(['delayed', 'dead'])
      expect(eventsOf('job_dead')).toMatchObject([{ fields: { alert: true } }])
    })

    test.each([
      ['a day', 86_400_000, 15 * 60_000],
      ['a millisecond', 1, 1_000],
      ['half a minute', 30_000, 30_000],
    ])(
      'a wait of %s that was asked for is kept within bounds, and is no attempt',
      async (_, retryAfterMs, boundedMs) => {
        const { inbox, drain, retries } = scene(
          () =>
            Promise.reject(
              new AppError('provider-rate-limited', '429', { retryAfterMs: retryAfterMs }),
            ),
          { timings: { softDeadlineMs: 500 } },
        )
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(retries).toEqual([expect.objectContaining({ countsAttempt: false })])
        // The job's age counts, too, once it is more than a moment.
        expect(retries[0]?.afterMs).toBeGreaterThanOrEqual(boundedMs)
        expect(retries[0]?.afterMs).toBeLessThan(boundedMs + 1_000)
      },
    )

    test('what may have been sent is not sent again at once', async () => {
      const { inbox, drain, retries } = scene(
        () => Promise.reject(new AppError('telegram-failed', 'sendMessage: 502')),
        { random: () => 0, timings: { softDeadlineMs: 500 } },
      )
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(retries[0]?.afterMs).toBe(2_000)
    })

    test.each(['telegram-rejected', 'send-given-up'] as const)(
      'a job that fails by %s is dead at once, with a word and an alert',
      async (code) => {
        const { inbox, drain, words, retries, eventsOf } = scene(() =>
          Promise.reject(new AppError(code, 'no')),
        )
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect([retries, words]).toEqual([[], ['dead']])
        expect(await stateOf(job.key)).toMatchObject({ state: 'dead', last_error: `${code}: no` })
        expect(eventsOf('job_dead')).toHaveLength(1)
      },
    )

    test('a process that is to end begins no other job', async () => {
      const lane = newLane()
      const stop = new AbortController()
      const { inbox, drain } = scene(async () => stop.abort(), { stopping: stop.signal })
      const [firstJob, secondJob] = [newJob({ lane }), newJob({ lane })]
      await inbox.add(firstJob)
      await inbox.add(secondJob)
      await drain(lane)
      expect(await stateOf(firstJob.key)).toMatchObject({ state: 'done' })
      expect(await stateOf(secondJob.key)).toMatchObject({ state: 'waiting', attempts: 0 })
    })

    test('a job that fails does not keep those behind it from running', async () => {
      const lane = newLane()
      const runKeys: string[] = []
      const { inbox, drain } = scene(
        async ({ job }) => {
          if (job.key === `${lane} bad`) throw new TypeError('ours')
          runKeys.push(job.key)
        },
        { timings: PATIENT },
      )
      await inbox.add(newJob({ lane, key: `${lane} bad` }))
      await inbox.add(newJob({ lane, key: `${lane} good` }))
      await drain(lane)
      expect(runKeys).toEqual([`${lane} good`])
      expect(await stateOf(`${lane} bad`)).toMatchObject({
        state: 'dead',
        last_error: 'TypeError: ours',
      })
    })

    test('the wait between attempts is random, below four times what it was before', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          async (jitter) => {
            const { inbox, drain, retries } = scene(() => Promise.reject(new TypeError('ours')), {
              timings: PATIENT,
              random: () => jitter,
            })
            const job = newJob()
            await inbox.add(job)
            await drain(job.lane)
            expect(retries).toHaveLength(5)
            for (const [n, { afterMs }] of retries.entries()) {
              expect(afterMs).toBeGreaterThanOrEqual(0)
              const capMs = Math.min(4_000 * 4 ** n, 900_000)
              expect(afterMs).toBeLessThanOrEqual(capMs)
              expect(afterMs).toBeCloseTo(jitter * capMs, 6)
            }
          },
        ),
        { numRuns: 4 },
      )
    })

    test('a wait that was asked for is no attempt', async () => {
      let calls = 0
      const { inbox, drain, retries } = scene(
        async ({ job }) => {
          calls += 1
          expect(job.attempts).toBe(1)
          if (calls <= 10) throw providerFailure(3_000)
        },
        { timings: PATIENT },
      )
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(retries).toHaveLength(10)
      expect(retries[0]).toMatchObject({ afterMs: 3_000, countsAttempt: false })
      expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
    })

    test.each([
      ['fails', providerFailure()],
      ['is asked to wait', providerFailure(1_000)],
      ['finds no quota', new AppError('provider-quota-exhausted', 'no')],
    ])('a job that still %s 24 hours after its arrival is given up', async (_, error) => {
      const { inbox, drain, words, pass } = scene(() => Promise.reject(error))
      const job = newJob()
      await inbox.add(job)
      pass(TIMINGS.giveUpAfterMs + 60_000)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead', attempts: 1 })
      expect(words).toEqual(['dead'])
      await pgBreaker(db()).close(['transcribe', 'reply'])
    })

    test('a job whose every run killed its process is dead, without another run', async () => {
      let runs = 0
      const { inbox, drain, words } = scene(async () => {
        runs += 1
      })
      let job = await beginJob(inbox)
      for (let kills = 1; kills < TIMINGS.maxAttempts; kills += 1)
        job = await takeOver(db(), inbox, job)
      expect(job.attempts).toBe(6)
      await lapseLease(db(), job)
      await drain(job.lane)
      expect(runs).toBe(0)
      expect(words).toEqual(['dead'])
      expect(await rowOf(db(), job)).toMatchObject({
        state: 'dead',
        last_error: expect.stringContaining('Every attempt ended unseen'),
      })
    })

    test('an apology that cannot be delivered does not keep a job alive', async () => {
      const { inbox, drain, eventsOf } = scene(() => Promise.reject(new TypeError('ours')), {
        handler: {
          onDead: async () => {
            throw new AppError('telegram-unreachable', 'ECONNREFUSED')
          },
        },
        timings: { ...PATIENT, maxAttempts: 1 },
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead' })
      expect(eventsOf('apology_failed')).toHaveLength(1)
      expect(eventsOf('job_dead')).toHaveLength(1)
    })

    test('a learner who blocks the bot ends the job, quietly', async () => {
      const { inbox, drain, words, eventsOf } = scene(async () => {
        throw new AppError('telegram-blocked', 'bot was blocked by the user')
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
      expect(words).toEqual([])
      expect(eventsOf('job_dead')).toEqual([])
    })

    test('a client who has left ends the job, quietly', async () => {
      const { inbox, drain, words, eventsOf } = scene(async () => {
        throw new AppError('client-left', 'Nobody is waiting.')
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead', attempts: 1 })
      expect(words).toEqual([])
      expect([eventsOf('job_dead'), eventsOf('processing_error')]).toEqual([[], []])
      expect(eventsOf('client_left')).toHaveLength(1)
    })

    test('what Telegram rejects ends the job at once, with an apology', async () => {
      const { inbox, drain, words, retries } = scene(async () => {
        throw new AppError('telegram-rejected', 'Bad Request')
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead', attempts: 1 })
      expect([words, retries]).toEqual([['dead'], []])
    })

    test('a job of a source that only a later version knows waits for that one while a deployment lasts', async () => {
      const ran: string[] = []
      const { inbox, drain, eventsOf } = scene(async ({ job }) => void ran.push(job.key))
      const job = newJob()
      await inbox.add(job)
      const knowIt = (source: string) =>
        sql`update inbox set source = ${source} where key = ${job.key}`.execute(db())
      await knowIt('remind:7')
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', attempts: 0 })
      expect(eventsOf('unknown_source').filter(({ fields }) => 'alert' in fields)).toEqual([])
      await knowIt('tg:1')
      await makeDue(db(), job.lane)
      await drain(job.lane)
      expect(ran).toEqual([job.key])
      expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
    })

    test('a job of a source that no version knows within an hour is kept, told to an operator and not run', async () => {
      const ran: string[] = []
      const { inbox, drain, words, pass, eventsOf } = scene(
        async ({ job }) => void ran.push(job.key),
      )
      const job = newJob()
      await inbox.add(job)
      await sql`update inbox set source = 'remind:7' where key = ${job.key}`.execute(db())
      pass(3_700_000)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({
        state: 'poison',
        last_error: 'No source of this version is named remind:7.',
      })
      expect([ran, words]).toEqual([[], []])
      expect(eventsOf('unknown_source')).toMatchObject([{ fields: { alert: true } }])
    })

    test('a job that came when its lane was full is told so, and not run', async () => {
      const ran: string[] = []
      const { inbox, drain, words } = scene(async ({ job }) => void ran.push(job.key))
      const lane = newLane()
      for (let n = 0; n <= LANE_DEPTH; n += 1) await inbox.add(newJob({ lane }))
      await drain(fullLaneOf(lane), 'quick')
      expect([ran, words]).toEqual([[], ['surplus']])
      await drain(lane)
      expect(ran).toHaveLength(LANE_DEPTH)
    })

    test('one failure is the end of a job whose sender asks again', async () => {
      const { inbox, drain, words, retries, log } = scene(() =>
        Promise.reject(providerFailure(1_000)),
      )
      const job = newApiJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead', attempts: 1 })
      expect([words, retries]).toEqual([['dead'], []])
      expect(log.lines.filter(({ fields }) => 'alert' in fields)).toEqual([])
    })

    test('an error that no database takes as text is stored all the same', async () => {
      const { inbox, drain } = scene(() => Promise.reject(new Error('a\u0000b\ud800c')))
      const job = newApiJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(await stateOf(job.key)).toMatchObject({ state: 'dead', last_error: 'Error: abc' })
    })

    describe('while the provider has no quota', () => {
      const noQuota = (retryAfterMs?: number) =>
        new AppError('provider-quota-exhausted', 'no', { retryAfterMs, stage: 'reply' })

      test('jobs without quota are parked, in order and without counting attempts, until a probe succeeds', async () => {
        const lane = newLane()
        const runKeys: string[] = []
        let hasQuota = false
        const { inbox, drain, words } = scene(async ({ job }) => {
          if (!hasQuota) throw noQuota()
          runKeys.push(job.key)
        })
        await inbox.add(newJob({ lane, key: `${lane} 1` }))
        await inbox.add(newJob({ lane, key: `${lane} 2` }))
        await drain(lane)
        expect(words).toEqual(['parked'])
        expect(await stateOf(`${lane} 1`)).toMatchObject({ parked: true, attempts: 0 })
        expect(await stateOf(`${lane} 2`)).toMatchObject({ parked: false, attempts: 0 })

        hasQuota = true
        expect(await pgBreaker(db()).close(['transcribe', 'reply'])).toEqual([lane])
        await drain(lane)
        expect(runKeys).toEqual([`${lane} 1`, `${lane} 2`])
      })

      test.each(['provider-quota-exhausted', 'provider-unauthorized'] as const)(
        'trouble that an operator must fix (%s) parks the jobs that meet it for 30 s, and is alerted once',
        async (code) => {
          const { inbox, drain, words, retries, log } = scene(() =>
            Promise.reject(new AppError(code, 'reply: HTTP 401', { stage: 'reply' })),
          )
          for (const job of [newJob(), newJob()]) {
            await inbox.add(job)
            await drain(job.lane)
            expect(await stateOf(job.key)).toMatchObject({ parked: true, attempts: 0 })
          }
          expect(words).toEqual(['parked', 'parked'])
          for (const { afterMs } of retries) {
            expect(afterMs).toBeGreaterThan(20_000)
            expect(afterMs).toBeLessThanOrEqual(30_000)
          }
          // A line for each, and the stack of none.
          expect(log.levelsOf('processing_error')).toEqual(['warn', 'warn'])
          for (const { event, fields } of log.lines) {
            if (event === 'processing_error') expect(fields.error).toBe(`${code}: reply: HTTP 401`)
          }
          expect(log.lines.filter(({ fields }) => 'alert' in fields)).toMatchObject([
            { event: 'provider_blocked', fields: { stage: 'reply' } },
          ])
          await pgBreaker(db()).close(['reply'])
        },
      )

      test('a word that cannot be delivered does not keep a job from being parked', async () => {
        const { inbox, drain } = scene(() => Promise.reject(noQuota(240_000)), {
          handler: { onParked: () => Promise.reject(new AppError('telegram-failed', 'no')) },
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({
          parked: true,
          attempts: 0,
          lease_until: null,
        })
        await pgBreaker(db()).close(['transcribe', 'reply'])
      })
    })

    describe('when a run loses its job', () => {
      test('a run that loses its job in its sleep, past its lease, pays for nothing more', async () => {
        const paidSteps: string[] = []
        const { inbox, drain, pass, eventsOf } = scene(async (run) => {
          await run.once('transcribe', async () => paidSteps.push('transcribe'))
          pass(TIMINGS.leaseMs)
          await takeOver(db(), inbox, run.job)
          await run.once('reply', async () => paidSteps.push('reply'))
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(paidSteps).toEqual(['transcribe'])
        expect(eventsOf('lease_lost')).toHaveLength(1)
      })

      test('a run that may have lost its job, past its lease, asks, and goes on with what is its own', async () => {
        const paidSteps: string[] = []
        const { inbox, drain, pass } = scene(async (run) => {
          pass(TIMINGS.leaseMs)
          await lapseLease(db(), run.job)
          await run.once('reply', async () => paidSteps.push('reply'))
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(paidSteps).toEqual(['reply'])
        expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
      })

      test('a run that loses its job is aborted by its signal and writes nothing more', async () => {
        const signals: AbortSignal[] = []
        const { inbox, drain, words, eventsOf } = scene(
          async (run) => {
            signals.push(run.signal)
            await takeOver(db(), inbox, run.job)
            await hanging(run.signal)
          },
          { timings: { renewEveryMs: 1 } },
        )
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(signals[0]?.reason).toMatchObject({ code: 'lease-lost' })
        expect(eventsOf('lease_lost')).toHaveLength(1)
        expect(words).toEqual([])
        expect(await stateOf(job.key)).toMatchObject({
          state: 'waiting',
          attempts: 2,
          last_error: null,
        })
      })

      test('what a failed run left under way is aborted', async () => {
        let signal: AbortSignal | undefined
        const { inbox, drain } = scene(async (run) => {
          signal = run.signal
          expect(signal.aborted).toBe(false)
          throw providerFailure(TIMINGS.softDeadlineMs * 2)
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(signal?.aborted).toBe(true)
      })

      test('the hard deadline ends a run that hangs', async () => {
        const { inbox, drain } = scene((run) => hanging(run.signal), {
          timings: { hardDeadlineMs: 20 },
        })
        const job = newApiJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({
          state: 'dead',
          last_error: expect.stringMatching(/^provider-timeout: /),
        })
      })

      test('the hard deadline ends the drain, too, though its clock may have been set back', async () => {
        // The scene's clock stands still, so the soft deadline never comes.
        const { inbox, drain } = scene((run) => hanging(run.signal), {
          timings: { hardDeadlineMs: 20 },
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', attempts: 0 })
      })
    })

    test('a process that was too busy to renew a lease does not take its job over from itself', async () => {
      let runs = 0
      const ownScene = scene(async ({ job }) => {
        runs += 1
        await lapseLease(db(), job)
        await ownScene.drain(job.lane)
      })
      const job = newJob()
      await ownScene.inbox.add(job)
      await ownScene.drain(job.lane)
      expect(runs).toBe(1)
      expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
    })

    test('another process takes over what a process was too busy to renew', async () => {
      let runs = 0
      const otherScene = scene(async () => {
        runs += 1
      })
      const { inbox, drain, eventsOf } = scene(async ({ job }) => {
        await lapseLease(db(), job)
        await otherScene.drain(job.lane)
      })
      const job = newJob()
      await inbox.add(job)
      await drain(job.lane)
      expect(runs).toBe(1)
      expect(eventsOf('lease_lost')).toHaveLength(1)
      expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 2 })
    })

    describe('when the database goes away', () => {
      const unavailable = new AppError('database-unavailable', 'The database does not answer.')

      const usage = (costMicroUsd: number) =>
        ({ stage: 'reply', vendor: 'v', model: 'm', costMicroUsd, isEstimate: false }) as const
      const chargesOf = async (key: string) => {
        const charges = db().selectFrom('usage').innerJoin('inbox', 'inbox.id', 'usage.job_id')
        const rows = await charges.select('micro_usd').where('key', '=', key).execute()
        return rows.map(({ micro_usd }) => micro_usd)
      }

      test.each([
        ['has not carried out', false],
        ['has carried out without saying so', true],
      ])(
        'what a statement was to charge that the database %s is charged once',
        async (_, isCarriedOut) => {
          let writes = 0
          const { inbox, drain } = scene(
            (run) =>
              run.once('reply', async (charge) => {
                charge(usage(writes === 0 ? 700 : 5))
              }),
            {
              journal: {
                async write(fence, entries, charges) {
                  writes += 1
                  if (writes > 2 || isCarriedOut)
                    await pgJournal(db()).write(fence, entries, charges)
                  if (writes <= 2) throw unavailable
                  return new Map()
                },
              },
            },
          )
          const job = newJob()
          await inbox.add(job)
          await drain(job.lane)
          expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
          expect(await chargesOf(job.key)).toEqual(isCarriedOut ? [700] : [700, 5])
        },
      )

      test.each([
        ['once', 1, [700, 5], false],
        ['for good', 9, [], true],
      ])(
        'what a database refuses %s that answers is charged with the next try, or told to an operator',
        async (_, refusals, expectedCharges, isTold) => {
          let writes = 0
          const { inbox, drain, eventsOf } = scene(
            (run) =>
              run.once('reply', async (charge) => {
                charge(usage(writes === 0 ? 700 : 5))
              }),
            {
              journal: {
                async write(...args) {
                  writes += 1
                  if (writes <= refusals) throw new Error('XX000')
                  return pgJournal(db()).write(...args)
                },
              },
            },
          )
          const job = newJob()
          await inbox.add(job)
          await drain(job.lane)
          expect(await chargesOf(job.key)).toEqual(expectedCharges)
          expect(eventsOf('charges_lost').some(({ fields }) => fields.alert === true)).toBe(isTold)
        },
      )

      test('what was paid before the database went away for long is charged with the next job', async () => {
        let isAway = false
        const whereThere = <T>(work: () => Promise<T>) =>
          isAway ? Promise.reject(unavailable) : work()
        const realInbox = pgInbox(db(), { leaseSeconds: 20 })
        const { inbox, drain } = scene(
          (run) =>
            run.once('reply', async (charge) => {
              charge(usage(700))
              isAway = true
            }),
          {
            journal: {
              write: (...args) => whereThere(() => pgJournal(db()).write(...args)),
            },
            inbox: { retryLater: (...args) => whereThere(() => realInbox.retryLater(...args)) },
          },
        )
        const [job, nextJob] = [newJob(), newJob()]
        await inbox.add(job)
        await expect(drain(job.lane)).rejects.toThrow('does not answer')
        expect(await chargesOf(job.key)).toEqual([])
        isAway = false
        await inbox.add(nextJob)
        await drain(nextJob.lane).catch(() => {})
        expect(await chargesOf(job.key)).toEqual([700])
      })

      test('a database that takes no new rows takes a paid job back, whose attempt is not counted', async () => {
        let isFull = true
        const { inbox, drain } = scene(
          (run) => run.once('reply', async (charge) => charge(usage(700))),
          {
            journal: {
              write: (...args) =>
                isFull ? Promise.reject(unavailable) : pgJournal(db()).write(...args),
            },
            inbox: {
              async retryLater(fence, retry) {
                await pgInbox(db(), { leaseSeconds: 20 }).retryLater(fence, retry)
                isFull = false
              },
            },
          },
        )
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        const { id } = (await inbox.find(job.source, job.key)) ?? expect.fail('The job is lost.')
        expect(await rowOf(db(), { id })).toMatchObject({ state: 'done', attempts: 1 })
        expect(await chargesOf(job.key)).toEqual([700, 700])
      })

      test('a job goes on when the database that went away answers again, and no attempt is counted', async () => {
        let runs = 0
        let retryCalls = 0
        const { inbox, drain, words, waits, eventsOf } = scene(
          async () => {
            runs += 1
            if (runs <= 8) throw unavailable
          },
          {
            inbox: {
              async retryLater(fence, retry) {
                retryCalls += 1
                // The database stays away for a while after the first failure.
                if (retryCalls <= 3) throw unavailable
                await pgInbox(db(), { leaseSeconds: 20 }).retryLater(fence, retry)
              },
            },
          },
        )
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
        expect(waits.slice(0, 3)).toEqual([1_000, 2_000, 4_000])
        expect([runs, words]).toEqual([9, []])
        expect(eventsOf('job_interrupted')).toHaveLength(8)
        expect(eventsOf('unhandled_exception')).toEqual([])
      })

      test('a job that a minute and a half of a database outage has interrupted is given back, and no attempt is counted', async () => {
        let retryCalls = 0
        const { inbox, drain, waits } = scene(() => Promise.reject(unavailable), {
          inbox: {
            async retryLater(fence, retry) {
              retryCalls += 1
              if (retryCalls <= 14) throw unavailable
              await pgInbox(db(), { leaseSeconds: 20 }).retryLater(fence, retry)
            },
          },
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', attempts: 0 })
        expect(waits).toEqual([1_000, 2_000, 4_000, ...Array(11).fill(8_000)])
      })

      test('a drain whose database stays away stops and leaves the job to its lease', async () => {
        const { inbox, drain, words } = scene(() => Promise.reject(unavailable), {
          inbox: { retryLater: () => Promise.reject(unavailable) },
        })
        const job = newJob()
        await inbox.add(job)
        await expect(drain(job.lane)).rejects.toBe(unavailable)
        expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', attempts: 1 })
        expect(words).toEqual([])
      })

      test('a job whose database goes away whenever it runs ends a day after it has arrived', async () => {
        const { inbox, drain, words, pass } = scene(() => Promise.reject(unavailable))
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', attempts: 0 })
        pass(25 * 3_600_000)
        for (let attempt = 1; attempt <= 6; attempt += 1) {
          await makeDue(db(), job.lane)
          await drain(job.lane)
          expect(await stateOf(job.key)).toMatchObject({ state: 'waiting', attempts: attempt })
        }
        await makeDue(db(), job.lane)
        await drain(job.lane)
        expect(await stateOf(job.key)).toMatchObject({ state: 'dead' })
        expect(words).toEqual(['dead'])
      })

      test('a job whose journal cannot be read does not have its lease renewed for ever', async () => {
        let renewals = 0
        const job = await beginJob(scene(async () => {}).inbox)
        await lapseLease(db(), job)
        const journalRead = Promise.withResolvers<never>()
        const secondRenewal = Promise.withResolvers<void>()
        const { drain } = scene(async () => {}, {
          timings: { renewEveryMs: 1 },
          journal: { read: () => journalRead.promise },
          inbox: {
            renew: async () => {
              renewals += 1
              if (renewals === 2) secondRenewal.resolve()
              return true
            },
            retryLater: () => Promise.reject(unavailable),
          },
        })
        const failedDrain = drain(job.lane)
        await secondRenewal.promise
        journalRead.reject(unavailable)
        await expect(failedDrain).rejects.toBe(unavailable)
        const renewalsThen = renewals
        // A timer as fast as the renewals' has its turn, so theirs would have had it, too.
        let turns = 0
        for await (const _ of setInterval(1)) {
          turns += 1
          if (turns === 10) break
        }
        expect(renewals).toBe(renewalsThen)
      })
    })

    describe('what a run has paid for is stored', () => {
      const unavailable = new AppError('database-unavailable', 'The database does not answer.')

      test('what a run has paid for is stored before its job is done', async () => {
        const events: string[] = []
        const realInbox = pgInbox(db(), { leaseSeconds: 20 })
        const { inbox, drain } = scene((run) => run.once('reply', async () => {}), {
          journal: {
            async write(fence, entries, charges) {
              const sends = await pgJournal(db()).write(fence, entries, charges)
              events.push('stored')
              return sends
            },
          },
          inbox: {
            async finish(fence) {
              events.push('done')
              await realInbox.finish(fence)
            },
          },
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(events).toEqual(['stored', 'done'])
      })

      test.each([
        ['is tried again', providerFailure(1_000)],
        ['is parked', new AppError('provider-parked', 'no', { retryAfterMs: 1_000 })],
        ['is given back', unavailable],
      ])(
        'what a run has paid for is stored before a job that fails %s: nothing is paid twice',
        async (_, error) => {
          let [payments, runs] = [0, 0]
          const { inbox, drain } = scene(async (run) => {
            runs += 1
            await run.once('transcribe', async () => {
              payments += 1
            })
            if (runs === 1) throw error
          })
          const job = newJob()
          await inbox.add(job)
          await drain(job.lane)
          // A drain does not wait for a parked job.
          await makeDue(db(), job.lane)
          await drain(job.lane)
          expect(await stateOf(job.key)).toMatchObject({ state: 'done' })
          expect([runs, payments]).toEqual([2, 1])
        },
      )

      test('a job whose results cannot be stored is given back, without an attempt, and no word is said', async () => {
        let [writes, runs] = [0, 0]
        const { inbox, drain, words, eventsOf } = scene(
          async (run) => {
            runs += 1
            await run.once('transcribe', async () => 'Ahoj')
            if (runs === 1) throw providerFailure()
          },
          {
            journal: {
              async write(fence, entries, charges) {
                writes += 1
                if (writes === 1) throw unavailable
                return pgJournal(db()).write(fence, entries, charges)
              },
            },
          },
        )
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        expect(eventsOf('job_interrupted')).toHaveLength(1)
        expect(words).toEqual([])
        expect(await stateOf(job.key)).toMatchObject({ state: 'done', attempts: 1 })
      })

      test('a word that was said is stored, and not said again', async () => {
        const said: string[] = []
        const { inbox, drain } = scene(() => Promise.reject(providerFailure(1_000)), {
          handler: {
            onDelayed: async (run) => {
              await run.send('failure.delayed', async () => said.push('delayed'), reach)
            },
          },
          timings: { softDeadlineMs: 500 },
        })
        const job = newJob()
        await inbox.add(job)
        await drain(job.lane)
        const row = await stateOf(job.key)
        expect(row).toMatchObject({ state: 'waiting' })
        expect(said).toEqual(['delayed'])
        expect(await pgJournal(db()).read(row?.id ?? 0)).toMatchObject([
          { step: 'failure.delayed', state: 'done', value: 1 },
        ])
      })
    })

    describe('a sweep', () => {
      test('a sweep wakes what is due and nothing else', async () => {
        await sql`delete from inbox`.execute(db())
        const { inbox, log } = scene(async () => {})
        const [dueJob, laterJob, runningJob] = [
          newJob(),
          await beginJob(inbox),
          await beginJob(inbox),
        ]
        await inbox.add(dueJob)
        await inbox.retryLater(laterJob, { afterMs: 60_000, error: 'no', countsAttempt: true })
        const wokenLanes: string[] = []
        const wake = (lane: string) => void wokenLanes.push(lane)
        expect(await sweep({ inbox, wake, log }, LANES_PER_SWEEP)).toBe(1)
        expect(wokenLanes).toEqual([dueJob.lane])
        await lapseLease(db(), runningJob)
        expect(await sweep({ inbox, wake, log }, 1)).toBe(1)
        expect(await prune({ inbox, pruneCache: async () => 0 })).toBe(0)
      })
    })
  },
  ['pglite'],
)

describePostgres('Two processes', (database) => {
  test('two processes that add and drain at once run each job once, one at a time in a lane, and leave none behind', async () => {
    const { db, url } = database()
    const otherDatabase = await openDatabase({ url, pgliteDir: '' })
    const runs = new Map<string, number>()
    const busyLanes = new Set<string>()
    const overlaps: string[] = []
    const run = async ({ job }: JobRun) => {
      if (busyLanes.has(job.lane)) overlaps.push(job.lane)
      busyLanes.add(job.lane)
      runs.set(job.key, (runs.get(job.key) ?? 0) + 1)
      await sql`select 1`.execute(db)
      busyLanes.delete(job.lane)
    }
    const scenes = [drainScene(db, run), drainScene(otherDatabase.db, run)]
    const lanes = [newLane(), newLane(), newLane()]
    const deliver = async (n: number) => {
      const scene = scenes[n % 2]
      const lane = lanes[n % 3] ?? ''
      await scene?.inbox.add(newJob({ lane, key: `delivery ${n}` }))
      await scene?.drain(lane)
    }
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(Array.from({ length: 12 }, (_, n) => deliver(round * 12 + n)))
      const { rows } = await sql<{ waiting: number }>`
        select count(*) as waiting from inbox where state = 'waiting'`.execute(db)
      expect(rows).toEqual([{ waiting: 0 }])
    }
    await otherDatabase.close()
    expect([...runs.values()]).toEqual(Array(144).fill(1))
    expect(overlaps).toEqual([])
  })

  test('a process that dies in a send is followed by another, which sends once more', async () => {
    const { db } = database()
    const sends: string[] = []
    const journal = pgJournal(db)
    const dyingScene = drainScene(
      db,
      async (run) => {
        await run.send('voice', async () => sends.push('first'), reach)
      },
      {
        // The process is gone before the message id is stored.
        journal: {
          write: (fence, entries, charges) =>
            entries.some(({ state }) => state === 'done')
              ? Promise.reject(new AppError('database-unavailable', 'killed'))
              : journal.write(fence, entries, charges),
        },
        inbox: { retryLater: () => Promise.reject(new AppError('database-unavailable', 'killed')) },
      },
    )
    const job = newJob()
    await dyingScene.inbox.add(job)
    await expect(dyingScene.drain(job.lane)).rejects.toThrow('killed')
    const { id } = (await dyingScene.inbox.find(job.source, job.key)) ?? { id: 0 }
    await lapseLease(db, { id })
    const nextScene = drainScene(db, async (run) => {
      await run.send('voice', async () => sends.push('second'), reach)
    })
    await nextScene.drain(job.lane)
    expect(sends).toEqual(['first', 'second'])
    expect(await rowOf(db, { id })).toMatchObject({ state: 'done', duplicates_possible: 1 })
    expect(await journal.read(id)).toEqual([])
  })
})
