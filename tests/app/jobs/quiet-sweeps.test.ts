import { expect, test } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import { every } from '../../../lib/app/every.ts'
import { quietSweeps } from '../../../lib/app/jobs/quiet-sweeps.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

test('sweeps of a database that cannot be used say so once, with the reason, come ever more rarely, and say when it is back', async () => {
  const log = rememberingLog()
  let clockMs = 0
  let isAway = true
  const sweptAtMs: number[] = []
  const sweep = quietSweeps({ log, monotonicMs: () => clockMs }, async () => {
    sweptAtMs.push(clockMs)
    if (isAway)
      throw new AppError('database-unavailable', 'tables are missing: run npm run migrate')
  })
  for (; clockMs < 300_000; clockMs += 1_000) await sweep()
  expect(sweptAtMs).toEqual([0, 5_000, 15_000, 35_000, 75_000, 135_000, 195_000, 255_000])
  isAway = false
  for (; clockMs < 320_000; clockMs += 1_000) await sweep()
  expect(sweptAtMs.slice(8)).toEqual([315_000, 316_000, 317_000, 318_000, 319_000])
  expect(log.lines).toEqual([
    {
      event: 'database_away',
      fields: { error: 'database-unavailable: tables are missing: run npm run migrate' },
    },
    { event: 'database_back', fields: {} },
  ])
})

test('a sweep that fails by an error of ours is not kept quiet', async () => {
  const tools = { log: rememberingLog(), monotonicMs: () => 0 }
  const sweep = quietSweeps(tools, () => Promise.reject(new TypeError('ours')))
  await expect(sweep()).rejects.toThrow('ours')
  await expect(sweep()).rejects.toThrow('ours')
})

test('a thing that is done once in an interval is done at first, and then at its ends', () => {
  let clockMs = 7
  const isDue = every(60_000, () => clockMs)
  const dueAtMs: number[] = []
  for (; clockMs < 130_000; clockMs += 1_000) if (isDue()) dueAtMs.push(clockMs)
  expect(dueAtMs).toEqual([7, 60_007, 120_007])
})
