import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Takes a PGlite folder for this process by a lock file with its pid; returns what gives it back.
 *
 * Two processes on one folder destroy each other's data without a word. A lock whose process is gone
 * is stale and taken over. Throws when a living process holds the folder.
 */
export function holdFolder(dir: string): () => void {
  const lock = join(dirname(dir), `${basename(dir)}.lock`)
  const ownFile = `${lock}.${process.pid}`
  writeFileSync(ownFile, String(process.pid))
  try {
    take(lock, ownFile, dir)
  } finally {
    rmSync(ownFile, { force: true })
  }
  heldLocks.add(lock)
  let isMine = true
  const giveBack = () => {
    if (!isMine) return
    isMine = false
    process.off('exit', giveBack)
    heldLocks.delete(lock)
    rmSync(lock, { force: true })
  }
  process.once('exit', giveBack)
  return giveBack
}

// A pid alone does not tell: a restarted container gives the same one to its next process.
const heldLocks = new Set<string>()

// A hard link is made or refused in one step, with the pid already inside: no reader sees a lock
// without its owner.
function take(lock: string, ownFile: string, dir: string): void {
  for (let tries = 0; tries < 3; tries += 1) {
    if (tryLink(ownFile, lock)) return
    const holder = holderOf(lock)
    if (heldLocks.has(lock)) throw new Error(`This process has already opened ${dir}.`)
    if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
      throw new Error(
        `The database folder ${dir} is held by process ${holder}. ` +
          'Stop that process, or set DATABASE_URL to a PostgreSQL server that both can use.',
      )
    }
    removeStale(lock, `${ownFile}.stale`, holder)
  }
  throw new Error(`Could not take the lock file ${lock}: another process is taking it, too.`)
}

// Moved aside before it is removed: of two processes that find the same stale lock, the second may
// have got hold of the first one's fresh one, and puts it back.
function removeStale(lock: string, aside: string, staleHolder: number | undefined): void {
  if (!tryWithFile(() => renameSync(lock, aside))) return
  if (holderOf(aside) !== staleHolder) tryLink(aside, lock)
  rmSync(aside, { force: true })
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function holderOf(lock: string): number | undefined {
  let text = ''
  tryWithFile(() => {
    text = readFileSync(lock, 'utf8')
  })
  const pid = Number(text)
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}

// False where the file was given back between two looks.
function tryWithFile(act: () => void): boolean {
  try {
    act()
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return codeOf(error) === 'EPERM'
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
