import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '../..')

export type Ended = {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Runs a script in a process of its own, with just this environment, to its end. */
export function runNode(script: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return endOf(spawnNode(script, args, env))
}

export type FunctionsUnderTest = {
  /** Where they listen. */
  url: string
  pid: number
  /** Sends a signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<Ended>
}

const started = new Set<ChildProcess>()

/** Starts `scripts/start.ts` and resolves when it listens; rejects with what it printed if it ends before. */
export async function startFunctions(env: NodeJS.ProcessEnv): Promise<FunctionsUnderTest> {
  const child = spawnNode('scripts/start.ts', [], env)
  const ended = endOf(child)
  const listening = Promise.withResolvers<string>()
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^listening on (\S+)$/.exec(line)?.[1]
      if (url !== undefined) listening.resolve(url)
    })
  }
  ended.then(({ code, stdout, stderr }) => {
    listening.reject(new Error(`It ended with ${code} before it listened: ${stdout}${stderr}`))
  }, listening.reject)
  const url = await listening.promise
  return {
    url,
    pid: child.pid ?? 0,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Kills what a failed test has left running. */
export function killStarted(): void {
  for (const child of started) child.kill('SIGKILL')
}

function spawnNode(script: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, [resolve(root, script), ...args], {
    cwd: root,
    // The path alone of our own: what this machine has set must not reach the test.
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  child.once('exit', () => started.delete(child))
  return child
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  await once(child, 'close')
  return { code: child.exitCode, signal: child.signalCode, ...printed }
}
