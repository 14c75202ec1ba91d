import { createClient } from 'redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisCache } from '../../../lib/adapters/redis/cache.ts'
import { type RedisServer, startRedis } from '../../rigs/redis.ts'
import { cacheStoreFacts, newKey } from '../../support/cache-store-facts.ts'
import { describeRedis } from '../../support/redis.ts'

describeRedis('The cache in Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.kill())

  async function connect(url = redis.url) {
    const store = redisCache(url)
    await expect.poll(() => store.get(newKey()).catch(() => 'away')).toBeUndefined()
    return store
  }

  cacheStoreFacts(() => connect())

  test('an entry expires when its time is over, and its key says which program’s it is', async () => {
    const store = await connect()
    const key = newKey()
    await store.set(key, Buffer.from('x'), 7 * 86_400)
    const client = await createClient({ url: redis.url }).connect()
    const seconds = await client.ttl(`mluv:cache:${key}`)
    expect(seconds).toBeGreaterThan(7 * 86_400 - 60)
    await client.pExpire(`mluv:cache:${key}`, 1)
    await expect.poll(() => store.get(key)).toBeUndefined()
    client.destroy()
    await store.close()
  })

  test('a Redis that has no room left refuses an entry, and the store says so', async () => {
    const fullRedis = await startRedis('--maxmemory', '100kb', '--maxmemory-policy', 'noeviction')
    const store = await connect(fullRedis.url)
    await expect(store.set(newKey(), Buffer.from('x'), 60)).rejects.toThrow(/OOM/)
    await store.close()
    await fullRedis.kill()
  })

  test('without a connection a look-up fails at once, and finds its entry once there is one again', async () => {
    const redis = await startRedis()
    const store = await connect(redis.url)
    const key = newKey()
    await store.set(key, Buffer.from('x'), 60)
    await redis.kill()
    await expect.poll(() => store.get(key).catch(() => 'away')).toBe('away')
    const restartedRedis = await startRedis('--port', new URL(redis.url).port)
    await expect.poll(() => store.get(key).catch(() => 'away'), { timeout: 20_000 }).toBeUndefined()
    await store.close()
    await restartedRedis.kill()
  })

  test('a Redis that hangs keeps no process from ending', async () => {
    const redis = await startRedis()
    const store = await connect(redis.url)
    redis.freeze()
    const lookup = store.get(newKey())
    await Promise.all([store.close(), expect(lookup).rejects.toThrow()])
    await redis.kill()
  })

  test('where there is no Redis a look-up fails, and the store is closed all the same', async () => {
    const store = redisCache('redis://127.0.0.1:1')
    await store.prepare()
    await expect(store.get(newKey())).rejects.toThrow()
    await store.close()
  })
})
