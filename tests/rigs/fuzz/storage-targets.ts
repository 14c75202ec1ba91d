import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { storable } from '../../../lib/domain/storable.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { learnersText } from './texts.ts'

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
]
