import { quantile } from '../statistics.ts'

/** How values are spread: p50, p99 and the largest, with so many digits behind the point. */
export function spread(values: readonly number[], digits: number): string[] {
  return [0.5, 0.99, 1].map((share) => number(quantile(values, share), digits))
}

export function number(value: number, digits: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits)
}
