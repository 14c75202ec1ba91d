import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateUp } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { holdFolder } from '../../db/pglite-lock.ts'
import { newEmptyPgliteFolder } from '../support/pglite-folder.ts'

const PROGRAM = fileURLToPath(new URL('./pglite-process.ts', import.meta.url))

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mluv-me-lock-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folderCount = 0
/** A folder that no other test uses, and its lock file. */
function newFolder() {
  folderCount += 1
  const dir = join(root, `pg${folderCount}`)
  return { dir, lock: `${dir}.lock` }
}

describe('The lock of a PGlite folder', () => {
  test('a second process refuses a locked folder, naming the process that holds it and DATABASE_URL', async () => {
    const { dir, lock } = newFolder()
    const holder = start('hold', dir)
    expect(await holder.line()).toBe('held')

    const second = await start('hold', dir).ended
    expect(second.code).not.toBe(0)
    expect(second.stderr).toContain(`${dir} is held by process ${holder.child.pid}`)
    expect(second.stderr).toContain('set DATABASE_URL')
    expect(() => holdFolder(dir)).toThrow(`held by process ${holder.child.pid}`)
    await expect(openDatabase({ pgliteDir: dir })).rejects.toThrow('DATABASE_URL')

    expect(readFileSync(lock, 'utf8')).toBe(String(holder.child.pid))
    await holder.stop()
  })

  test('a process that ends gives its lock back', async () => {
    const { dir, lock } = newFolder()
    const holder = start('hold', dir)
    await holder.line()
    await holder.stop()
    expect(existsSync(lock)).toBe(false)
  })

  test('a lock left behind by a killed process is taken over', async () => {
    const { dir, lock } = newFolder()
    const holder = start('hold', dir)
    await holder.line()
    holder.child.kill('SIGKILL')
    await holder.ended
    expect(readFileSync(lock, 'utf8')).toBe(String(holder.child.pid))

    const giveBack = holdFolder(dir)
    expect(readFileSync(lock, 'utf8')).toBe(String(process.pid))
    giveBack()
    expect(existsSync(lock)).toBe(false)
  })

  test('exactly one of several processes that find a stale lock takes it over', async () => {
    const { dir, lock } = newFolder()
    writeFileSync(lock, String(await deadPid()))
    const starters = Array.from({ length: 4 }, () => start('hold', dir))
    const outcomes = await Promise.all(
      starters.map((starter) => starter.line().catch((error: Error) => error.message)),
    )
    expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1)
    expect(outcomes.filter((outcome) => /held by|taking it, too/.test(outcome))).toHaveLength(3)
    await Promise.all(starters.map((starter) => starter.stop()))
    expect(existsSync(lock)).toBe(false)
  })

  test('a lock with our own pid, of a container started again, is stale', () => {
    const { dir, lock } = newFolder()
    writeFileSync(lock, String(process.pid))
    const giveBack = holdFolder(dir)
    expect(() => holdFolder(dir)).toThrow('This process has already opened')
    giveBack()
  })

  test.each(['', 'nonsense', '-1'])('a lock that says "%s" is stale', (text) => {
    const { dir, lock } = newFolder()
    writeFileSync(lock, text)
    const giveBack = holdFolder(dir)
    expect(readFileSync(lock, 'utf8')).toBe(String(process.pid))
    giveBack()
  })

  test('a lock given back twice does not take away the next holder’s', () => {
    const { dir, lock } = newFolder()
    const giveBack = holdFolder(dir)
    giveBack()
    const giveBackSecond = holdFolder(dir)
    giveBack()
    expect(existsSync(lock)).toBe(true)
    giveBackSecond()
  })

  test('a lock taken and given back many times leaves nothing to run at exit', () => {
    const { dir } = newFolder()
    const before = process.listenerCount('exit')
    for (let times = 0; times < 20; times += 1) holdFolder(dir)()
    expect(process.listenerCount('exit')).toBe(before)
  })
})

describe('A PGlite folder', () => {
  let dir: string
  beforeAll(async () => {
    dir = await newEmptyPgliteFolder()
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('a PGlite folder has every committed row after its process was killed', async () => {
    const database = await openDatabase({ pgliteDir: dir })
    await migrateUp(database.db)
    await database.close()
    expect(existsSync(`${dir}.lock`)).toBe(false)

    const writer = start('write', dir)
    let lastCommitted = -1
    while (lastCommitted < 20) lastCommitted = Number(await writer.line())
    writer.child.kill('SIGKILL')
    await writer.ended

    const reopenedDatabase = await openDatabase({ pgliteDir: dir })
    const rows = await reopenedDatabase.db.selectFrom('breaker').select('provider').execute()
    const numbers = new Set(rows.map((row) => Number(row.provider)))
    expect(
      Array.from({ length: lastCommitted + 1 }, (_, n) => n).filter((n) => !numbers.has(n)),
    ).toEqual([])
    expect(await migrateUp(reopenedDatabase.db)).toEqual([])
    await reopenedDatabase.close()
  })

  test('a PGlite folder is held under any of its names', async () => {
    const { dir: alias } = newFolder()
    symlinkSync(dir, alias)
    const database = await openDatabase({ pgliteDir: dir })
    await expect(openDatabase({ pgliteDir: alias })).rejects.toThrow('already opened')
    await expect(openDatabase({ pgliteDir: `${dir}/` })).rejects.toThrow('already opened')
    await database.close()
  })
})

/** Runs the program until its stdin ends; `line` is the next line that it prints. */
function start(task: 'hold' | 'write', dir: string) {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, task, dir])
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const { stdout } = child
  if (stdout === null) throw new Error('The child has no stdout.')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const ending = once(child, 'close').then(([code]) => ({ code, stderr }))
  return {
    child,
    ended: ending,
    line: async (): Promise<string> => {
      const next = await lines.next()
      if (next.done) throw new Error(`It ended: ${stderr}`)
      return next.value
    },
    async stop() {
      child.stdin?.end()
      await ending
    },
  }
}

/** The pid of a process that has ended. */
async function deadPid(): Promise<number | undefined> {
  const child = spawn(process.execPath, ['--version'])
  await once(child, 'close')
  return child.pid
}
