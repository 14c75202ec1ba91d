import type { Measures } from './measures.ts'

/** What is cached, each for so long. */
export const CACHE_SECONDS = { speech: 7 * 86_400, translation: 30 * 86_400 } as const

export type CacheKind = keyof typeof CACHE_SECONDS

/** Results of paid calls, each of which is the same for all equal requests. No member throws. */
export type Cache = {
  /** Makes ready for look-ups that follow, while their caller waits for something else. */
  prepare(): void
  /** What was stored for such a request; undefined where nothing was, or where the store does not say so in time. */
  find(
    kind: CacheKind,
    request: CachedRequest,
    /** Where it is counted whether something was found. */
    measures?: Pick<Measures, 'count'>,
  ): Promise<Uint8Array | undefined>
  /** Stores a result, in the background. */
  store(kind: CacheKind, request: CachedRequest, result: Uint8Array): void
  /** Writes what waits to be written, and lets go of the store. */
  close(): Promise<void>
}

/** All that decides what comes of a paid call. */
export type CachedRequest = readonly (string | number)[]

/** Where the cache's entries are: bytes by a key of 32 hexadecimal digits. Throws where it cannot do its work. */
export type CacheStore = {
  prepare(): Promise<void>
  get(key: string): Promise<Uint8Array | undefined>
  /** May write later, with others. */
  set(key: string, bytes: Uint8Array, seconds: number): Promise<void>
  close(): Promise<void>
}

/** A cache that finds nothing. */
export const NO_CACHE: Cache = {
  prepare() {},
  find: async () => undefined,
  store() {},
  close: async () => {},
}
