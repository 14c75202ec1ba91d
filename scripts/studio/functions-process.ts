import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Environment } from '../cli/env-file.ts'
import { type LogLine, readLogLine } from './log-lines.ts'

export type FunctionsProcess = {
  /** Resolves with the base URL when the functions answer; rejects with what they printed if they end before. */
  ready: Promise<string>
  /** Sends a message to the modules of `preload`. */
  send(message: object): void
  /** Kills the process where it stands, and starts another one in its place. */
  kill(): void
  /** Lets running lessons end and closes the database. */
  stop(): Promise<void>
}

export type FunctionsOptions = {
  env: Environment
  /** Where the log goes, a JSON object a line. */
  logFile: string
  /** Restarts the functions when one of their sources changes; the database is closed before it is opened again. */
  watch?: boolean
  /** Modules that the process loads before the product: what only a studio wants of it. */
  preload?: readonly URL[]
  /** Called with each message that a module of `preload` sends. */
  onMessage?(message: unknown): void
  /** Called when the functions begin to answer: at the start, and after each restart. */
  onListening?(url: string): void
  /** Called with each line of the log. */
  onLog?(line: LogLine): void
  /** Called with each line that is not of the log: why the functions do not start, or that they restart. */
  onOutput?(line: string): void
}

const START = resolve(import.meta.dirname, '../start.ts')

/** Runs the functions as `npm start` does, in a process of their own, with just this environment. */
export function startFunctions(options: FunctionsOptions): FunctionsProcess {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = createWriteStream(options.logFile)
  let child = begin()
  const end = () => void child.process.kill()
  process.once('exit', end)

  function begin() {
    const process = spawnFunctions(options)
    process.on('message', (message) => options.onMessage?.(message))
    return { process, exit: once(process, 'exit'), ready: readOutput(process, log, options) }
  }

  return {
    ready: child.ready,
    send(message) {
      // Between two restarts there is a watcher without a process, which drops what it gets.
      if (child.process.connected) child.process.send(message)
    },
    kill() {
      const { process: killedProcess } = child
      if (killedProcess.pid === undefined) return
      // A watcher leads a group of its own, in which the functions are.
      process.kill(options.watch ? -killedProcess.pid : killedProcess.pid, 'SIGKILL')
      killedProcess.once('exit', () => {
        child = begin()
      })
    },
    async stop() {
      child.process.kill('SIGTERM')
      await child.exit
      log.end()
      process.off('exit', end)
    },
  }
}

function spawnFunctions({ env, watch = false, preload = [] }: FunctionsOptions): ChildProcess {
  const watchFlags = watch ? ['--watch', '--watch-preserve-output'] : []
  const imports = preload.flatMap(({ href }) => ['--import', href])
  return spawn(process.execPath, [...watchFlags, ...imports, START], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(preload.length > 0 ? ['ipc' as const] : [])],
    // A terminal's Ctrl-C goes to the whole group, and the watcher would repeat it: the second
    // one ends the functions before their database is closed.
    detached: watch,
  })
}

/** Writes the log of the functions to its file and passes on their other lines; resolves as `ready` does. */
function readOutput(
  child: ChildProcess,
  log: NodeJS.WritableStream,
  { onListening, onLog, onOutput }: FunctionsOptions,
): Promise<string> {
  const output: string[] = []
  const readiness = Promise.withResolvers<string>()

  function take(line: string): void {
    const port = /^listening on .*:(\d+)$/.exec(line)?.[1]
    const logLine = readLogLine(line)
    if (logLine !== undefined) {
      log.write(`${line}\n`)
      onLog?.(logLine)
    } else if (port !== undefined) {
      const url = `http://localhost:${port}`
      readiness.resolve(url)
      onListening?.(url)
    } else {
      output.push(line)
      onOutput?.(line)
    }
  }

  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on('line', take)
  }
  child.once('close', () => {
    readiness.reject(new Error(`The functions ended: ${output.join('\n')}`))
  })
  // Callers that await `ready` see the failure; without one it must not end this process.
  readiness.promise.catch(() => {})
  return readiness.promise
}
