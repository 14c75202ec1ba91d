import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHECK_NAMES, type CheckName } from '../../../scripts/doctor/check.ts'
import { DOCTOR } from '../../../scripts/doctor.ts'
import { WEBHOOK } from '../../../scripts/webhook.ts'
import { serveFunctions } from '../../security/served.ts'
import { describePostgres } from '../../support/databases.ts'
import { typeCommand } from '../../support/terminal.ts'
import { NEIGHBOUR_TROUBLES } from './neighbour-troubles.ts'
import { OWN_TROUBLES } from './own-troubles.ts'
import { type Environment, type Scene, withPort } from './trouble.ts'

type Row = { check: CheckName; status: 'ok' | 'warn' | 'FAIL'; found: string; fix: string | null }

describePostgres('The doctor', (database) => {
  let scene: Scene
  beforeAll(async () => {
    const databaseUrl = database().url ?? ''
    const served = await serveFunctions({ DATABASE_URL: databaseUrl })
    const { PATH: _, ...env } = process.env
    scene = { served, databaseUrl, env: { ...defined(env), WEBHOOK_URL: served.url } }
    await typeCommand(WEBHOOK, 'set', scene.env)
    await served.deps.sweep()
  })
  afterAll(() => scene.served.close())

  async function examined(env: Environment): Promise<{ code: number; rows: Row[] }> {
    const { code, stdout } = await typeCommand(DOCTOR, '--json', env)
    return { code, rows: JSON.parse(stdout.join('\n')) }
  }

  test('all is ok in a set-up in which nothing is wrong, in one line a check', async () => {
    const { code, stdout, stderr } = await typeCommand(DOCTOR, '', scene.env)
    expect(stdout.map((line) => line.split(/ +/).slice(0, 2))).toEqual(
      CHECK_NAMES.map((name) => ['ok', name]),
    )
    expect([code, stderr]).toEqual([0, []])
    expect(await scene.served.storedJobs()).toBe(0)
  })

  test.each([...OWN_TROUBLES, ...NEIGHBOUR_TROUBLES])(
    '$name: the doctor says so, how to mend it, and nothing else',
    async ({ cause, check, status, found, fix }) => {
      const { env = {}, mend } = await cause(scene)
      try {
        const { code, rows } = await examined({ ...scene.env, ...env })
        const troubledRows = rows.filter((row) => row.status !== 'ok')
        expect(troubledRows).toEqual([
          { check, status, found: expect.stringMatching(found), fix: expect.stringMatching(fix) },
        ])
        expect(rows.map((row) => row.check)).toEqual([...CHECK_NAMES])
        expect(code).toBe(status === 'FAIL' ? 1 : 0)
      } finally {
        await mend?.()
      }
    },
  )

  test('a check alone fails where what it needs fails', async () => {
    const env = { ...scene.env, DATABASE_URL: withPort(scene.databaseUrl, '1') }
    const { code, stdout } = await typeCommand(DOCTOR, '--only inbox', env)
    expect([code, stdout]).toEqual([
      1,
      [
        'FAIL  inbox  cannot be looked at: see database',
        '             fix: npm run doctor -- --only database',
      ],
    ])
  })

  test('speech is tried with --paid alone, is Ogg/Opus, and is charged to the day', async () => {
    const { db, openai } = scene.served
    await typeCommand(DOCTOR, '--only speech', scene.env)
    expect(openai.count('speak')).toBe(0)
    const { code, stdout } = await typeCommand(DOCTOR, '--only speech --paid', scene.env)
    expect([code, stdout.join()]).toEqual([
      0,
      expect.stringMatching(/^ok {4}speech {2}Ogg\/Opus, /),
    ])
    expect(openai.count('speak')).toBe(1)
    const charges = await db.selectFrom('usage').select(['step', 'stage', 'micro_usd']).execute()
    expect(charges).toEqual([{ step: 'doctor', stage: 'speak', micro_usd: expect.any(Number) }])
    const days = await db.selectFrom('budget_day').select('spent_micro_usd').execute()
    expect(days).toEqual([{ spent_micro_usd: charges[0]?.micro_usd }])
  })

  test('a check that there is not is wrong usage, and all checks are named', async () => {
    const { code, stderr } = await typeCommand(DOCTOR, '--only databse', scene.env)
    expect([code, stderr[0]]).toEqual([
      2,
      expect.stringMatching(/"databse": node, config, .*polling/),
    ])
  })
})

function defined(env: NodeJS.ProcessEnv): Environment {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(entries)
}
