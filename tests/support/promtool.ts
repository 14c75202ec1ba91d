import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

const IS_MISSING = spawnSync('promtool', ['--version']).error !== undefined

/**
 * Describes facts that Prometheus's own tool holds. Where there is none they are reported as skipped; under CI, which installs
 * it, that is a failure.
 */
export function describeWithPromtool(title: string, body: () => void): void {
  if (IS_MISSING && process.env.CI !== undefined) {
    throw new Error('No promtool (Debian has it in prometheus): CI insists on one.')
  }
  describe.skipIf(IS_MISSING)(IS_MISSING ? `${title} (skipped: no promtool)` : title, body)
}

/** Runs it; its exit code and all that it says. */
export function promtool(
  args: readonly string[],
  input = '',
): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  return { code: status, said: stdout + stderr }
}
