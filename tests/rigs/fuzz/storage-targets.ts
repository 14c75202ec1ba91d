import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { CacheStore } from '../../../lib/app/cache.ts'
import { sealedCache } from '../../../lib/app/sealed-cache.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { SILENT } from './provider.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { learnersText } from './texts.ts'

const REQUEST = ['api.example.com', 'a-model', 'Dobrý den!'] as const

/** What goes into the database. */
export const STORAGE_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'stored-text',
    fact: 'any text made storable comes back from the database as it went in, as text and in JSON',
    weight: 15,
    arbitrary: learnersText(),
    async holds(text, subject) {
      const { db } = await subject.product()
      // As lessons are: JavaScript's white space has the byte order mark in it, which PGlite drops.
      const storedText = storable(text).trim()
      const json = JSON.stringify({ [storedText]: [storedText] })
      const { rows } = await sql<{ text: string; json: unknown; length: number }>`
        select ${storedText}::text as text, ${json}::jsonb as json, octet_length(${storedText}::text) as length
      `.execute(db)
      const [row] = rows
      assert.equal(row?.text, storedText)
      assert.equal(row.length, Buffer.byteLength(storedText))
      assert.deepEqual(row.json, JSON.parse(json))
    },
  }),
  fuzzTarget({
    name: 'cached-entry',
    fact: 'an entry of the cache is found as it was stored; damaged, it is found not at all',
    weight: 15,
    arbitrary: fc.record({
      result: fc.uint8Array({ maxLength: 60 }),
      cut: fc.nat(100),
      length: fc.nat(3),
      part: fc.uint8Array({ maxLength: 3 }),
    }),
    async holds({ result, cut, length, part }) {
      const entries = new Map<string, Uint8Array>()
      const store: CacheStore = {
        async prepare() {},
        get: async (key) => entries.get(key),
        set: async (key, bytes) => void entries.set(key, bytes),
        async close() {},
      }
      const cache = sealedCache(store, { log: SILENT, monotonicMs: () => 0 })
      cache.store('speech', REQUEST, result)
      const [[key, entry = new Uint8Array()] = ['']] = entries
      const at = cut % (entry.length + 1)
      const damagedEntry = Buffer.concat([entry.subarray(0, at), part, entry.subarray(at + length)])
      entries.set(key, damagedEntry)
      const value = await cache.find('speech', REQUEST)
      const isWhole = damagedEntry.equals(entry)
      assert.deepEqual(value && [...value], isWhole ? [...result] : undefined)
    },
  }),
]
