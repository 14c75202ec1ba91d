/** The normal quantile of a two-sided 95 % interval. */
const Z = 1.959964

/**
 * Wilson's score interval (95 %) of a share: `hits` of `all`, from 0 to 1; the whole range where there are none.
 *
 * Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212; as recommended for small
 * samples by Brown, Cai and DasGupta, Statistical Science 16 (2001), 101-133.
 */
export function wilsonInterval(hits: number, total: number): [low: number, high: number] {
  if (total === 0) return [0, 1]
  const share = hits / total
  const margin = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2))
  const [center, scale] = [share + Z ** 2 / (2 * total), 1 + Z ** 2 / total]
  return [Math.max(0, (center - margin) / scale), Math.min(1, (center + margin) / scale)]
}
