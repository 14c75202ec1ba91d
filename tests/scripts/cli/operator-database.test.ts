import { expect, test } from 'vitest'
import { databaseProblem } from '../../../scripts/cli/operator-database.ts'

const URL = 'postgres://reader@db.example/mluv'
const CONFIG = { url: URL, unpooledUrl: URL, pgliteDir: '.data/pg' }

test.each([
  ['42501', 'permission denied for schema public', /does not allow it: .*Grant this role/],
  ['28P01', 'password authentication failed', /refuses: .*Check the connection string/],
  ['3D000', 'database "mluv" does not exist', /refuses: .*Check the connection string/],
])('what PostgreSQL refuses by %s is a sentence with what helps', (code, message, sentence) => {
  const error = Object.assign(new Error(message), { code, severity: 'ERROR' })
  expect(databaseProblem(error, CONFIG)).toMatch(sentence)
})
