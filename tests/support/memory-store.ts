import type { CacheStore } from '../../lib/app/cache.ts'

/** A cache's entries in memory, for tests to look at. */
export function memoryStore(): CacheStore & { entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>()
  return {
    entries,
    async prepare() {},
    get: async (key) => entries.get(key),
    async set(key, bytes) {
      entries.set(key, bytes)
    },
    async close() {},
  }
}
