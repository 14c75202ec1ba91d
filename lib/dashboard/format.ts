/** Numbers as the page writes them. */

const WHOLE = new Intl.NumberFormat('en')

export function count(value: number): string {
  return WHOLE.format(value)
}

/** A noun with its number, as "1 lesson" and "2 lessons". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A duration that was measured; a dash where none was. */
export function seconds(value: number | null): string {
  if (value === null) return '–'
  return value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`
}

/** How long something has lasted. */
export function age(value: number): string {
  if (value < 120) return `${Math.max(0, Math.round(value))} s`
  if (value < 7_200) return `${Math.round(value / 60)} min`
  return value < 172_800 ? `${Math.round(value / 3_600)} h` : `${Math.round(value / 86_400)} d`
}

/** An amount as short as its size allows: a figure has room for seven characters. */
export function dollars(value: number): string {
  if (value === 0) return '$0'
  const digits = value < 0.01 ? 4 : value < 1 ? 3 : value < 1_000 ? 2 : 0
  return `$${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** A number at an axis: without the noise of fractions that bits cannot hold. */
export function tidy(value: number): string {
  return String(Number(value.toFixed(4)))
}

/** A label of ours as a word: `quota-used-up` is "quota used up". */
export function words(label: string): string {
  return label.replaceAll(/[-_]/g, ' ')
}

export function clock(at: Date): string {
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

export function day(at: Date): string {
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}
