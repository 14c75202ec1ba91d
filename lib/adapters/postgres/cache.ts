import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { CacheStore } from '../../app/cache.ts'
import { every } from '../../app/every.ts'

/** What was stored meanwhile is written together: fewer statements for more lessons, and soon enough for one alone. */
const WRITE_AFTER_MS = 1_000
/** More than a process's lessons say within that time; what comes beyond it is not stored. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024
const MAX_WAITING_ENTRIES = 2_000
/** How often a process that gives lessons learns which keys others have stored. */
const LIST_INTERVAL_MS = 600_000
/** Bytes of a key that the list has: among 100,000 entries one look-up in 40,000 is in vain. */
const LISTED_BYTES = 4
/** What an entry counts at least, for its row and its places in the indexes. */
const MIN_ENTRY_BYTES = 1_024
/** A process clears up after it has written this share of what the cache may take. */
const CLEAR_UP_SHARE = 0.05
const ROWS_PER_CLEAR_UP = 1_000
const MAX_CLEAR_UPS = 10

type Entry = { bytes: Uint8Array; seconds: number }

/**
 * The cache's entries in PostgreSQL.
 *
 * A lesson whose sentences are new costs no statement: only keys are looked up that a list of all keys has, which a process
 * reads when it gives its first lesson and then once in ten minutes, and entries are written together, a second later. A
 * process that is frozen or killed before loses those.
 */
export function pgCache(
  db: Kysely<Tables>,
  { maxBytes, monotonicMs }: { maxBytes: number; monotonicMs: () => number },
): CacheStore {
  let isListDue = every(LIST_INTERVAL_MS, monotonicMs)
  let listing: Promise<Set<number>> | undefined
  const waiting = new Map<string, Entry>()
  let waitingBytes = 0
  let batch: { begin(): void; writing: Promise<void> } | undefined
  let writtenBytes = 0

  function openBatch() {
    const { promise, resolve } = Promise.withResolvers<void>()
    setTimeout(resolve, WRITE_AFTER_MS).unref()
    return { begin: resolve, writing: promise.then(writeBatch) }
  }

  async function writeBatch(): Promise<void> {
    const entries = [...waiting]
    writtenBytes += waitingBytes
    waiting.clear()
    waitingBytes = 0
    batch = undefined
    await write(db, entries)
    const keys = await listing
    for (const [key] of entries) keys?.add(shortKey(key))
    if (writtenBytes >= maxBytes * CLEAR_UP_SHARE) await clearUp()
  }

  async function clearUp(): Promise<void> {
    writtenBytes = 0
    for (let round = 0; round < MAX_CLEAR_UPS; round += 1) {
      if ((await pruneCache(db, maxBytes, ROWS_PER_CLEAR_UP)) < ROWS_PER_CLEAR_UP) return
    }
  }

  return {
    async prepare() {
      if (!isListDue()) return
      const newer = listKeys(db)
      // Until the newer list is there, the older one serves.
      listing ??= newer
      try {
        await newer
        listing = newer
      } catch (error) {
        // The next lesson tries again.
        if (listing === newer) listing = undefined
        isListDue = every(LIST_INTERVAL_MS, monotonicMs)
        throw error
      }
    },

    async get(key) {
      const entry = waiting.get(key)
      if (entry !== undefined) return entry.bytes
      const keys = await listing
      return keys?.has(shortKey(key)) ? read(db, key) : undefined
    },

    async set(key, bytes, seconds) {
      const isFull =
        waitingBytes + bytes.length > MAX_WAITING_BYTES || waiting.size >= MAX_WAITING_ENTRIES
      if (isFull) return
      waitingBytes += bytes.length - (waiting.get(key)?.bytes.length ?? 0)
      waiting.set(key, { bytes, seconds })
      batch ??= openBatch()
      await batch.writing
    },

    async close() {
      batch?.begin()
      await batch?.writing
    },
  }
}

function shortKey(key: string): number {
  return Number.parseInt(key.slice(0, LISTED_BYTES * 2), 16)
}

/** All keys that are stored, shortened. */
async function listKeys(db: Kysely<Tables>): Promise<Set<number>> {
  const { rows } = await sql<{ keys: Uint8Array }>`
    select coalesce(string_agg(substring(key for ${sql.lit(LISTED_BYTES)}), ''), '') as keys
    from cache`.execute(db)
  const bytes = Buffer.from(rows[0]?.keys ?? [])
  const keys = new Set<number>()
  for (let at = 0; at < bytes.length; at += LISTED_BYTES) keys.add(bytes.readUInt32BE(at))
  return keys
}

async function read(db: Kysely<Tables>, key: string): Promise<Uint8Array | undefined> {
  const { rows } = await sql<{ value: Uint8Array }>`
    select value from cache where key = ${keyBytes(key)} and expires_at > now()`.execute(db)
  return rows[0] && new Uint8Array(rows[0].value)
}

async function write(db: Kysely<Tables>, entries: [string, Entry][]): Promise<void> {
  // In one order everywhere, so that two processes that write the same keys wait for one another at most.
  const orderedEntries = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  await sql`
    insert into cache (key, value, bytes, expires_at) values ${sql.join(orderedEntries.map(rowOf))}
    on conflict (key) do update
      set value = excluded.value, bytes = excluded.bytes, expires_at = excluded.expires_at`.execute(
    db,
  )
}

function rowOf([key, { bytes, seconds }]: [string, Entry]): RawBuilder<unknown> {
  const countedBytes = Math.max(MIN_ENTRY_BYTES, bytes.length)
  return sql`(${keyBytes(key)}, ${bytes}::bytea, ${countedBytes}, now() + make_interval(secs => ${seconds}))`
}

function keyBytes(key: string): RawBuilder<Uint8Array> {
  return sql`${new Uint8Array(Buffer.from(key, 'hex'))}::bytea`
}

/** Deletes entries that have expired and, beyond what the cache may take, those that are to expire next; how many. */
export async function pruneCache(
  db: Kysely<Tables>,
  maxBytes: number,
  limit: number,
): Promise<number> {
  const { rows } = await sql`
    with excess as (
      select coalesce(sum(bytes), 0) - ${maxBytes}::bigint as bytes from cache
    ), oldest as (
      select key, expires_at, sum(bytes) over (order by expires_at, key) - bytes as bytes_before
      from (select * from cache order by expires_at, key limit ${limit}) as first
    )
    delete from cache where key in (
      select key from cache where key in (
        select oldest.key from oldest, excess
        where oldest.expires_at <= now() or oldest.bytes_before < excess.bytes)
      for update skip locked)
    returning key`.execute(db)
  return rows.length
}
