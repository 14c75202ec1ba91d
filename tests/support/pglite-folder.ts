import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../db/open.ts'
import packageJson from '../../package.json' with { type: 'json' }

const version = packageJson.dependencies['@electric-sql/pglite']
const template = join(tmpdir(), `mluv-me-pglite-${version}-${userInfo().username}`)

/**
 * A folder with an empty PGlite database, for the caller to remove.
 *
 * PGlite takes 2 to 8 s to make a database and 0.4 s to open one, so one is made per version and machine,
 * and copied.
 */
export async function newPgliteFolder(): Promise<string> {
  if (!existsSync(template)) await makeTemplate()
  const dir = mkdtempSync(join(tmpdir(), 'mluv-me-test-'))
  cpSync(template, dir, { recursive: true })
  return dir
}

// Renamed when it is whole: no test copies half of it.
async function makeTemplate(): Promise<void> {
  const dir = mkdtempSync(`${template}-`)
  const database = await openDatabase({ pgliteDir: dir })
  await database.db.selectNoFrom((eb) => eb.lit(1).as('ready')).execute()
  await database.close()
  try {
    renameSync(dir, template)
  } catch (error) {
    // Another test file was faster.
    rmSync(dir, { recursive: true, force: true })
    if (!existsSync(template)) throw error
  }
}
