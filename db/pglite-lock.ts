import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Lies in the folder itself: beside a mount point there may be no right to write. */
const LOCK_FILE = 'mluv-me.lock'

/** Says who holds the lock, for the message of the process that does not get it. */
const HOLDER_FILE = 'mluv-me.lock.holder'

/** SQLite's result code of a lock that another connection has. */
const SQLITE_BUSY = 5

/** The folders that this process holds, each with its lock: garbage collection would close one that nothing holds. */
const heldFolders = new Map<string, DatabaseSync>()

/**
 * Takes an existing PGlite folder for this process; returns what gives it back.
 *
 * Two processes on one folder destroy each other's data without a word. The lock is SQLite's, on a file in the
 * folder: the kernel keeps it, for containers with pids of their own, too, and frees it however its process ends.
 * Nothing is ever committed to that file: a commit can be refused by a process that only looks, and then none of
 * several that come at once would take the folder. Throws when another process holds the folder, naming it.
 */
export function holdFolder(dir: string): () => void {
  if (heldFolders.has(dir)) throw new Error(`This process has already opened ${dir}.`)
  const lock = openLock(dir)
  try {
    lock.exec('begin immediate')
    writeFileSync(join(dir, HOLDER_FILE), `process ${process.pid} on ${hostname()}`)
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new Error(
      `The database folder ${dir} is held by ${holderOf(dir)}. ` +
        'Stop that process, or set DATABASE_URL to a PostgreSQL server that both can use.',
      { cause: error },
    )
  }
  heldFolders.set(dir, lock)
  return () => {
    if (!lock.isOpen) return
    lock.close()
    heldFolders.delete(dir)
  }
}

function openLock(dir: string): DatabaseSync {
  try {
    return new DatabaseSync(join(dir, LOCK_FILE), { timeout: 0 })
  } catch (error) {
    throw new Error(`The database folder ${dir} cannot be written to.`, { cause: error })
  }
}

function holderOf(dir: string): string {
  try {
    return readFileSync(join(dir, HOLDER_FILE), 'utf8') || 'another process'
  } catch {
    // It has the lock, and is about to write its name.
    return 'another process'
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
