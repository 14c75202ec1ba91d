import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { COMPILE_CACHE } from './compile-cache.ts'

const root = resolve(import.meta.dirname, '../..')

export type ProcessExit = {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A process of `npm start`. */
export type Instance = {
  /** Where its functions listen. */
  url: string
  pid: number
  /** Everything it has printed so far, on both streams. */
  output(): string
  /** Stops reading what it prints, so that its next line fails. */
  stopReading(): void
  /** Sends a signal, `SIGSTOP` and `SIGCONT` among them. */
  signal(signal: NodeJS.Signals): void
  /** Sends a signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<ProcessExit>
  /** Resolves when the process has ended, by a signal or by itself. */
  exit: Promise<ProcessExit>
}

const children = new Set<ChildProcess>()

/** Runs a script in a process of its own, with just this environment, to its end; in the project's folder if no other is given. */
export function runNode(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  cwd = root,
): Promise<ProcessExit> {
  return collect(spawnNode([script, ...args], env, cwd)).exit
}

/**
 * Starts `scripts/start.ts` and resolves when it listens; rejects with what it printed if it ends before.
 *
 * `preload` is a module that the process loads before anything else.
 */
export async function startInstance(
  env: NodeJS.ProcessEnv,
  { preload }: { preload?: string } = {},
): Promise<Instance> {
  const hook = preload === undefined ? [] : ['--import', resolve(root, preload)]
  const child = spawnNode([...hook, 'scripts/start.ts'], env)
  const { exit, output } = collect(child)
  const listening = Promise.withResolvers<string>()
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^listening on (\S+)$/.exec(line)?.[1]
      if (url !== undefined) listening.resolve(url)
    })
  }
  exit.then(({ code }) => {
    listening.reject(new Error(`It ended with ${code} before it listened: ${output()}`))
  }, listening.reject)
  return {
    url: await listening.promise,
    pid: child.pid ?? 0,
    output,
    stopReading() {
      child.stdout?.destroy()
      child.stderr?.destroy()
    },
    signal: (signal) => void child.kill(signal),
    end(signal) {
      child.kill(signal)
      return exit
    },
    exit,
  }
}

/** Kills all child processes that still run. */
export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}

function spawnNode(args: string[], env: NodeJS.ProcessEnv, cwd = root): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd,
    // Only our PATH is passed on: other variables of this machine must not reach the process.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

function collect(child: ChildProcess): { exit: Promise<ProcessExit>; output: () => string } {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const exit = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    ...output,
  }))
  return { exit, output: () => output.stdout + output.stderr }
}
