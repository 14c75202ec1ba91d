/**
 * McNemar's test, exact and two-sided: how likely it is by chance that of all pairs that changed so many did it one way
 * and so many the other. 1 where none changed.
 *
 * Source: Q. McNemar, Psychometrika 12 (1947), 153-157; the exact form is the binomial test with p = 1/2 of the discordant
 * pairs (Agresti, Categorical Data Analysis, 2013, 11.1).
 */
export function mcnemarP(oneWay: number, otherWay: number): number {
  const changeCount = oneWay + otherWay
  // In logarithms, since 1/2 to the power of some thousands is 0.
  let logTerm = changeCount * Math.log(0.5)
  let tail = 0
  for (let k = 0; k <= Math.min(oneWay, otherWay); k += 1) {
    tail += Math.exp(logTerm)
    logTerm += Math.log((changeCount - k) / (k + 1))
  }
  return Math.min(1, 2 * tail)
}
