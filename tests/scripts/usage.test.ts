import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { USAGE } from '../../scripts/usage.ts'
import { describePostgres } from '../support/databases.ts'
import { typeCommand } from '../support/terminal.ts'

describePostgres('The costs', (database) => {
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    const { db, url } = database()
    env = { DATABASE_URL: url }
    await createApiKey(db, { name: '=school, "A"', telegramLearners: false, limits: {} })
    const charge = (values: string) =>
      sql
        .raw(`insert into usage (day, job_id, step, stage, vendor, model, input_tokens, audio_in_seconds,
          micro_usd, is_estimate, api_key_id) select (now() at time zone 'UTC')::date - ${values}`)
        .execute(db)
    const key = '(select id from api_key)'
    await charge(`0, 1, 'reply', 'reply', 'a', 'tutor', 100, null, 3000000, false, null`)
    await charge(`0, 1, 'transcribe', 'transcribe', 'a', 'ear', null, 2.5, 500, false, ${key}`)
    await charge(`1, 1, 'reply', 'reply', 'a', 'tutor', 50, null, 1000000, false, null`)
    await charge(`1, 1, 'reply', 'reply', 'a', 'own', 10, null, null, true, null`)
    await charge(`7, 1, 'reply', 'reply', 'a', 'tutor', 7, null, 7000000, false, null`)
  })

  const typeUsage = (args: string) => typeCommand(USAGE, args, env)
  const rowsOf = async (args: string) => JSON.parse((await typeUsage(args)).stdout.join(''))

  test('usage sums the ledger up by stage, with the dearest first, and says which calls have no price', async () => {
    const { code, stdout } = await typeUsage('--by stage')
    expect(code).toBe(0)
    expect(stdout).toEqual([
      'stage       calls  tokens in  cached  out  heard  spoken  characters  cost',
      'reply       3      160        0       0    0.0 s  0.0 s   0           $4.000000',
      'transcribe  1      0          0       0    2.5 s  0.0 s   0           $0.000500',
      'all         4      160        0       0    2.5 s  0.0 s   0           $4.000500',
      '1 calls of models without a known price count nothing: see PRICES_FILE.',
    ])
  })

  test('usage counts whole UTC days back, today among them', async () => {
    expect(await rowsOf('--days 1 --json')).toMatchObject([{ calls: 2, usd: 3.0005 }])
    expect(await rowsOf('--days 8 --json')).toHaveLength(3)
    expect(await rowsOf('--json --by model')).toMatchObject([
      { model: 'tutor', usd: 4 },
      { model: 'ear', usd: 0.0005 },
      { model: 'own', usd: 0, unpriced_calls: 1 },
    ])
    expect(await rowsOf('--json --by learner')).toMatchObject([{ learner: '', calls: 4 }])
  })

  test('usage writes CSV that spreadsheets read, in which no name of a key is a formula', async () => {
    const { stdout } = await typeUsage('--by key --csv')
    expect(stdout).toEqual([
      'key,calls,input_tokens,cached_tokens,output_tokens,audio_in_seconds,audio_out_seconds,characters,usd,unpriced_calls',
      ',3,160,0,0,0,0,0,4,1',
      '"\'=school, ""A""",1,0,0,0,2.5,0,0,0.0005,0',
    ])
  })

  test.each(['--by hour', '--days 0', '--days x', '--json --csv', '--what'])(
    'usage %s is wrong usage',
    async (args) => {
      expect((await typeUsage(args)).code).toBe(2)
    },
  )
})
