import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { COMPILE_CACHE } from '../rigs/compile-cache.ts'

/** A script of ours in a process and a folder of its own. */
export type RunningScript = {
  folder: string
  /** All that it has printed so far. */
  output(): string
  /** Waits until it has printed what matches, after `from` characters; fails where it ends before. */
  prints(pattern: RegExp, from?: number): Promise<RegExpExecArray>
  type(line: string): void
  signal(name: NodeJS.Signals): void
  /** The exit code. */
  exitCode: Promise<number | null>
  /** Ends it if it runs, and removes its folder. */
  dispose(): Promise<void>
}

/** Runs a script, its arguments after it, with just this environment; `prepare` fills its folder before. */
export function runScript(
  script: string | readonly string[],
  env: Record<string, string>,
  prepare: (folder: string) => void = () => {},
): RunningScript {
  const folder = mkdtempSync(join(tmpdir(), 'mluv-me-script-'))
  prepare(folder)
  const child = spawn(process.execPath, [script].flat(), {
    cwd: folder,
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: 'pipe',
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return {
    folder,
    output: () => output,
    async prints(pattern, from = 0) {
      for (;;) {
        const match = pattern.exec(output.slice(from))
        if (match) return match
        if (child.exitCode !== null) throw new Error(`It ended without ${pattern}:\n${output}`)
        await delay(50)
      }
    },
    type: (line) => void child.stdin.write(`${line}\n`),
    signal: (name) => void child.kill(name),
    exitCode: exit,
    async dispose() {
      child.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
