import { setImmediate as loopTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { background } from '../../../lib/adapters/background.ts'
import type { Inbox } from '../../../lib/app/jobs/inbox.ts'
import { lanes } from '../../../lib/app/jobs/lanes.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

/** Lanes on a clock that stands still, and an inbox with these lanes due. */
function lanesScene({
  due = [],
  calm = async () => {},
}: {
  due?: string[]
  calm?: () => Promise<void>
} = {}) {
  const log = rememberingLog()
  const { start, idle } = background({ isVercel: false, log })
  const drains: string[] = []
  const sweepLimits: number[] = []
  const pruneLimits: number[] = []
  const watches: number[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  let clockMs = 5
  let isDatabaseAway = false
  const inbox = {
    async dueLanes(limit: number) {
      sweepLimits.push(limit)
      if (isDatabaseAway) throw new Error('away')
      return due.map((lane) => ({ lane, slots: 'lesson' as const }))
    },
    async prune(limit: number) {
      pruneLimits.push(limit)
      return 3
    },
  } as Partial<Inbox> as Inbox
  return {
    ...lanes({
      inbox,
      pruneCache: async () => 0,
      log,
      calm,
      addPeriodicJobs: async () => {},
      beside: start,
      watch: async () => void watches.push(clockMs),
      monotonicMs: () => clockMs,
      drain(lane) {
        drains.push(lane)
        const end = Promise.withResolvers<void>()
        ends.set(lane, end)
        return end.promise
      },
    }),
    drains,
    sweepLimits,
    pruneLimits,
    watches,
    idle,
    log,
    end: (lane: string) => ends.get(lane)?.resolve(),
    fail: (lane: string) => ends.get(lane)?.reject(new Error('no')),
    pass(ms: number) {
      clockMs += ms
    },
    setDatabaseAway(isAway: boolean) {
      isDatabaseAway = isAway
    },
  }
}

test('a lane that is woken is drained once no acknowledgement is under way', async () => {
  const gate = Promise.withResolvers<void>()
  const { wake, drains } = lanesScene({ calm: () => gate.promise })
  wake('chat 1', 'lesson')
  await loopTurn()
  expect(drains).toEqual([])
  gate.resolve()
  await loopTurn()
  expect(drains).toEqual(['chat 1'])
})

test('a lane that is woken twice is drained twice', async () => {
  const { wake, drains } = lanesScene()
  wake('chat 1', 'lesson')
  wake('chat 1', 'lesson')
  await loopTurn()
  expect(drains).toEqual(['chat 1', 'chat 1'])
})

test('a sweep drains what is due, without waiting behind acknowledgements', async () => {
  const { sweep, drains } = lanesScene({
    due: ['chat 1', 'chat 2'],
    calm: () => new Promise(() => {}),
  })
  expect(await sweep()).toBe(2)
  expect(drains).toEqual(['chat 1', 'chat 2'])
})

test('a sweep drains no lane again that an earlier one has still under way', async () => {
  const { sweep, drains, end } = lanesScene({ due: ['chat 1'] })
  await sweep()
  await sweep()
  expect(drains).toEqual(['chat 1'])
  end('chat 1')
  await loopTurn()
  await sweep()
  expect(drains).toEqual(['chat 1', 'chat 1'])
})

test('a sweep drains a lane again whose earlier drain failed', async () => {
  const { sweep, drains, fail, log } = lanesScene({ due: ['chat 1'] })
  await sweep()
  fail('chat 1')
  await loopTurn()
  await sweep()
  expect(drains).toEqual(['chat 1', 'chat 1'])
  expect(log.lines).toContainEqual(expect.objectContaining({ event: 'drain_failed' }))
})

test('a scheduled sweep takes more lanes than one beside a request', async () => {
  const { sweep, sweepSoon, sweepLimits } = lanesScene()
  await sweep()
  sweepSoon()
  await loopTurn()
  expect(sweepLimits).toEqual([500, 20])
})

test('sweeps beside requests are ten seconds apart, and the first is at once', async () => {
  const { sweepSoon, sweepLimits, pass } = lanesScene()
  for (const ms of [0, 1, 9_998, 1, 9_999, 1]) {
    pass(ms)
    sweepSoon()
    await loopTurn()
  }
  expect(sweepLimits).toHaveLength(3)
})

test('sweeps beside requests prune once an hour, and the first does', async () => {
  const { sweepSoon, pruneLimits, pass } = lanesScene()
  for (const ms of [0, 10_000, 3_589_999, 10_000]) {
    pass(ms)
    sweepSoon()
    await loopTurn()
  }
  expect(pruneLimits).toEqual([1_000, 1_000])
})

test('a sweep that fails beside a request is logged, and neither prunes nor counts as a clean-up', async () => {
  const { sweepSoon, pruneLimits, pass, setDatabaseAway, idle, log } = lanesScene()
  setDatabaseAway(true)
  sweepSoon()
  await idle()
  expect(log.lines).toContainEqual(expect.objectContaining({ event: 'sweep_failed' }))
  expect(pruneLimits).toEqual([])
  setDatabaseAway(false)
  pass(10_000)
  sweepSoon()
  await idle()
  expect(pruneLimits).toHaveLength(1)
})

test('a clean-up says how many rows it deleted', async () => {
  expect(await lanesScene().prune()).toBe(3)
})

test('a process watches behind its sweeps, at most every 20 s, and not where the database is away', async () => {
  const scene = lanesScene()
  scene.setDatabaseAway(true)
  scene.sweepSoon()
  await scene.idle()
  expect(scene.watches).toEqual([])
  scene.setDatabaseAway(false)
  await scene.sweep()
  await scene.sweep()
  scene.pass(20_000)
  scene.sweepSoon()
  await scene.idle()
  expect(scene.watches).toEqual([5, 20_005])
})
