import { expect, test } from 'vitest'
import type { NewJob } from '../../../lib/app/jobs/inbox.ts'
import { periodicJobs } from '../../../lib/app/jobs/periodic.ts'

const HOUR_MS = 3_600_000

/** Two processes on one inbox, and a clock. */
function scene() {
  const keys = new Set<string>()
  const additions: NewJob[] = []
  const wakes: string[] = []
  let clock = Date.parse('2026-11-28T10:20:00Z')
  let isDue = true
  const newProcess = () =>
    periodicJobs(
      {
        now: () => new Date(clock),
        inbox: {
          async add(job) {
            additions.push(job)
            if (keys.has(job.key)) return 'duplicate'
            keys.add(job.key)
            return 'stored'
          },
        },
      },
      [
        {
          source: 'tally:hour',
          slots: 'background',
          lane: 'tally',
          everyMs: HOUR_MS,
          afterMs: HOUR_MS / 4,
          isDue: async () => isDue,
        },
      ],
    )
  return {
    keys,
    additions,
    wakes,
    newProcess,
    wake: (lane: string) => void wakes.push(lane),
    setDue: (value: boolean) => {
      isDue = value
    },
    pass: (ms: number) => {
      clock += ms
    },
  }
}

test('a periodic job is added once a period, named by its beginning, and its lane woken by who has added it', async () => {
  const { newProcess, keys, additions, wakes, wake, pass } = scene()
  const [firstSweep, secondSweep] = [newProcess(), newProcess()]
  for (const sweep of [firstSweep, firstSweep, secondSweep]) await sweep(wake)
  expect([...keys]).toEqual(['2026-11-28T10:00:00.000Z'])
  expect(additions).toHaveLength(2)
  expect(wakes).toEqual(['tally'])
  pass(HOUR_MS)
  await firstSweep(wake)
  expect([...keys]).toContain('2026-11-28T11:00:00.000Z')
})

test('a period begins for its job only some time after its beginning', async () => {
  const { newProcess, keys, wake, pass } = scene()
  const sweep = newProcess()
  await sweep(wake)
  pass(HOUR_MS * 0.9)
  await sweep(wake)
  expect(keys.size).toBe(1)
  pass(HOUR_MS * 0.1)
  await sweep(wake)
  expect(keys.size).toBe(2)
})

test('a periodic job that would find nothing to do is not added', async () => {
  const { newProcess, additions, wake, setDue } = scene()
  setDue(false)
  await newProcess()(wake)
  expect(additions).toEqual([])
})
