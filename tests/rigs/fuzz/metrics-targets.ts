import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openMetrics } from '../../../lib/http/metrics/openmetrics.ts'
import { readOpenMetrics } from '../openmetrics-text.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

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
]
