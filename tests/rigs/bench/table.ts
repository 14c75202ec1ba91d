import { alignRows, type Row } from '../aligned-table.ts'
import { median, spreadOf } from '../statistics.ts'
import type { Figure } from './part.ts'

const HEADINGS = ['n', 'median', 'min', 'p10', 'p90', 'max', 'unit', 'limit', 'reached']

/** The figures of one part as a table: medians and spread, beside their limits. */
export function tableOf(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure): Row => {
    const { min, p10, median, p90, max } = spreadOf(figure.values)
    const columns = [median, min, p10, p90, max].map(formatNumber)
    return [figure.label, String(figure.values.length), ...columns, figure.unit, ...verdict(figure)]
  })
  return alignRows([['', ...HEADINGS], ...rows])
}

/** What has a limit, of all parts, and whether its median keeps it. */
export function summaryOf(figures: readonly Figure[]): string[] {
  const limitedFigures = figures.filter(({ limit }) => limit !== undefined)
  const rows = limitedFigures.map((figure): Row => {
    const [limit, outcome] = verdict(figure)
    return [figure.label, formatNumber(median(figure.values)), limit, figure.unit, outcome]
  })
  return alignRows([['', 'median', 'limit', 'unit', 'reached'], ...rows])
}

function verdict({ limit, values }: Figure): [limit: string, reached: string] {
  if (limit === undefined) return ['', '']
  return [`<= ${formatNumber(limit)}`, median(values) <= limit ? 'yes' : 'NO']
}

/** Three digits that matter, none behind the point of what is large. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number.isInteger(value) ? String(value) : value.toFixed(digits)
}
