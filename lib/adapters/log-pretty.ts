import { z } from 'zod'
import { parseJson } from '../domain/json.ts'

const Line = z.looseObject({
  level: z.string(),
  time: z.string(),
  event: z.string(),
})

/** A line of the log for a person at a terminal: time, level and event, then its fields; what is no such line stays. */
export function prettyLine(line: string): string {
  const { data } = Line.safeParse(parseJson(line))
  if (data === undefined) return line
  const { level, time, event, ...fields } = data
  const words = Object.entries(fields).map(([name, value]) => `${name}=${inWords(value)}`)
  return `${[time.slice(11, 23), level.toUpperCase().padEnd(5), event, ...words].join(' ')}\n`
}

/** A word as it is; all else as JSON, in which an error's stack is one line. */
function inWords(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
}
