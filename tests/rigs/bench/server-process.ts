import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process that listens. */
export type ServerProcess = {
  url: string
  pid: number
  /** When it was made, and when it was heard to listen, by `performance.now()`. */
  spawnedAt: number
  listeningAt: number
  /** Every line that it has printed so far. */
  lines: string[]
  end(signal?: NodeJS.Signals): Promise<void>
}

/** Runs Node with these arguments and just this environment, until it prints that it listens. */
export async function startServer(
  args: readonly string[],
  env: NodeJS.Dict<string>,
): Promise<ServerProcess> {
  const spawnedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const exit = once(child, 'close').finally(() => process.off('exit', kill))
  const lines: string[] = []
  const listening = Promise.withResolvers<string>()
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      const url = /^listening on (\S+)$/.exec(line)?.[1]
      if (url !== undefined) listening.resolve(url)
    })
  }
  exit.then(() => {
    listening.reject(new Error(`${args.join(' ')} ended: ${lines.slice(-5).join('\n')}`))
  }, listening.reject)
  const url = await listening.promise
  return {
    url,
    pid: child.pid ?? 0,
    spawnedAt,
    listeningAt: performance.now(),
    lines,
    async end(signal = 'SIGKILL') {
      child.kill(signal)
      await exit
    },
  }
}
