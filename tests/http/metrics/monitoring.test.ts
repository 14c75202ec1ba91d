import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { METRICS, type MetricName } from '../../../lib/domain/metrics/metrics.ts'
import { familiesOf } from '../../../lib/http/metrics/families.ts'
import { openMetrics } from '../../../lib/http/metrics/openmetrics.ts'
import { readOpenMetrics } from '../../rigs/openmetrics-text.ts'
import { describeWithPromtool, promtool } from '../../support/promtool.ts'

const folder = resolve(import.meta.dirname, '../../../.github/monitoring')
const read = (name: string) => readFileSync(resolve(folder, name), 'utf8')

/** Each name that can be scraped, with the labels that its samples have. */
function scrapable(): Map<string, string[]> {
  const sums = Object.entries(METRICS).map(([name, { labels }]) => ({
    name: name as MetricName,
    labels: Object.fromEntries(labels.map((label) => [label, 'x'])),
    ...{ le: Number.POSITIVE_INFINITY, value: 1, sumMs: 1 },
  }))
  const snapshot = {
    sums,
    inbox: { jobs: { waiting: 0, parked: 0, dead: 0, poison: 0 }, oldestDueSeconds: 0 },
    learners: { '1d': 0, '7d': 0, '30d': 0 },
  }
  const samples = readOpenMetrics(openMetrics(familiesOf(snapshot, '0.1.0+abc')))
  return new Map(samples.map(({ name, labels }) => [name, Object.keys(labels)]))
}

function expressions(): string[] {
  const { panels } = JSON.parse(read('grafana-dashboard.json')) as {
    panels: { targets: { expr: string }[] }[]
  }
  const rules = read('alert-rules.yml').matchAll(/expr: (>-\n(?: {10}.*\n)+|.*\n)/g)
  return [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...[...rules].map(([, expression = '']) => expression),
  ]
}

test('the dashboard and the alert rules ask for no metric and no label that is not there', () => {
  const knownLabels = scrapable()
  const askedMetrics = expressions().flatMap((expression) => [
    ...expression.matchAll(/(mluv_\w+)(?:\{(\w+)=)?/g),
  ])
  expect(askedMetrics.length).toBeGreaterThan(25)
  const missingMetrics = askedMetrics.filter(([, name = '', label]) => {
    const labels = knownLabels.get(name)
    return labels === undefined || (label !== undefined && !labels.includes(label))
  })
  expect(missingMetrics.map(([text]) => text)).toEqual([])
})

test('the dashboard shows every metric', () => {
  const text = expressions().join('\n')
  const names = [...scrapable().keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ''))
  expect(names.filter((name) => !text.includes(name))).toEqual([])
})

describeWithPromtool('promtool', () => {
  test('promtool accepts the alert rules', () => {
    expect(promtool(['check', 'rules', `${folder}/alert-rules.yml`])).toMatchObject({ code: 0 })
  })

  test('each rule of Prometheus’s alerts fires for its cause and not just short of it', () => {
    expect(promtool(['test', 'rules', `${folder}/alert-rules.test.yml`])).toMatchObject({ code: 0 })
    const alerts = [...read('alert-rules.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
    const alertTests = read('alert-rules.test.yml')
    expect(alerts.filter((name) => !alertTests.includes(`alertname: ${name}\n`))).toEqual([])
  })
})
