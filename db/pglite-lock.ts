import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Lies in the folder itself: beside a mount point there may be no right to write. */
const LOCK_FILE = 'mluv-me.lock'

/** SQLite's result code of a lock that another connection has. */
const SQLITE_BUSY = 5

/** The folders that this process holds. */
const heldFolders = new Set<string>()

/**
 * Takes an existing PGlite folder for this process; returns what gives it back.
 *
 * Two processes on one folder destroy each other's data without a word. The lock is SQLite's, on a file in the
 * folder: the kernel keeps it, for containers with pids of their own, too, and frees it however its process ends.
 * Throws when another process holds the folder, naming it.
 */
export function holdFolder(dir: string): () => void {
  if (heldFolders.has(dir)) throw new Error(`This process has already opened ${dir}.`)
  const lock = openLock(dir)
  try {
    // Committed before the lock is taken: the next process reads who holds it, and could not read an open transaction.
    lock.exec('create table if not exists holder (pid integer, host text)')
    lock.exec('begin immediate; delete from holder')
    lock.prepare('insert into holder values (?, ?)').run(process.pid, hostname())
    lock.exec('commit')
    lock.exec('begin immediate')
  } catch (error) {
    const holder = isBusy(error) ? holderIn(lock) : undefined
    lock.close()
    if (holder === undefined) throw error
    throw new Error(
      `The database folder ${dir} is held by ${holder}. ` +
        'Stop that process, or set DATABASE_URL to a PostgreSQL server that both can use.',
      { cause: error },
    )
  }
  heldFolders.add(dir)
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

function holderIn(lock: DatabaseSync): string {
  try {
    const holder = lock.prepare('select pid, host from holder').get()
    if (holder !== undefined) return `process ${holder.pid} on ${holder.host}`
  } catch (error) {
    // Another process is just writing its name there.
    if (!isBusy(error)) throw error
  }
  return 'another process'
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
