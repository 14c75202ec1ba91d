import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { pgPersonalData } from '../../../lib/adapters/postgres/privacy/personal-data.ts'
import { describePostgres } from '../../support/databases.ts'
import { beginJob } from '../../support/jobs.ts'

const TELEGRAM_ID = 7_351_990_001

describePostgres('The deletion of a person', (database) => {
  test('what a run is writing to its journal while its learner is deleted is deleted, too', async () => {
    const { db } = database()
    const job = await beginJob(pgInbox(db, { leaseSeconds: 20 }), { lane: `chat:${TELEGRAM_ID}` })
    const personalData = pgPersonalData(db, { now: () => new Date() })
    const deletion = await db.transaction().execute(async (transaction) => {
      const words = {
        step: 'transcribe',
        state: 'done',
        value: { text: 'Řekla jsem to.' },
      } as const
      await pgJournal(transaction).write(job, [words], [])
      const result = personalData.delete({ telegramId: TELEGRAM_ID }, undefined)
      await vi.waitFor(async () => expect(await countWaiting()).toBe(1), { timeout: 30_000 })
      return { result }
    })
    await deletion.result
    expect(await db.selectFrom('journal').select('step').execute()).toEqual([])
  })

  /** How many statements wait for a lock in this database. */
  async function countWaiting(): Promise<number> {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::integer as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(database().db)
    return rows[0]?.waiting ?? 0
  }
})
