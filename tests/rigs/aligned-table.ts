/** A row of figures: what it is about, then its cells. */
export type Row = readonly [label: string, ...cells: string[]]

/** Lays rows out in columns, as wide as the widest row: names to the left, figures to the right. */
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
