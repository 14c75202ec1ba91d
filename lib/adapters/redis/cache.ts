import { setTimeout as delay } from 'node:timers/promises'
import type { CacheStore } from '../../app/cache.ts'

/** Set apart from what others keep in the same Redis. */
const PREFIX = 'mluv:cache:'
const CONNECT_TIMEOUT_MS = 2_000
const MAX_RECONNECT_WAIT_MS = 2_000
/** More waiting means a server that hangs: what follows fails at once. */
const MAX_WAITING_COMMANDS = 500
const CLOSE_TIMEOUT_MS = 500

/**
 * The cache's entries in Redis, which lets them expire; its own `maxmemory` bounds them.
 *
 * The client is loaded and connects with the first use, and connects again by itself; a call without a connection fails at once.
 */
export function redisCache(url: string): CacheStore {
  let opening: ReturnType<typeof connect> | undefined
  function open() {
    opening ??= connect(url)
    return opening
  }
  return {
    async prepare() {
      await open()
    },

    async get(key) {
      const client = await open()
      return (await client.get(PREFIX + key)) ?? undefined
    },

    async set(key, bytes, seconds) {
      const client = await open()
      const expiration = { type: 'EX', value: seconds } as const
      await client.set(PREFIX + key, Buffer.from(bytes), { expiration })
    },

    async close() {
      const client = await opening
      if (client?.isReady) {
        // Answered after all that is under way, unless the server hangs or goes, too.
        const pong = client.ping().catch(() => {})
        await Promise.race([pong, delay(CLOSE_TIMEOUT_MS)])
      }
      client?.destroy()
    },
  }
}

/** A client that has begun to connect. */
async function connect(url: string) {
  const { createClient, RESP_TYPES } = await import('redis')
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_WAITING_COMMANDS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(MAX_RECONNECT_WAIT_MS, 50 * 2 ** retries),
    },
  })
  // What has become of the connection, each command says.
  client.on('error', () => {})
  client.connect().catch(() => {})
  return client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
}
