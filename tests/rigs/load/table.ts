import { quantile } from '../statistics.ts'

/** A row of figures: what it is about, then its cells. */
export type Row = readonly [what: string, ...cells: string[]]

/** Rows under each other: names to the left, figures to the right. */
export function alignRows(rows: readonly Row[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** How values are spread: p50, p99 and the largest, with so many digits behind the point. */
export function spread(values: readonly number[], digits: number): string[] {
  return [0.5, 0.99, 1].map((share) => number(quantile(values, share), digits))
}

export function number(value: number, digits: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits)
}
