/** How many durations fell into a bucket, by its upper bound in seconds. */
type BucketCount = { le: number; value: number }

/**
 * The median and the 95th percentile in seconds, null where there are no durations. Durations count as evenly spread
 * within their bucket; a quantile beyond the last bound is given as that bound.
 */
export function quantilesOf(counts: readonly BucketCount[]): {
  p50: number | null
  p95: number | null
} {
  const byBound = Map.groupBy(counts, ({ le }) => le)
  const buckets = [...byBound]
    .map(([le, group]) => ({ le, value: group.reduce((sum, { value }) => sum + value, 0) }))
    .toSorted((a, b) => a.le - b.le)
  return { p50: quantile(buckets, 0.5), p95: quantile(buckets, 0.95) }
}

function quantile(buckets: readonly BucketCount[], share: number): number | null {
  const total = buckets.reduce((sum, { value }) => sum + value, 0)
  if (total === 0) return null
  let countBelow = 0
  let lowerBound = 0
  for (const { le, value } of buckets) {
    if (countBelow + value >= total * share) {
      if (le === Number.POSITIVE_INFINITY) return lowerBound
      return lowerBound + (le - lowerBound) * ((total * share - countBelow) / value)
    }
    countBelow += value
    lowerBound = le
  }
  return lowerBound
}
