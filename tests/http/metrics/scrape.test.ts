import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import { answering } from '../../../lib/http/answering.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { scrapeMetrics } from '../../../lib/http/metrics/scrape.ts'
import { readOpenMetrics, type ScrapedSample } from '../../rigs/openmetrics-text.ts'
import { formRequest, textRequest } from '../../support/lesson-requests.ts'
import { ADMIN_TOKEN, type Product, recording, startProduct } from '../../support/product.ts'
import { describeWithPromtool, promtool } from '../../support/promtool.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
  const apiKey = await product.newApiKey()
  const lesson = answering(async () => product.deps, { POST: processLesson })
  product.openai.failNext('reply', { kind: 'server-error' })
  await lesson(textRequest(apiKey, { user_id: 'olena', text: 'Včera jsem šel do obchod.' }))
  await lesson(formRequest(apiKey, { user_id: 'olena', audio: recording('1-shop') }))
  await lesson(formRequest(apiKey, { user_id: 'olena', audio: recording('1-shop') }))
  await product.deps.idle()
})
afterAll(() => product.close())

function scrape(headers: Record<string, string> = { authorization: `Bearer ${ADMIN_TOKEN}` }) {
  const fetch = answering(async () => product.deps, { GET: scrapeMetrics })
  return fetch(new Request('https://bot.example/metrics', { headers }))
}

/** The values of a metric by its labels. */
async function values(name: string): Promise<Record<string, number>> {
  const samples = readOpenMetrics(await (await scrape()).text())
  const samplesOfName = samples.filter((sample: ScrapedSample) => sample.name === name)
  return Object.fromEntries(
    samplesOfName.map(({ labels, value }) => [Object.values(labels).join(' '), value]),
  )
}

describe('GET /metrics', () => {
  test('/metrics is OpenMetrics text for the admin token alone', async () => {
    const response = await scrape()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    )
    expect(readOpenMetrics(await response.text()).length).toBeGreaterThan(50)
    const refusal = await scrape({})
    expect(refusal.status).toBe(401)
    expect(refusal.headers.get('content-type')).toBe('application/problem+json')
  })

  test('/metrics counts each lesson by its outcome, and times its stages and its answers', async () => {
    expect(await values('mluv_lessons_total')).toEqual({ 'text taught': 1, 'voice taught': 2 })
    expect(await values('mluv_answer_seconds_count')).toEqual({
      'verdict text': 1,
      'verdict voice': 2,
      'voice text': 1,
      'voice voice': 2,
    })
    expect(await values('mluv_stage_seconds_count')).toMatchObject({
      transcribe: 2,
      reply: 3,
      speak: 3,
    })
  })

  test('/metrics counts a call that failed and was made again', async () => {
    expect(await values('mluv_provider_errors_total')).toEqual({ 'reply provider-failed': 1 })
    expect(await values('mluv_retries_total')).toEqual({ reply: 1 })
  })

  test('/metrics says what the ledger says of the cost', async () => {
    const costs = Object.values(await values('mluv_cost_micro_usd_total'))
    const { rows } = await sql<{ paidMicroUsd: number }>`
      select sum(micro_usd)::bigint as "paidMicroUsd" from usage`.execute(product.db)
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(rows[0]?.paidMicroUsd)
    expect(costs.length).toBe(3)
  })

  test('/metrics says the same after its hour is added up by a job', async () => {
    const scrapeBefore = await (await scrape()).text()
    await sql`update measurement set at = at - interval '2 hours'`.execute(product.db)
    await product.deps.sweep()
    await product.deps.idle()
    const { rows } = await sql<{ state: string }>`
      select state from inbox where source = 'tally:hour'`.execute(product.db)
    expect(rows).toEqual([{ state: 'done' }])
    expect(await product.db.selectFrom('measurement').selectAll().execute()).toEqual([])
    expect(await (await scrape()).text()).toBe(scrapeBefore)
  })

  test('/metrics tells of jobs that have not ended well, and of learners with a lesson today', async () => {
    await sql`
      insert into inbox (source, key, lane, payload, state, due_at, parked) values
        ('tg:1', 'a', 'chat:1', '', 'waiting', now() - interval '90 seconds', false),
        ('tg:1', 'b', 'chat:1', '', 'waiting', now() - interval '1 hour', false),
        ('tg:1', 'c', 'chat:2', '', 'waiting', now() + interval '1 hour', true),
        ('tg:1', 'd', 'chat:3', '', 'dead', now(), false),
        ('tg:1', 'e', 'chat:4', '', 'poison', now(), false)`.execute(product.db)
    expect(await values('mluv_inbox_jobs')).toEqual({ waiting: 2, parked: 1, dead: 1, poison: 1 })
    // The second job waits for the first one of its lane.
    const seconds = Object.values(await values('mluv_inbox_oldest_due_seconds'))
    expect(seconds.map(Math.round)).toEqual([90])
    expect(await values('mluv_learners')).toEqual({ '1d': 1, '7d': 1, '30d': 1 })
    await sql`delete from inbox where source = 'tg:1'`.execute(product.db)
  })

  test('/metrics is 503 while the database is away', async () => {
    const unavailable = new AppError('database-unavailable', 'away')
    const metrics = async () => ({ read: () => Promise.reject(unavailable) })
    const fetch = answering(async () => ({ ...product.deps, metrics }), { GET: scrapeMetrics })
    const response = await fetch(
      new Request('https://bot.example/metrics', {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      }),
    )
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'database_unavailable' })
  })
})

describeWithPromtool('promtool', () => {
  test('promtool checks the metrics of a product with lessons, and says nothing', async () => {
    const text = await (await scrape()).text()
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, said: '' })
  })
})
