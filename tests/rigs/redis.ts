import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listenLocally } from './listening.ts'

/** Tells whether Redis is installed here. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0

/** A real Redis of one's own. */
export type RedisServer = {
  url: string
  /** Ends it at once; where it has ended already, nothing. */
  kill(): Promise<void>
  /** Lets it answer nothing until `thaw`, with all connections open. */
  freeze(): void
  thaw(): void
}

/** Starts a Redis on a free port, which keeps nothing; `options` are those of its command line. */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'mluv-me-redis-'))
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', '']
  const child = spawn('redis-server', [...args, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await untilReady(child)
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function untilReady({ stdout }: ChildProcess): Promise<void> {
  let output = ''
  for await (const piece of stdout ?? []) {
    output += piece
    if (output.includes('Ready to accept connections')) {
      // A pipe that is not read would fill up.
      stdout?.resume()
      return
    }
  }
  throw new Error(`Redis has not started:\n${output}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listenLocally(server)
  server.close()
  await once(server, 'close')
  return port
}
