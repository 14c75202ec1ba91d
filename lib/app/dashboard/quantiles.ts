/** How many durations fell into a bucket, by its upper bound in seconds. */
type BucketCount = { le: number; value: number }

/**
 * The median and the 95th percentile in seconds, as near as buckets tell: within one, durations count as evenly spread. Of
 * those beyond the last bound it is known only that they are longer. Null where there are none.
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
  let below = 0
  let lower = 0
  for (const { le, value } of buckets) {
    if (below + value >= total * share) {
      if (le === Number.POSITIVE_INFINITY) return lower
      return lower + (le - lower) * ((total * share - below) / value)
    }
    below += value
    lower = le
  }
  return lower
}
