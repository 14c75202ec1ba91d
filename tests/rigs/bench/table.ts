import { median, spreadOf } from '../statistics.ts'
import type { Figure } from './part.ts'

const HEADINGS = ['n', 'median', 'min', 'p10', 'p90', 'max', 'unit', 'limit', 'reached']

/** The figures of one part as a table: medians and spread, beside their limits. */
export function tableOf(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure) => {
    const { min, p10, median, p90, max } = spreadOf(figure.values)
    const spread = [median, min, p10, p90, max].map(rounded)
    return [figure.what, String(figure.values.length), ...spread, figure.unit, ...verdict(figure)]
  })
  return aligned([['', ...HEADINGS], ...rows])
}

/** What has a limit, of all parts, and whether its median keeps it. */
export function summaryOf(figures: readonly Figure[]): string[] {
  const limited = figures.filter(({ limit }) => limit !== undefined)
  const rows = limited.map((figure) => {
    const [limit, reached] = verdict(figure)
    return [figure.what, rounded(median(figure.values)), limit, figure.unit, reached]
  })
  return aligned([['', 'median', 'limit', 'unit', 'reached'], ...rows])
}

function verdict({ limit, values }: Figure): [limit: string, reached: string] {
  if (limit === undefined) return ['', '']
  return [`<= ${rounded(limit)}`, median(values) <= limit ? 'yes' : 'NO']
}

/** Three digits that matter, none behind the point of what is large. */
export function rounded(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number.isInteger(value) ? String(value) : value.toFixed(digits)
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
