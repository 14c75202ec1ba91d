import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateUp } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { holdFolder } from '../../db/pglite-lock.ts'
import { newPgliteFolder } from '../support/pglite-folder.ts'

const PROGRAM = fileURLToPath(new URL('./pglite-process.ts', import.meta.url))

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mluv-me-lock-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folderCount = 0
/** A folder that no other test uses. */
function newFolder(): string {
  folderCount += 1
  const dir = join(root, `pg${folderCount}`)
  mkdirSync(dir)
  return dir
}

describe('The lock of a PGlite folder', () => {
  test('a second process refuses the folder, naming the one that holds it and DATABASE_URL', async () => {
    const dir = newFolder()
    const holder = start('hold', dir)
    expect(await holder.line()).toBe('held')

    const second = await start('hold', dir).ended
    expect(second.code).not.toBe(0)
    expect(second.stderr).toContain(
      `${dir} is held by process ${holder.child.pid} on ${hostname()}`,
    )
    expect(second.stderr).toContain('set DATABASE_URL')
    expect(() => holdFolder(dir)).toThrow(`held by process ${holder.child.pid}`)
    await expect(openDatabase({ pgliteDir: dir })).rejects.toThrow('DATABASE_URL')
    await holder.stop()
  })

  test('a process in a pid namespace of its own refuses the folder, too', async (context) => {
    const dir = newFolder()
    const holder = start('hold', dir)
    await holder.line()
    const second = await start('hold', dir, ['unshare', '--pid', '--fork']).ended
    await holder.stop()
    context.skip(/unshare/.test(second.stderr), 'unshare is missing or not allowed here')
    expect(second.stderr).toContain(`held by process ${holder.child.pid}`)
  })

  test('a process that ends gives the folder back', async () => {
    const dir = newFolder()
    const holder = start('hold', dir)
    await holder.line()
    await holder.stop()
    holdFolder(dir)()
  })

  test('a folder whose holder was killed is free at once', async () => {
    const dir = newFolder()
    const writer = start('hold', dir)
    await writer.line()
    writer.child.kill('SIGKILL')
    await writer.ended
    holdFolder(dir)()
  })

  test('a name left behind in a folder, of a process that is another program by now, holds nothing', async () => {
    const dir = newFolder()
    // Of this test's own parent: a program that lives and is none of ours.
    writeFileSync(join(dir, 'mluv-me.lock.holder'), `process ${process.ppid} on ${hostname()}`)
    const holder = start('hold', dir)
    expect(await holder.line()).toBe('held')
    expect(() => holdFolder(dir)).toThrow(`held by process ${holder.child.pid} on`)
    await holder.stop()
  })

  test('of several processes that come at once, exactly one takes the folder', async () => {
    const dir = newFolder()
    const starters = Array.from({ length: 4 }, () => start('hold', dir))
    const outcomes = await Promise.all(
      starters.map((starter) => starter.line().catch((error: Error) => error.message)),
    )
    expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1)
    expect(outcomes.filter((outcome) => /is held by/.test(outcome))).toHaveLength(3)
    await Promise.all(starters.map((starter) => starter.stop()))
  })

  test('one process does not take its folder twice', () => {
    const dir = newFolder()
    const giveBack = holdFolder(dir)
    expect(() => holdFolder(dir)).toThrow('This process has already opened')
    giveBack()
  })

  test('a folder given back twice is not taken away from its next holder', () => {
    const dir = newFolder()
    const giveBack = holdFolder(dir)
    giveBack()
    const giveBackSecond = holdFolder(dir)
    giveBack()
    expect(() => holdFolder(dir)).toThrow('already opened')
    giveBackSecond()
  })

  test('a folder that is none is refused in a sentence', () => {
    expect(() => holdFolder(join(root, 'missing'))).toThrow('cannot be written to')
  })
})

describe('A PGlite folder', () => {
  let dir: string
  beforeAll(async () => {
    dir = await newPgliteFolder()
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('a PGlite folder has every committed row after its process was killed', async () => {
    const writer = start('write', dir)
    let lastCommit = -1
    while (lastCommit < 20) lastCommit = Number(await writer.line())
    writer.child.kill('SIGKILL')
    await writer.ended

    const secondOpening = await openDatabase({ pgliteDir: dir })
    const rows = await secondOpening.db.selectFrom('breaker').select('provider').execute()
    const storedNumbers = new Set(rows.map((row) => Number(row.provider)))
    expect(
      Array.from({ length: lastCommit + 1 }, (_, n) => n).filter((n) => !storedNumbers.has(n)),
    ).toEqual([])
    expect(await migrateUp(secondOpening.db)).toEqual([])
    await secondOpening.close()
  })

  test('nothing is written beside a PGlite folder, which may be a mount point in a place that is read-only', async () => {
    const parent = mkdtempSync(join(root, 'parent-'))
    const mounted = join(parent, 'pg')
    renameSync(await newPgliteFolder(), mounted)
    const database = await openDatabase({ pgliteDir: mounted })
    expect(readdirSync(parent)).toEqual(['pg'])
    await database.close()
    expect(readdirSync(parent)).toEqual(['pg'])
  })

  test('a PGlite folder is held under each of its names', async () => {
    const alias = join(root, 'alias')
    symlinkSync(dir, alias)
    const database = await openDatabase({ pgliteDir: dir })
    await expect(openDatabase({ pgliteDir: alias })).rejects.toThrow('already opened')
    await expect(openDatabase({ pgliteDir: `${dir}/` })).rejects.toThrow('already opened')
    await database.close()
  })
})

/** Runs the program until its stdin ends; `line` is the next line that it prints. */
function start(task: 'hold' | 'write', dir: string, under: string[] = []) {
  const [command = '', ...args] = [...under, process.execPath, PROGRAM, task, dir]
  const child: ChildProcess = spawn(command, args)
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const { stdout } = child
  if (stdout === null) throw new Error('The child has no stdout.')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const exit = once(child, 'close').then(([code]) => ({ code, stderr }))
  return {
    child,
    ended: exit,
    line: async (): Promise<string> => {
      const next = await lines.next()
      if (next.done) throw new Error(`It ended: ${stderr}`)
      return next.value
    },
    async stop() {
      child.stdin?.end()
      await exit
    },
  }
}
