import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'

/**
 * Describes facts about what another program makes of a file of ours. Where the program is missing they are reported
 * as skipped; under CI, which installs it, that is a failure.
 */
export function describeWithProgram(
  title: string,
  program: string,
  body: (path: string) => void,
): void {
  const path = findProgram(program)
  if (path === undefined && process.env.CI !== undefined) {
    throw new Error(`There is no ${program}: CI insists on it (.ci/install-tools).`)
  }
  describe.skipIf(path === undefined)(
    path === undefined ? `${title} (skipped: no ${program})` : title,
    () => body(path ?? program),
  )
}

/** Debian keeps servers in a folder that the PATH of users does not have. */
function findProgram(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}
