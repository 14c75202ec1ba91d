import { type Kysely, sql } from 'kysely'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Tables } from '../../../db/tables.ts'
import { pgCache, pruneCache } from '../../../lib/adapters/postgres/cache.ts'
import { cacheStoreFacts, newKey } from '../../support/cache-store-facts.ts'
import { describeDatabases } from '../../support/databases.ts'

const MEGABYTE = 1_000_000

describeDatabases('The cache in PostgreSQL', (database) => {
  const db = () => database().db
  let clockMs = 0
  const open = (maxBytes = 200 * MEGABYTE, on: Kysely<Tables> = db()) =>
    pgCache(on, { maxBytes, monotonicMs: () => clockMs })

  beforeEach(async () => {
    await db().deleteFrom('cache').execute()
  })

  cacheStoreFacts(async () => open())

  /** Stores entries of a size, the first of them to expire first. */
  async function fill(sizes: readonly number[], maxBytes?: number): Promise<string[]> {
    const store = open(maxBytes)
    const keys = sizes.map(() => newKey())
    const writes = keys.map((key, at) => store.set(key, new Uint8Array(sizes[at] ?? 0), 1_000 + at))
    await store.close()
    await Promise.all(writes)
    return keys
  }

  async function storedKeys(): Promise<string[]> {
    const rows = await db().selectFrom('cache').select('key').orderBy('expires_at').execute()
    return rows.map(({ key }) => Buffer.from(key).toString('hex'))
  }

  describe('what it costs', () => {
    /** The database, with the statements that it is asked. */
    function recordStatements() {
      const statements: string[] = []
      const on = db().withPlugin({
        transformQuery({ node }) {
          statements.push(JSON.stringify(node))
          return node
        },
        transformResult: async ({ result }) => result,
      })
      return { statements, on }
    }

    test('what is not stored is not looked up, and what is stored costs one statement', async () => {
      const [key = ''] = await fill([2_000])
      const { statements, on } = recordStatements()
      const store = open(undefined, on)
      await store.prepare()
      await store.prepare()
      expect(statements).toHaveLength(1)
      await Promise.all([newKey(), newKey(), newKey()].map((missingKey) => store.get(missingKey)))
      expect(statements).toHaveLength(1)
      expect(await store.get(key)).toHaveLength(2_000)
      expect(statements).toHaveLength(2)
    })

    test('entries are written together, a second after the first of them, and found before', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout'] })
      const { statements, on } = recordStatements()
      const store = open(undefined, on)
      const keys = [newKey(), newKey(), newKey()]
      const writes = keys.map((key) => store.set(key, Buffer.from(key), 60))
      expect(Buffer.from((await store.get(keys[2] ?? '')) ?? []).toString()).toBe(keys[2])
      vi.advanceTimersByTime(999)
      expect(statements).toHaveLength(0)
      vi.advanceTimersByTime(1)
      vi.useRealTimers()
      await Promise.all(writes)
      expect(statements).toHaveLength(1)
      expect(await storedKeys()).toHaveLength(3)
    })

    test('a process learns after ten minutes what others have stored', async () => {
      const store = open()
      await store.prepare()
      const [key = ''] = await fill([2_000])
      await store.prepare()
      expect(await store.get(key)).toBeUndefined()
      clockMs += 600_000
      await store.prepare()
      expect(await store.get(key)).toBeDefined()
    })
  })

  describe('what is deleted', () => {
    test('an entry that has expired is not found, and is deleted', async () => {
      const [old = '', fresh = ''] = await fill([2_000, 2_000])
      await sql`update cache set expires_at = now() where key = decode(${old}, 'hex')`.execute(db())
      const store = open()
      await store.prepare()
      expect(await store.get(old)).toBeUndefined()
      expect(await pruneCache(db(), MEGABYTE, 10)).toBe(1)
      expect(await storedKeys()).toEqual([fresh])
    })

    test('a cache beyond its size deletes the entries that would expire next, so many at a time', async () => {
      const keys = await fill([4_000, 4_000, 4_000, 4_000, 4_000])
      expect(await pruneCache(db(), 20_000, 10)).toBe(0)
      expect(await pruneCache(db(), 9_000, 2)).toBe(2)
      expect(await pruneCache(db(), 9_000, 2)).toBe(1)
      expect(await pruneCache(db(), 9_000, 2)).toBe(0)
      expect(await storedKeys()).toEqual(keys.slice(3))
    })

    test('a short entry counts a kilobyte, for its row', async () => {
      await fill([1, 1, 1])
      expect(await pruneCache(db(), 2 * 1_024, 10)).toBe(1)
    })

    test('a cache without any room deletes all its entries', async () => {
      await fill([2_000, 2_000])
      expect(await pruneCache(db(), 0, 10)).toBe(2)
    })

    test('a process that writes more than the cache may take keeps it within its size', async () => {
      const keys = await fill(
        Array.from({ length: 12 }, () => 10_000),
        50_000,
      )
      expect(await storedKeys()).toEqual(keys.slice(-5))
    })
  })
})
