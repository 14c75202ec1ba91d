import pLimit from 'p-limit'
import { expect, test, vi } from 'vitest'
import type { NewJob } from '../../../lib/app/jobs/inbox.ts'
import { SLOTS, slotsOf } from '../../../lib/app/jobs/slots.ts'
import { TIMINGS } from '../../../lib/app/jobs/timings.ts'
import { describeDatabases } from '../../support/databases.ts'
import { drainScene, hanging } from '../../support/drains.ts'
import { newJob, newLane } from '../../support/jobs.ts'

/** Work that ends on demand; `begunNames` has the pieces that run, in the order in which they began. */
function heldWork() {
  const begunNames: string[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  return {
    begunNames,
    end: (name: string) => ends.get(name)?.resolve(),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
    work: (name: string) => () => {
      const end = Promise.withResolvers<void>()
      ends.set(name, end)
      begunNames.push(name)
      return end.promise
    },
  }
}

const nextIteration = () => new Promise((resolve) => setImmediate(resolve))

test('as many pieces of work as there are slots run at once; the others follow in order, when one ends or fails', async () => {
  const { begunNames, work, end, fail } = heldWork()
  const inSlot = pLimit(2)
  const [firstWork, secondWork] = ['a', 'b', 'c', 'd', 'e'].map((name) => inSlot(work(name)))
  await nextIteration()
  expect(begunNames).toEqual(['a', 'b'])

  end('b')
  await secondWork
  await nextIteration()
  expect(begunNames).toEqual(['a', 'b', 'c'])

  fail('a')
  await expect(firstWork).rejects.toThrow('a')
  await nextIteration()
  expect(begunNames).toEqual(['a', 'b', 'c', 'd'])
})

test('work that arrives as a slot is passed on does not overtake the work that waits', async () => {
  const { begunNames, work, end } = heldWork()
  const inSlot = pLimit(1)
  const firstWork = inSlot(work('first'))
  void inSlot(work('waiting'))
  const lateWork = firstWork.then(() => inSlot(work('late')))
  await nextIteration()
  end('first')
  await firstWork
  await nextIteration()
  expect(begunNames).toEqual(['first', 'waiting'])
  end('waiting')
  await nextIteration()
  end('late')
  await lateWork
})

test('a slot that is free again is used again', async () => {
  const inSlot = pLimit(1)
  for (const n of [1, 2, 3]) expect(await inSlot(async () => n)).toBe(n)
})

test('work of one class is held up by none of the others; background work is behind the lessons that wait', async () => {
  const { begunNames, work, end } = heldWork()
  const inSlot = slotsOf({ quick: 1, lesson: 1, background: 1 })
  const lesson = inSlot('lesson', work('lesson'))
  void inSlot('lesson', work('next lesson'))
  void inSlot('background', work('background'))
  void inSlot('quick', work('quick'))
  await nextIteration()
  expect(begunNames).toEqual(['lesson', 'quick'])
  end('lesson')
  await lesson
  await nextIteration()
  expect(begunNames).toEqual(['lesson', 'quick', 'next lesson'])
})

describeDatabases(
  'Drains under a bound on jobs',
  (database) => {
    const db = () => database().db

    test('drains never run more jobs at once than there are slots, however many lanes are woken, and run them all', async () => {
      let runningCount = 0
      let maxRunning = 0
      const hold = Promise.withResolvers<void>()
      const { inbox, drain } = drainScene(
        db(),
        async () => {
          runningCount += 1
          maxRunning = Math.max(maxRunning, runningCount)
          await hold.promise
          runningCount -= 1
        },
        { inSlot: slotsOf({ quick: 3, lesson: 3, background: 3 }) },
      )
      const lanes = Array.from({ length: 12 }, newLane)
      for (const lane of lanes) {
        for (const _ of [1, 2]) await inbox.add(newJob({ lane }))
      }
      const drains = lanes.map((lane) => drain(lane))
      await vi.waitFor(() => expect(runningCount).toBe(3))
      // A fourth job would have been claimed by now, too.
      for (const lane of lanes) await inbox.find('tg:1', lane)
      hold.resolve()
      await Promise.all(drains)
      expect(maxRunning).toBe(3)
      const rows = await db()
        .selectFrom('inbox')
        .select(['state', 'attempts'])
        .where('lane', 'in', lanes)
        .execute()
      expect(rows).toEqual(Array(24).fill({ state: 'done', attempts: 1 }))
    })

    test('more lessons than there are slots, at a provider that hangs, hold up no command: each is answered at once', async () => {
      const providerBack = Promise.withResolvers<void>()
      const answeredKeys: string[] = []
      const scene = drainScene(
        db(),
        async ({ job, signal }) => {
          const isLesson = lessons.some(({ key }) => key === job.key)
          if (isLesson) await Promise.race([hanging(signal), providerBack.promise])
          else answeredKeys.push(job.key)
        },
        { inSlot: slotsOf(SLOTS) },
      )
      const lessons = Array.from({ length: SLOTS.lesson + 6 }, () => newJob())
      for (const job of lessons) await scene.inbox.add(job)
      const drains = lessons.map(({ lane }) => scene.drain(lane, 'lesson'))
      await vi.waitFor(async () => expect(await heldAmong(lessons)).toBe(SLOTS.lesson))

      const commands = Array.from({ length: 20 }, () => newJob({ slots: 'quick' }))
      for (const job of commands) await scene.inbox.add(job)
      await Promise.all(commands.map(({ lane }) => scene.drain(lane, 'quick')))
      expect(answeredKeys.toSorted()).toEqual(commands.map(({ key }) => key).toSorted())
      expect(await heldAmong(lessons)).toBe(SLOTS.lesson)
      providerBack.resolve()
      await Promise.all(drains)
    })

    test('a lane goes on to its next job in the slots of that job', async () => {
      const lane = newLane()
      const classes: string[] = []
      const scene = drainScene(db(), async () => {}, {
        inSlot: (slots, work) => {
          classes.push(slots)
          return work()
        },
      })
      for (const slots of ['quick', 'lesson', 'lesson', 'quick'] as const) {
        await scene.inbox.add(newJob({ lane, slots }))
      }
      await scene.drain(lane, 'lesson')
      // Each change of the class costs one look that finds nothing.
      expect(classes.join(' ')).toBe('lesson quick quick lesson lesson lesson quick quick')
    })

    async function heldAmong(jobs: readonly NewJob[]): Promise<number> {
      const rows = await db()
        .selectFrom('inbox')
        .select('id')
        .where('lease_until', 'is not', null)
        .where(
          'key',
          'in',
          jobs.map(({ key }) => key),
        )
        .execute()
      return rows.length
    }

    test('a lane that waits for its retry lets other lanes run', async () => {
      const inSlot = slotsOf({ quick: 1, lesson: 1, background: 1 })
      const retriedJob = newJob()
      const otherJob = newJob()
      const attempts: string[] = []
      const scene = drainScene(
        db(),
        async ({ job }) => {
          attempts.push(`${job.key} ${job.attempts}`)
          if (job.key === retriedJob.key && job.attempts === 1) throw new Error('not yet')
        },
        { inSlot },
      )
      await scene.inbox.add(retriedJob)
      await scene.inbox.add(otherJob)
      const asleep = Promise.withResolvers<void>()
      const wake = Promise.withResolvers<void>()
      const { sleep } = scene.deps
      scene.deps.sleep = async (ms, signal) => {
        asleep.resolve()
        await wake.promise
        await sleep(ms, signal)
      }
      const waitingDrain = scene.drain(retriedJob.lane)
      await asleep.promise
      await scene.drain(otherJob.lane)
      wake.resolve()
      await waitingDrain
      expect(attempts).toEqual([`${retriedJob.key} 1`, `${otherJob.key} 1`, `${retriedJob.key} 2`])
    })

    test('a drain begins nothing where its slot comes after the soft deadline, or when the process is to end', async () => {
      const stop = new AbortController()
      const ran: string[] = []
      const inSlot = slotsOf({ quick: 1, lesson: 1, background: 1 })
      const scene = drainScene(db(), async ({ job }) => void ran.push(job.key), {
        inSlot,
        stopping: stop.signal,
      })
      const job = newJob()
      await scene.inbox.add(job)
      for (const pass of [() => scene.pass(TIMINGS.softDeadlineMs), () => stop.abort()]) {
        const { work, end } = heldWork()
        const earlierWork = inSlot('lesson', work('before'))
        await nextIteration()
        const lateDrain = scene.drain(job.lane)
        pass()
        end('before')
        await Promise.all([earlierWork, lateDrain])
      }
      expect(ran).toEqual([])
      const row = await db()
        .selectFrom('inbox')
        .select(['state', 'attempts'])
        .where('key', '=', job.key)
        .executeTakeFirst()
      expect(row).toEqual({ state: 'waiting', attempts: 0 })
    })
  },
  ['pglite', 'pg'],
)
