import { CompiledQuery, type Kysely } from 'kysely'
import { expect, test } from 'vitest'
import type { Tables } from '../../db/tables.ts'
import { played, readRecording, versionIn } from '../rigs/upgrade/recorded-statements.ts'
import { describeDatabases } from '../support/databases.ts'

const { commit, counts, statements } = readRecording()

/**
 * While a new version is deployed, and after it has been taken back, the version before runs on the new tables:
 * here are all statements that it sent while it gave lessons, from the first update to the last answer.
 */
describeDatabases(
  `The statements of ${commit.slice(0, 7)}, on the newest tables,`,
  (database) => {
    test('each find as many rows as on tables of their own, and leave as many behind', async () => {
      const { db } = database()
      // What a migration itself has put there, a newer one may have put more of.
      const names: string[] = []
      for (const name of Object.keys(counts)) if ((await rowsOf(db, name)) === 0) names.push(name)
      await db.connection().execute(async (connection) => {
        let version: unknown
        for (const [index, { sql, parameters, rows }] of statements.entries()) {
          const values = parameters.map((value) => played(value, version))
          const query = CompiledQuery.raw(sql, values)
          const result = await connection.executeQuery(query)
          version = versionIn(result.rows, version)
          if (rows !== null) {
            expect([index, sql, result.rows.length]).toEqual([index, sql, rows])
          }
        }
      })
      for (const name of names) {
        expect([name, await rowsOf(db, name)]).toEqual([name, counts[name]])
      }
    })
  },
  ['pglite', 'pg'],
)

test('the recorded statements give lessons by voice, by text and over the API', () => {
  expect(counts).toMatchObject({ learner: 2, lesson: 4 })
})

async function rowsOf(db: Kysely<Tables>, name: string): Promise<number> {
  return (
    await db
      .selectFrom(name as keyof Tables)
      .selectAll()
      .execute()
  ).length
}
