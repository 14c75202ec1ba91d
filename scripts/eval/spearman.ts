/**
 * Spearman's rank correlation of two equally long lists, -1 to 1: Pearson's of their ranks, ties sharing
 * the mean of theirs. NaN where a list does not vary.
 */
export function spearman(xs: readonly number[], ys: readonly number[]): number {
  const [a, b] = [deviations(ranksOf(xs)), deviations(ranksOf(ys))]
  const product = a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  return product / Math.sqrt(sumOfSquares(a) * sumOfSquares(b))
}

function ranksOf(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value)
  const ranks = new Array<number>(values.length).fill(0)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (order[to]?.value === order[from]?.value && to < order.length) to += 1
    for (const { index } of order.slice(from, to)) ranks[index] = (from + to - 1) / 2
    from = to
  }
  return ranks
}

function deviations(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}
