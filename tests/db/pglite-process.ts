import { openDatabase } from '../../db/open.ts'
import { holdFolder } from '../../db/pglite-lock.ts'

/**
 * A process of its own for tests/db/pglite-lock.test.ts: `hold <folder>` takes the folder's lock,
 * `write <folder>` commits rows one after another. Each line on stdout is something done. Ends when stdin does.
 */
const [task, dir = ''] = process.argv.slice(2)
process.stdin.on('end', () => process.exit(0)).resume()

if (task === 'hold') {
  holdFolder(dir)
  console.log('held')
} else {
  const { db } = await openDatabase({ pgliteDir: dir })
  for (let count = 0; ; count += 1) {
    await db
      .insertInto('breaker')
      .values({ provider: `${count}`, probe_at: new Date() })
      .execute()
    console.log(count)
  }
}
