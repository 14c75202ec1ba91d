/** OpenMetrics 1.0: https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** A metric with its series. A counter's name ends in `_total`. */
export type Family = {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  series: readonly Series[]
}

export type Series = {
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  suffix?: string
  labels: Readonly<Record<string, string>>
  value: number
}

/**
 * The families as text, except those without a series.
 *
 * A counter is named by its samples and has no line for its type, which leaves its type open: OpenMetrics wants the name
 * without `_total` there, and the text format that `promtool check metrics` reads wants it with. So the text is valid in
 * both, and functions of counters, such as `rate`, do not look at types.
 */
export function openMetrics(families: readonly Family[]): string {
  const blocks = families.filter(({ series }) => series.length > 0).map(blockOf)
  return `${blocks.join('')}# EOF\n`
}

function blockOf({ name, type, help, series }: Family): string {
  const lines = [
    `# HELP ${name} ${escaped(help)}`,
    ...(type === 'counter' ? [] : [`# TYPE ${name} ${type}`]),
    ...series.map(
      ({ suffix = '', labels, value }) => `${name}${suffix}${labelsOf(labels)} ${numberOf(value)}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

/** A number as OpenMetrics writes it. */
export function numberOf(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value)
}
