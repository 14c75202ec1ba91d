import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answering } from '../../lib/http/answering.ts'
import { sweepNow } from '../../lib/http/sweep.ts'
import { jobOfDelivery } from '../../lib/http/webhook/update.ts'
import { bytesOf } from '../support/jobs.ts'
import { CRON_SECRET, type Product, startProduct } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.close())

function sweep(): Promise<Response> {
  const authorization = `Bearer ${CRON_SECRET}`
  const fetch = answering(async () => product.deps, { GET: sweepNow })
  return fetch(new Request('https://bot.example/api/cron/sweep', { headers: { authorization } }))
}

describe('the sweep', () => {
  test('the sweep runs a message whose lease has lapsed, and has nothing to do the next time', async () => {
    const user = { id: 71, is_bot: false, first_name: 'Olena' }
    const { id } = await product.deps.learners.chooseNativeLanguage(user.id, 'uk')
    const update = product.telegram.learner(user).says('Jdu domů.')
    const { botId } = product.deps.config.telegram
    await product.deps.inbox.add(jobOfDelivery(botId, bytesOf(JSON.stringify(update))))
    await product.deps.inbox.claim('chat:71', 'lesson')
    expect(await (await sweep()).json()).toEqual({ lanes: 0, deleted: 0 })

    await sql`update inbox set lease_until = now() - interval '1 second'`.execute(product.db)
    expect(await (await sweep()).json()).toEqual({ lanes: 1, deleted: 0 })
    await product.deps.idle()
    const lessons = await product.db.selectFrom('lesson').selectAll().execute()
    expect(lessons).toMatchObject([{ learner_id: id, said: 'Jdu domů.' }])
    expect(await (await sweep()).json()).toEqual({ lanes: 0, deleted: 0 })
  })

  test('the sweep deletes done jobs after a day, and dead jobs and poison after a month', async () => {
    const add = (key: string, state: string, age: string) =>
      sql`insert into inbox (source, key, lane, state, payload, finished_at)
        values ('tg:1', ${key}, 'old', ${state}, '', now() - ${age}::interval)`.execute(product.db)
    await add('answered yesterday', 'done', '24 hours')
    await add('answered before', 'done', '26 hours')
    await add('dead for a week', 'dead', '7 days')
    await add('dead for a month', 'dead', '31 days')
    await add('poison of a month', 'poison', '31 days')
    expect(await (await sweep()).json()).toEqual({ lanes: 0, deleted: 3 })
    const rows = await product.db
      .selectFrom('inbox')
      .select('key')
      .where('lane', '=', 'old')
      .execute()
    expect(rows.map(({ key }) => key).sort()).toEqual(['answered yesterday', 'dead for a week'])
  })
})
