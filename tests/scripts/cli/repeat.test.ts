import { expect, test } from 'vitest'
import type { Fields } from '../../../lib/app/ports.ts'
import { repeat } from '../../../scripts/cli/repeat.ts'

const EVERY_MS = 3_000

/** Repeats work that ends as `outcomes` say, in turn; its log, and how long it waited each time. */
async function repetitionOf(outcomes: readonly (string | null)[]) {
  const lines: [string, Fields | undefined][] = []
  const waits: number[] = []
  const remaining = [...outcomes]
  const over = Promise.withResolvers<void>()
  const log = (event: string, fields?: Fields) => void lines.push([event, fields])
  const { first, stop } = repeat({
    name: 'sweep',
    everyMs: EVERY_MS,
    async work() {
      const failure = remaining.shift()
      if (remaining.length === 0) over.resolve()
      if (failure) throw new Error(failure)
    },
    describe: (error) => ({ because: error instanceof Error ? error.message : '' }),
    log: { debug: log, info: log, warn: log, error: log },
    async sleep(ms, signal) {
      waits.push(ms)
      if (remaining.length > 0) return
      signal?.throwIfAborted()
      await new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    },
  })
  const wasFirstGood = await first
  await over.promise
  await stop()
  return { lines, waits, wasFirstGood }
}

test('work that succeeds is repeated at its pace, and logs nothing', async () => {
  const { lines, waits, wasFirstGood } = await repetitionOf([null, null, null])
  expect([lines, waits, wasFirstGood]).toEqual([[], [EVERY_MS, EVERY_MS, EVERY_MS], true])
})

test('an outage is one line at its beginning and one at its end, asked about more and more seldom', async () => {
  const { lines, waits, wasFirstGood } = await repetitionOf([...Array(6).fill('away'), null])
  expect(wasFirstGood).toBe(false)
  expect(lines).toEqual([
    ['sweep_failed', { because: 'away' }],
    ['sweep_recovered', { failures: 6 }],
  ])
  const multiples = waits.map((ms) => ms / EVERY_MS)
  expect(multiples).toEqual([2, 4, 8, 10, 10, 10, 1])
})

test('another reason for the same failure is another line', async () => {
  const { lines } = await repetitionOf(['away', 'away', 'no tables', null, 'away'])
  expect(lines.map(([event, fields]) => [event, fields?.because ?? fields?.failures])).toEqual([
    ['sweep_failed', 'away'],
    ['sweep_failed', 'no tables'],
    ['sweep_recovered', 3],
    ['sweep_failed', 'away'],
  ])
})
