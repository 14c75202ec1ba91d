import { describe, expect, test } from 'vitest'
import type { CacheStore } from '../../lib/app/cache.ts'
import { LOOKUP_DEADLINE_MS, sealedCache } from '../../lib/app/sealed-cache.ts'
import { memoryStore } from '../support/memory-store.ts'
import { rememberingLog } from '../support/scripted-provider.ts'

const REQUEST = ['api.example.com', 'a-model', 'Dobrý den, Oxanabello!'] as const
const RESULT = Buffer.from('the sound of it')

function scene(faults: Partial<CacheStore> = {}) {
  const store = memoryStore()
  const log = rememberingLog()
  let clockMs = 0
  const cache = sealedCache({ ...store, ...faults }, { log, monotonicMs: () => clockMs })
  return {
    cache,
    log,
    entries: store.entries,
    pass(ms: number) {
      clockMs += ms
    },
  }
}

/** Counts what a look-up finds. */
function countingMeasures() {
  const names: string[] = []
  const count = (name: string, labels: object) =>
    void names.push([name, ...Object.values(labels)].join(' '))
  return { names, count }
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString()
}

test('what was stored for a request is found for the same request, and for no other', async () => {
  const { cache } = scene()
  cache.store('speech', REQUEST, RESULT)
  expect(textOf(await cache.find('speech', REQUEST))).toBe('the sound of it')
  expect(await cache.find('translation', REQUEST)).toBeUndefined()
  for (let at = 0; at < REQUEST.length; at += 1) {
    const otherRequest = REQUEST.map((part, index) => (index === at ? `${part}!` : part))
    expect(await cache.find('speech', otherRequest)).toBeUndefined()
  }
  expect(await cache.find('speech', [REQUEST.join('')])).toBeUndefined()
})

test('a look-up is counted by what came of it', async () => {
  const { cache, entries } = scene()
  const measures = countingMeasures()
  await cache.find('speech', REQUEST, measures)
  cache.store('speech', REQUEST, RESULT)
  await cache.find('speech', REQUEST, measures)
  cache.store('translation', REQUEST, RESULT)
  for (const key of entries.keys()) entries.set(key, Buffer.from('damaged'))
  await cache.find('translation', REQUEST, measures)
  expect(measures.names).toEqual([
    'cache_misses speech',
    'cache_hits speech',
    'cache_errors translation',
  ])
})

test('an entry says neither what was asked nor what came of it, and no two look alike', () => {
  const { cache, entries } = scene()
  cache.store('speech', REQUEST, RESULT)
  const [[key, value] = ['', Buffer.of()]] = [...entries]
  cache.store('speech', REQUEST, RESULT)
  expect(key).toMatch(/^[0-9a-f]{32}$/)
  for (const part of ['Oxanabell', 'the sound', 'example'])
    expect(Buffer.from(value).includes(part)).toBe(false)
  expect(entries.size).toBe(1)
  expect(Buffer.from(entries.get(key) ?? []).equals(value)).toBe(false)
})

describe('a store that is not as it should be', () => {
  test.each([
    ['has changed a bit', (value: Uint8Array) => value.with(value.length - 1, 1)],
    ['has cut it', (value: Uint8Array) => value.slice(0, 5)],
    ['has nothing in it', () => new Uint8Array()],
    ['has the entry of another request', (_: Uint8Array, otherEntry: Uint8Array) => otherEntry],
  ])('an entry is ignored of which the store %s', async (_, damage) => {
    const { cache, entries, log } = scene()
    cache.store('speech', ['another request'], RESULT)
    const [otherEntry = Buffer.of()] = entries.values()
    cache.store('speech', REQUEST, RESULT)
    const [key = ''] = [...entries.keys()].slice(1)
    entries.set(key, damage(new Uint8Array(entries.get(key) ?? []), new Uint8Array(otherEntry)))
    expect(await cache.find('speech', REQUEST)).toBeUndefined()
    expect(log.lines.map(({ event }) => event)).toEqual(['cache_unavailable'])
  })

  test('a store that never answers is waited for no longer than the deadline', async () => {
    const { cache, log } = scene({ get: () => new Promise(() => {}) })
    const begunAt = performance.now()
    expect(await cache.find('speech', REQUEST)).toBeUndefined()
    expect(performance.now() - begunAt).toBeGreaterThan(LOOKUP_DEADLINE_MS - 5)
    expect(log.lines).toHaveLength(1)
    expect(LOOKUP_DEADLINE_MS).toBe(50)
  })

  test('an answer that came while the process was held up is not late', async () => {
    const { cache, entries, log } = scene({
      get: (key) =>
        new Promise((resolve) => setTimeout(() => resolve(entries.get(key)), LOOKUP_DEADLINE_MS)),
    })
    cache.store('speech', REQUEST, RESULT)
    const lookup = cache.find('speech', REQUEST)
    await new Promise((resolve) => setImmediate(resolve))
    const until = performance.now() + 2 * LOOKUP_DEADLINE_MS
    while (performance.now() < until);
    expect(textOf(await lookup)).toBe('the sound of it')
    expect(log.lines).toEqual([])
  })

  test('a store that fails is told in the log once a minute, and nothing else comes of it', async () => {
    const failAsAway = async () => {
      throw new Error('away')
    }
    const { cache, log, pass } = scene({
      prepare: failAsAway,
      get: failAsAway,
      set: failAsAway,
      close: failAsAway,
    })
    cache.prepare()
    cache.store('speech', REQUEST, RESULT)
    expect(await cache.find('speech', REQUEST)).toBeUndefined()
    expect(await cache.find('speech', REQUEST)).toBeUndefined()
    expect(log.lines.map(({ event }) => event)).toEqual(['cache_unavailable'])
    pass(59_999)
    await cache.find('speech', REQUEST)
    expect(log.lines).toHaveLength(1)
    pass(1)
    await cache.find('speech', REQUEST)
    expect(log.lines).toHaveLength(2)
    await cache.close()
    expect(JSON.stringify(log.lines)).not.toContain('Oxanabell')
  })
})
