/** Where measured values lie. */
export type Spread = { min: number; p10: number; median: number; p90: number; max: number }

export function spreadOf(values: readonly number[]): Spread {
  return {
    min: quantile(values, 0),
    p10: quantile(values, 0.1),
    median: median(values),
    p90: quantile(values, 0.9),
    max: quantile(values, 1),
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which so large a share of them lies, between two by interpolation; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const ascending = values.toSorted((a, b) => a - b)
  const at = (ascending.length - 1) * share
  const lowerValue = ascending[Math.floor(at)] ?? Number.NaN
  const upperValue = ascending[Math.ceil(at)] ?? lowerValue
  return lowerValue + (upperValue - lowerValue) * (at % 1)
}
