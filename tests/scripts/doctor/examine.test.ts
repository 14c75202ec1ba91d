import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { type Check, fail, ok, warn } from '../../../scripts/doctor/check.ts'
import { CHECKS } from '../../../scripts/doctor/checks.ts'
import { examine } from '../../../scripts/doctor/examine.ts'
import { factsOf } from '../../../scripts/doctor/facts.ts'
import { NODE_MAJOR } from '../../../scripts/doctor/set-up.ts'

const TOOLS = { now: () => new Date(), sleep: async () => {}, nodeVersion: '24.1.0', isPaid: false }
const facts = factsOf({}, TOOLS)
const endlessCheck: Check = { look: () => new Promise(() => {}) }
const says = (finding: ReturnType<typeof ok>): Check => ({ look: async () => finding })

/** Passes when all that is ready has had its turn. */
const soon = async () => void (await nextTurn())

test('a check that does not end fails by its own deadline, and holds up no other', async () => {
  const report = await examine(
    { config: says(ok('well')), 'telegram-token': endlessCheck },
    facts,
    soon,
  )
  expect(report.map(({ check, finding }) => [check, finding.status, finding.found])).toEqual([
    ['config', 'ok', 'well'],
    ['telegram-token', 'FAIL', 'no answer within 5 s'],
  ])
})

test('a deadline that passes because of another check is that check’s finding', async () => {
  const migrations: Check = { ...endlessCheck, needs: ['database'] }
  const report = await examine({ database: endlessCheck, migrations }, facts, soon)
  expect(report.map(({ finding }) => finding.found)).toEqual([
    'no answer within 5 s',
    'not judged: see database',
  ])
})

test('what only some of its causes explain is said all the same', async () => {
  const health = says(fail('database, migrations', 'mend', 'database', 'migrations'))
  const checks = { database: says(warn('slow', 'wait')), migrations: says(ok('done')), health }
  const report = await examine(checks, facts, soon)
  expect(report.map(({ finding }) => finding.status)).toEqual(['warn', 'ok', 'FAIL'])
})

test('a check that throws fails, and says with what', async () => {
  const brokenCheck: Check = { look: () => Promise.reject(new Error('an odd row')) }
  const [row] = await examine({ budget: brokenCheck }, facts, soon)
  expect(row?.finding.found).toBe('the check itself failed: an odd row')
})

test('the doctor asks for the Node that package.json asks for', () => {
  expect(packageJson.engines.node).toBe(`${NODE_MAJOR}.x`)
})

test.each([
  ['22.18.0', 'FAIL'],
  ['24.0.0', 'ok'],
  ['25.1.0', 'ok'],
])('Node %s is %s', async (nodeVersion, status) => {
  expect(await CHECKS.node.look({ ...facts, nodeVersion })).toMatchObject({ status })
})

test('looking at a PGlite folder without a database makes none, and says what does', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mluv-doctor-'))
  const emptyFacts = factsOf({ PGLITE_DIR: dir }, TOOLS)
  const { database, inbox } = CHECKS
  const report = await examine({ database, inbox }, emptyFacts, () => new Promise(() => {}))
  expect(report.map(({ finding }) => finding)).toEqual([
    { status: 'warn', found: `there is none yet in ${dir}`, fix: 'npm start, which makes it' },
    { status: 'ok', found: 'not judged: see database' },
  ])
  expect(readdirSync(dir)).toEqual([])
  rmSync(dir, { recursive: true })
})
