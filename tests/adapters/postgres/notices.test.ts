import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgNotices } from '../../../lib/adapters/postgres/notices.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob } from '../../support/jobs.ts'

describeDatabases('Notices', (database) => {
  let lanes = 0
  /** A job of this test's own, claimed. */
  async function newJob() {
    lanes += 1
    const inbox = pgInbox(database().db, { leaseSeconds: 20 })
    return beginJob(inbox, { key: `notice-${lanes}`, lane: `chat:${lanes}` })
  }

  test('a notice is the first job’s that asks, however often that one asks, and no other’s', async () => {
    const notices = pgNotices(database().db)
    const [firstJob, secondJob] = [await newJob(), await newJob()]
    const notice = { chatId: 71, name: 'edits' }
    expect(await notices.claim(firstJob, notice)).toBe(true)
    expect(await notices.claim(secondJob, notice)).toBe(false)
    expect(await notices.claim(firstJob, notice)).toBe(true)
    expect(await notices.claim(secondJob, { ...notice, chatId: 72 })).toBe(true)
    expect(await notices.claim(secondJob, { ...notice, name: 'album:1' })).toBe(true)
  })

  test('looking whether a job has a notice claims none', async () => {
    const notices = pgNotices(database().db)
    const [firstJob, secondJob] = [await newJob(), await newJob()]
    const notice = { chatId: 76, name: 'stranger' }
    expect(await notices.isClaimed(firstJob, notice)).toBe(false)
    await notices.claim(secondJob, notice)
    expect(await notices.isClaimed(firstJob, notice)).toBe(false)
    expect(await notices.isClaimed(secondJob, notice)).toBe(true)
  })

  test('two jobs that ask at once do not both get a notice', async () => {
    const notices = pgNotices(database().db)
    const jobs = [await newJob(), await newJob()]
    const notice = { chatId: 73, name: 'album:1', keepHours: 25 }
    const outcomes = await Promise.all(jobs.map((job) => notices.claim(job, notice)))
    expect(outcomes.toSorted()).toEqual([false, true])
  })

  test('a notice that has expired is free again, and those of its chat are deleted with the next', async () => {
    const { db } = database()
    const notices = pgNotices(db)
    const [firstJob, secondJob] = [await newJob(), await newJob()]
    const notice = (name: string) => ({ chatId: 74, name, keepHours: 25 })
    for (const name of ['a', 'b']) await notices.claim(firstJob, notice(name))
    await notices.claim(firstJob, { chatId: 74, name: 'for good' })
    await sql`update notice set expires_at = now() - interval '1 s' where expires_at is not null`.execute(
      db,
    )
    expect(await notices.claim(secondJob, notice('a'))).toBe(true)
    expect(await notices.claim(firstJob, notice('a'))).toBe(false)
    const rows = await db.selectFrom('notice').select('name').where('chat_id', '=', 74).execute()
    expect(rows.map(({ name }) => name).sort()).toEqual(['a', 'for good'])
  })

  test('a run that has lost its job gets no notice', async () => {
    const job = { ...(await newJob()), leaseToken: '00000000-0000-0000-0000-000000000000' }
    const slowClaim = pgNotices(database().db).claim(job, { chatId: 75, name: 'edits' })
    await expect(slowClaim).rejects.toMatchObject({ code: 'lease-lost' })
  })
})
