import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { pgSignInAttempts } from '../../../lib/adapters/postgres/sign-in-attempts.ts'
import { attemptsBeside } from '../../../lib/app/dashboard/sign-in-attempts.ts'
import { AppError } from '../../../lib/app/error.ts'
import { describeDatabases } from '../../support/databases.ts'

describeDatabases('Attempts to sign in', (database) => {
  test('five attempts a minute are allowed, also of those that come at once', async () => {
    const attempts = pgSignInAttempts(database().db)
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => attempts.begin()))
    expect(outcomes.filter(({ kind }) => kind === 'allowed')).toHaveLength(5)
    const refusal = outcomes.find((outcome) => outcome.kind === 'refused')
    expect(refusal).toMatchObject({ retryAfterSeconds: expect.any(Number) })
    await sql`update sign_in set attempts = array(
      select at - interval '61 seconds' from unnest(attempts[:1]) as at) || attempts[2:]`.execute(
      database().db,
    )
    expect(await attempts.begin()).toEqual({ kind: 'allowed' })
    expect(await attempts.begin()).toMatchObject({ kind: 'refused' })
    await attempts.clear()
    expect(await attempts.begin()).toEqual({ kind: 'allowed' })
  })
})

test('while the database is away, a process allows five attempts a minute', async () => {
  const failAsAway = async (): Promise<never> => {
    throw new AppError('database-unavailable', 'away')
  }
  let now = new Date('2026-11-28T12:00:00Z')
  const attempts = attemptsBeside({ begin: failAsAway, clear: failAsAway }, () => now)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    expect(await attempts.begin()).toEqual({ kind: 'allowed' })
  }
  expect(await attempts.begin()).toEqual({ kind: 'refused', retryAfterSeconds: 60 })
  now = new Date('2026-11-28T12:01:00Z')
  expect(await attempts.begin()).toEqual({ kind: 'allowed' })
  await attempts.clear()
})
