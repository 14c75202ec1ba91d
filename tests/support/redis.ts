import { describe } from 'vitest'
import { HAS_REDIS } from '../rigs/redis.ts'

/** Describes facts about a real Redis: each test starts its own. Where there is no `redis-server` they are reported as skipped. */
export function describeRedis(title: string, body: () => void): void {
  describe.skipIf(!HAS_REDIS)(HAS_REDIS ? title : `${title} (skipped: no redis-server)`, body)
}
