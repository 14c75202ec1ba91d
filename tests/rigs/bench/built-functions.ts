import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export type BuiltFunctions = {
  /** The file of each function's handler, by the function's name: `api/telegram`. */
  handlers: ReadonlyMap<string, string>
  remove(): void
}

/** The functions as `vercel build` makes them: built anew, unless a folder is given that holds them. */
export async function buildFunctions(existingFolder: string | undefined): Promise<BuiltFunctions> {
  const folder =
    existingFolder === undefined
      ? mkdtempSync(join(tmpdir(), 'mluv-me-build-'))
      : resolve(existingFolder)
  const remove = () => {
    if (existingFolder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    if (existingFolder === undefined) {
      const root = resolve(import.meta.dirname, '../../..')
      await promisify(execFile)('.ci/vercel-build', [folder], { cwd: root })
    }
    return { handlers: handlersIn(join(folder, 'vercel/.vercel/output/functions')), remove }
  } catch (error) {
    remove()
    throw error
  }
}

function handlersIn(functions: string): Map<string, string> {
  const units = globSync('**/*.func', { cwd: functions }).sort()
  if (units.length === 0) throw new Error(`There are no functions in ${functions}.`)
  return new Map(
    units.map((unit) => {
      const settings = readFileSync(join(functions, unit, '.vc-config.json'), 'utf8')
      const { handler } = JSON.parse(settings) as { handler: string }
      return [unit.replace(/\.func$/, ''), join(functions, unit, handler)]
    }),
  )
}
