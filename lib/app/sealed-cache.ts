import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  CACHE_SECONDS,
  type Cache,
  type CachedRequest,
  type CacheKind,
  type CacheStore,
} from './cache.ts'
import { every } from './every.ts'
import type { Measures } from './measures.ts'
import type { Log } from './ports.ts'
import { entryKeys, seal, unseal } from './seal.ts'

/** A look-up that takes longer would keep the learner waiting for what is there to save time. */
export const LOOKUP_DEADLINE_MS = 50
const LOG_INTERVAL_MS = 60_000

const LATE = Symbol('late')

/**
 * A cache on a store that may be away, slow, full, or in the hands of others: then it finds nothing, and says so in the log
 * once a minute. What it stores can be read only by means of the request that it was stored for.
 */
export function sealedCache(
  store: CacheStore,
  { log, monotonicMs }: { log: Log; monotonicMs: () => number },
): Cache {
  const isLogDue = every(LOG_INTERVAL_MS, monotonicMs)

  function report(error: unknown): void {
    if (isLogDue()) log.warn('cache_unavailable', { error })
  }

  async function find(
    kind: CacheKind,
    request: CachedRequest,
    measures?: Pick<Measures, 'count'>,
  ): Promise<Uint8Array | undefined> {
    const keys = entryKeys(kind, request)
    try {
      const entry = await unlessLate(store.get(keys.name))
      if (entry === LATE) throw new Error(`No answer within ${LOOKUP_DEADLINE_MS} ms.`)
      const result = entry && unseal(entry, keys.secret)
      measures?.count(result === undefined ? 'cache_misses' : 'cache_hits', { kind })
      return result
    } catch (error) {
      // The work goes on without the cache.
      report(error)
      measures?.count('cache_errors', { kind })
      return undefined
    }
  }

  return {
    prepare() {
      // A failure surfaces at the look-up, too.
      store.prepare().catch(report)
    },
    find,
    store(kind, request, result) {
      const { name, secret } = entryKeys(kind, request)
      // The result has been made and is used, be it stored or not.
      store.set(name, seal(result, secret), CACHE_SECONDS[kind]).catch(report)
    },
    async close() {
      await store.close().catch(report)
    },
  }
}

/** Waits for a look-up until its deadline; a failure that comes later goes unnoticed. */
async function unlessLate<T>(lookup: Promise<T>): Promise<T | typeof LATE> {
  const { promise: lateness, resolve } = Promise.withResolvers<typeof LATE>()
  const timer = setTimeout(async () => {
    // An answer that has come while the event loop was held up is not late.
    await nextTurn()
    resolve(LATE)
  }, LOOKUP_DEADLINE_MS)
  try {
    return await Promise.race([lookup, lateness])
  } finally {
    clearTimeout(timer)
  }
}
