import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { MetricsSnapshot } from '../../../lib/app/metrics/metrics.ts'
import { answering } from '../../../lib/http/answering.ts'
import { openMetrics } from '../../../lib/http/metrics/openmetrics.ts'
import { scrapeMetrics } from '../../../lib/http/metrics/scrape.ts'
import { readOpenMetrics } from '../openmetrics-text.ts'
import { SILENT } from './provider.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

const ADMIN_TOKEN = 'an-admin-token-of-the-fuzz-rig'
const NOTHING_MEASURED: MetricsSnapshot = {
  sums: [],
  inbox: { jobs: { waiting: 0, parked: 0, dead: 0, poison: 0 }, oldestDueSeconds: 0 },
  learners: { '1d': 0, '7d': 0, '30d': 0 },
}

/** What is scraped: labels have the names of models, which are the operator's and their vendors'. */
export const METRICS_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'metrics',
    fact: 'any label and any number is scraped as it is, and breaks no line of the text',
    weight: 30,
    arbitrary: fc.array(
      fc.record({ model: hostileText(20), value: fc.nat({ max: Number.MAX_SAFE_INTEGER }) }),
      { minLength: 1, maxLength: 4 },
    ),
    holds(costs) {
      const series = costs.map(({ model, value }) => ({ labels: { stage: 'reply', model }, value }))
      const name = 'mluv_cost_micro_usd_total'
      const text = openMetrics([
        { name, type: 'counter', help: 'Costs\nin "words" of \\.', series },
      ])
      assert.deepEqual(
        readOpenMetrics(text),
        series.map(({ labels, value }) => ({ name, labels, value })),
      )
    },
  }),
  fuzzTarget({
    name: 'metrics door',
    fact: 'no header opens the metrics but the bearer of the admin token',
    weight: 10,
    arbitrary: fc.oneof(
      fc.stringMatching(/^[\x20-\x7e]{0,100}$/),
      fc
        .tuple(fc.constantFrom('Bearer ', 'bearer ', 'Basic ', 'Bearer  ', ''), partOf(ADMIN_TOKEN))
        .map((parts) => parts.join('')),
    ),
    async holds(authorization) {
      const config = { version: '1', adminToken: ADMIN_TOKEN, showsTracebacks: false }
      const metrics = async () => ({ read: async () => NOTHING_MEASURED })
      const fetch = answering(async () => ({ config, log: SILENT, metrics }), {
        GET: scrapeMetrics,
      })
      const url = 'https://bot.example/metrics'
      const response = await fetch(new Request(url, { headers: { authorization } }))
      const isOpen = /^bearer (\S+)$/i.exec(authorization.trim())?.[1] === ADMIN_TOKEN
      assert.equal(response.status, isOpen ? 200 : 401)
      assert.equal((await response.text()).includes('mluv_build_info'), isOpen)
    },
  }),
]

/** A text, whole or with one character changed or missing. */
function partOf(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat({ max: text.length }), fc.stringMatching(/^[\x21-\x7e]?$/))
    .map(([at, part]) => (at === 0 ? text : `${text.slice(0, at - 1)}${part}${text.slice(at)}`))
}
