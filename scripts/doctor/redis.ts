import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'redis'
import { LOOKUP_DEADLINE_MS } from '../../lib/app/sealed-cache.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { redisUrlProblem } from '../../lib/config/redis-url.ts'
import { type Check, type Finding, fail, ok, warn } from './check.ts'
import { SET_VARIABLES } from './set-up.ts'

/** Shorter than a check's deadline, so that the error says what was waited for. */
const TIMEOUT_MS = 4_000
const PINGS = 3

/** Lessons need no cache: what is wrong with it is a warning. */
export const redis: Check = {
  async look({ redisUrl, config }) {
    if (redisUrl === undefined) return ok('not used: REDIS_URL is not set')
    const problem = redisUrlProblem(redisUrl)
    if (problem !== undefined) return fail(`REDIS_URL ${problem}`, SET_VARIABLES, 'config')
    if (!(config instanceof ConfigError) && config.cache === undefined) {
      return warn('REDIS_URL is set, and not used: CACHE_MAX_MB is 0', 'remove one of the two')
    }
    const client = createClient({
      url: redisUrl,
      socket: { reconnectStrategy: false },
    })
    // What `connect` and the commands reject with is the same.
    client.on('error', () => {})
    try {
      const finding = client.connect().then(async () => {
        const info = await infoOf(client)
        return findingOf(info, await roundTripMs(client))
      })
      return await Promise.race([finding, timeout()])
    } catch (error) {
      // That it does not answer is the finding.
      return unreachableFinding(redisUrl, error)
    } finally {
      if (client.isOpen) client.destroy()
    }
  },
}

type Info = { version: string; maxBytes: number; policy: string }

async function infoOf(client: { info(): Promise<string> }): Promise<Info> {
  const info = await client.info()
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  return {
    version: field('redis_version') ?? 'of an unknown version',
    maxBytes: Number(field('maxmemory') ?? 0),
    policy: field('maxmemory_policy') ?? 'unknown',
  }
}

/** The shortest of a few: what the network takes, not what this machine is busy with. */
async function roundTripMs(client: { ping(): Promise<string> }): Promise<number> {
  let shortestMs = Number.POSITIVE_INFINITY
  for (let ping = 0; ping < PINGS; ping += 1) {
    const sentAt = performance.now()
    await client.ping()
    shortestMs = Math.min(shortestMs, performance.now() - sentAt)
  }
  return shortestMs
}

/** Rejects: also a server that takes connections may never answer. */
async function timeout(): Promise<never> {
  await delay(TIMEOUT_MS, undefined, { ref: false })
  throw new Error(`within ${TIMEOUT_MS / 1000} s`)
}

function findingOf({ version, maxBytes, policy }: Info, ms: number): Finding {
  const room =
    maxBytes === 0 ? 'no limit of memory' : `${Math.round(maxBytes / 1e6)} MB, then ${policy}`
  const description = `Redis ${version}, ${ms < 1 ? '< 1' : Math.round(ms)} ms away, ${room}`
  if (ms >= LOOKUP_DEADLINE_MS) {
    const fix = 'set REDIS_URL to one beside the functions, or remove it'
    return warn(`${description}: a look-up has ${LOOKUP_DEADLINE_MS} ms`, fix)
  }
  return maxBytes > 0 && policy === 'noeviction'
    ? warn(
        `${description}: when it is full, nothing new is cached`,
        'set maxmemory-policy allkeys-lru',
      )
    : ok(description)
}

function unreachableFinding(redisUrl: string, error: unknown): Finding {
  const { host } = new URL(redisUrl)
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : message
  const isRefused = /NOAUTH|WRONGPASS|NOPERM|AUTH/i.test(message)
  return isRefused
    ? warn(`Redis at ${host} refuses the password: ${message}`, 'check the password in REDIS_URL')
    : warn(
        `Redis at ${host} does not answer (${code}); lessons go on without a cache`,
        'start it, check REDIS_URL, or remove it: the cache is then in PostgreSQL',
      )
}
