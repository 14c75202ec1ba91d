import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { JOBS } from '../../scripts/jobs.ts'
import { violatedInvariants } from '../rigs/invariants.ts'
import { describePostgres } from '../support/databases.ts'
import { newLane } from '../support/jobs.ts'
import { type Product, startProduct } from '../support/product.ts'
import { typeCommand } from '../support/terminal.ts'

const SECRET_WORDS = 'Tohle je tajné'

describePostgres('The jobs of an operator', (database) => {
  let product: Product
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    const url = database().url ?? ''
    product = await startProduct({ DATABASE_URL: url })
    env = { DATABASE_URL: url }
  })
  afterAll(() => product.close())

  /** Stores a job as it is when it has ended so. */
  async function newEndedJob(state: string, lastError: string, payload = SECRET_WORDS) {
    const { rows } = await sql<{ id: number }>`
      insert into inbox (source, key, lane, state, payload, attempts, finished_at, last_error, parked)
      values ('tg:1', ${newLane()}, ${newLane()}, ${state}, ${payload}::bytea, 6,
        case when ${state} = 'waiting' then null else now() end, ${lastError}, ${state === 'waiting'})
      returning id`.execute(product.db)
    return Number(rows[0]?.id)
  }
  const rowOf = (id: number) =>
    product.db.selectFrom('inbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  test('jobs list shows failed and waiting jobs with the code of their error, and never what was said', async () => {
    const deadId = await newEndedJob('dead', `provider-rejected: ${SECRET_WORDS}`)
    const parkedId = await newEndedJob('waiting', 'provider-parked: later')
    const poison = await newEndedJob('poison', 'odd')
    const fullList = await typeCommand(JOBS, 'list', env)
    expect([fullList.code, fullList.stderr]).toEqual([0, []])
    expect(fullList.stdout.join('\n')).not.toContain(SECRET_WORDS)
    const rows = JSON.parse((await typeCommand(JOBS, 'list --json', env)).stdout.join(''))
    expect(rows).toMatchObject([
      { id: poison, state: 'poison', last_error: 'odd' },
      { id: parkedId, state: 'parked', last_error: 'provider-parked' },
      { id: deadId, state: 'dead', attempts: 6, last_error: 'provider-rejected', learner_id: null },
    ])
    const onlyParked = await typeCommand(JOBS, 'list --state parked --json', env)
    expect(JSON.parse(onlyParked.stdout.join(''))).toMatchObject([{ id: parkedId }])
    const none = await typeCommand(JOBS, 'list --state waiting --json', env)
    expect(JSON.parse(none.stdout.join(''))).toEqual([])
    await product.db.deleteFrom('inbox').execute()
  })

  test('jobs show prints the steps of the journal, never what they returned', async () => {
    const id = await newEndedJob('dead', 'send-given-up: verdict: sent 4 times')
    await sql`insert into journal (job_id, step, state, sends, value) values
      (${id}, 'transcribe', 'done', 0, ${SECRET_WORDS}::bytea), (${id}, 'verdict', 'started', 4, null)`.execute(
      product.db,
    )
    const { code, stdout } = await typeCommand(JOBS, `show ${id}`, env)
    expect(code).toBe(0)
    expect(stdout.slice(2)).toEqual([
      'last error  send-given-up: verdict: sent 4 times',
      'step        state',
      'transcribe  done',
      'verdict     started  sent 4 times',
    ])
    expect(stdout.join('\n')).not.toContain(SECRET_WORDS)
    await product.db.deleteFrom('inbox').execute()
  })

  test('jobs retry lets a job run once, however often it is typed, and its journal says when', async () => {
    const id = await newEndedJob('dead', 'provider-rejected: no')
    const { received_at } = await rowOf(id)
    const firstRetry = await typeCommand(JOBS, `retry ${id} ${id}`, env)
    expect(firstRetry).toEqual({
      code: 0,
      stdout: [`Job ${id} runs again at the next sweep.`],
      stderr: [],
    })
    const again = await typeCommand(JOBS, `retry ${id}`, env)
    expect([again.code, again.stdout]).toEqual([0, [`Job ${id} is waiting: nothing to retry.`]])
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', attempts: 0, received_at })
    const { stdout } = await typeCommand(JOBS, `show ${id}`, env)
    expect(stdout.filter((line) => line.startsWith('operator: retry at '))).toHaveLength(1)
    await product.db.deleteFrom('inbox').execute()
  })

  test('jobs discard ends a job once, and forgets what it said and what its steps returned', async () => {
    const id = await newEndedJob('poison', 'no update')
    await sql`insert into journal (job_id, step, state) values (${id}, 'reply', 'done')`.execute(
      product.db,
    )
    const { code, stdout } = await typeCommand(JOBS, `discard ${id}`, env)
    expect([code, stdout]).toEqual([0, [`Job ${id} is discarded.`]])
    const row = await rowOf(id)
    expect([row.state, row.payload.length, row.last_error]).toEqual([
      'done',
      0,
      'discarded by the operator: no update',
    ])
    const again = await typeCommand(JOBS, `discard ${id}`, env)
    expect([again.code, again.stdout]).toEqual([0, [`Job ${id} is done: nothing to discard.`]])
    expect(await violatedInvariants(product.db)).toEqual([])
    await product.db.deleteFrom('inbox').execute()
  })

  test('a job that has forgotten its message, and one that there is not, are not retried', async () => {
    const id = await newEndedJob('dead', 'client-left: gone', '')
    const { code, stderr } = await typeCommand(JOBS, `retry ${id} 999999`, env)
    expect([code, stderr]).toEqual([
      1,
      [
        `Job ${id} has nothing left to run: its sender left, or it was discarded.`,
        'There is no job 999999: see list.',
      ],
    ])
    await product.db.deleteFrom('inbox').execute()
  })

  test.each(['', 'list --state odd', 'show', 'show x', 'retry', 'retry 0', 'discard 1 x'])(
    'jobs %s is wrong usage',
    async (args) => {
      expect((await typeCommand(JOBS, args, env)).code).toBe(2)
    },
  )
})
