const DOLLARS = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' })

/** A sum of US dollars in a sentence, as "$4,120.00". */
export function dollarsInWords(usd: number): string {
  return DOLLARS.format(usd)
}
