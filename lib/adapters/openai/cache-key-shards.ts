import type { Now } from '../../app/ports.ts'

/**
 * How many requests a minute one cache key is good for: OpenAI sends those of a key to one machine, and those beyond
 * to others, whose caches are cold (developers.openai.com/api/docs/guides/prompt-caching, read in November 2026).
 */
export const REQUESTS_A_MINUTE = 15

/**
 * Splits cache keys so that none gets more than 15 requests within a minute: the first shard of a key is the key itself,
 * the following ones `<key>-2`, `<key>-3`. The lowest shard with room is taken, so that few stay warm.
 *
 * It counts the requests of this process; other instances count their own.
 */
export function cacheKeyShards(now: Now): (key: string) => string {
  const shardsOfKeys = new Map<string, number[][]>()
  return (key) => {
    const at = now().getTime()
    const shards = (shardsOfKeys.get(key) ?? []).map((times) =>
      times.filter((time) => time > at - 60_000),
    )
    const free = shards.findIndex(({ length }) => length < REQUESTS_A_MINUTE)
    const index = free === -1 ? shards.length : free
    shards[index] = [...(shards[index] ?? []), at]
    shardsOfKeys.set(key, shards)
    return index === 0 ? key : `${key}-${index + 1}`
  }
}
