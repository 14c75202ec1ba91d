/** A sample of the text: its name, its labels and its value. */
export type ScrapedSample = { name: string; labels: Record<string, string>; value: number }

/**
 * Reads OpenMetrics text as strictly as its grammar has it; throws at the first line that is none of it, at a family whose
 * lines are not together, and without the end's mark.
 */
export function readOpenMetrics(text: string): ScrapedSample[] {
  const [end, ...lines] = text.split('\n').toReversed()
  if (end !== '' || lines.shift() !== '# EOF') throw new Error('The text does not end in # EOF.')
  const samples: ScrapedSample[] = []
  const endedFamilies = new Set<string>()
  let family = ''
  for (const line of lines.toReversed()) {
    const describedName = /^# (?:HELP|TYPE|UNIT) ([a-zA-Z_:][\w:]*) .+$/s.exec(line)?.[1]
    if (describedName !== undefined && describedName !== family) {
      if (endedFamilies.has(describedName)) throw new Error(`${describedName} is described twice.`)
      endedFamilies.add(family)
      family = describedName
    }
    if (describedName !== undefined) continue
    const sample = sampleIn(line)
    if (!/^(_bucket|_sum|_count)?$/.test(sample.name.replace(family, '')))
      throw new Error(`${sample.name} stands with ${family}.`)
    samples.push(sample)
  }
  return samples
}

const NUMBER = /^[+-]?(\d+(\.\d+)?(e[+-]?\d+)?|Inf)$/
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y

function sampleIn(line: string): ScrapedSample {
  const [, name, set = '', number] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line) ?? []
  if (name === undefined || number === undefined || !NUMBER.test(number))
    throw new Error(`This is no sample: ${line}`)
  const labels: [string, string][] = []
  LABEL.lastIndex = 0
  for (let at = 0; at < set.length; at = LABEL.lastIndex) {
    const [, label, value] = LABEL.exec(set) ?? []
    if (label === undefined || value === undefined) throw new Error(`These are no labels: ${set}`)
    labels.push([label, value.replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign))])
  }
  const value = Number(number.replace('Inf', 'Infinity'))
  return { name, labels: Object.fromEntries(labels), value }
}
