import { createClient } from 'redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { factsOf } from '../../../scripts/doctor/facts.ts'
import { redis as check } from '../../../scripts/doctor/redis.ts'
import { type RedisServer, startRedis } from '../../rigs/redis.ts'
import { describeRedis } from '../../support/redis.ts'

describeRedis('The doctor’s look at a real Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.kill())

  const look = (env: NodeJS.ProcessEnv) => {
    const tools = { now: () => new Date(), sleep: async () => {}, nodeVersion: '24', isPaid: false }
    return check.look(factsOf(env, tools))
  }

  async function configure(settings: Record<string, string>): Promise<void> {
    const client = await createClient({ url: redis.url }).connect()
    await client.configSet(settings)
    client.destroy()
  }

  test('a Redis that answers is ok, with its version, its distance and its limit', async () => {
    const observation = /^Redis \d+\.\d+\.\d+, (< 1|\d+) ms away, no limit of memory$/
    expect(await look({ REDIS_URL: redis.url })).toEqual({
      status: 'ok',
      found: expect.stringMatching(observation),
    })
    await configure({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' })
    const limitedRow = await look({ REDIS_URL: redis.url })
    expect(limitedRow).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/105 MB, then allkeys-lru$/),
    })
  })

  test('a Redis that drops nothing when it is full is a warning', async () => {
    await configure({ maxmemory: '100mb', 'maxmemory-policy': 'noeviction' })
    expect(await look({ REDIS_URL: redis.url })).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/when it is full, nothing new is cached$/),
      fix: expect.stringMatching(/maxmemory-policy/),
    })
  })

  test('a password that Redis refuses is told apart from a Redis that is away, and not shown', async () => {
    await configure({ requirepass: 'the-password' })
    const url = new URL(redis.url)
    url.password = 'not-the-password'
    const finding = await look({ REDIS_URL: url.href })
    expect(finding).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/refuses the password/),
    })
    expect(JSON.stringify(finding)).not.toContain(url.password)
    const client = await createClient({ url: redis.url, password: 'the-password' }).connect()
    await client.configSet('requirepass', '')
    client.destroy()
  })

  test('a Redis that hangs is waited for no longer than four seconds', async () => {
    redis.freeze()
    const finding = await look({ REDIS_URL: redis.url })
    redis.thaw()
    expect(finding).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/does not answer/),
    })
  })
})

test('a cache that is turned off uses no Redis', async () => {
  const tools = { now: () => new Date(), sleep: async () => {}, nodeVersion: '24', isPaid: false }
  const env = {
    TELEGRAM_BOT_TOKEN: '1:a',
    TELEGRAM_WEBHOOK_SECRET: 'a',
    OPENAI_API_KEY: 'a',
    REDIS_URL: 'redis://127.0.0.1:1',
    CACHE_MAX_MB: '0',
  }
  expect(await check.look(factsOf(env, tools))).toMatchObject({
    status: 'warn',
    found: expect.stringMatching(/not used: CACHE_MAX_MB is 0/),
  })
})
