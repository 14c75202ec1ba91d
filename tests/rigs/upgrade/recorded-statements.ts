import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** What an earlier version asked its database, as `record.ts` wrote it down. */
export type Recording = {
  /** The version's commit. */
  commit: string
  /** How many rows each table of its had in the end. */
  counts: Record<string, number>
  /** In the order of their sending, BEGIN and COMMIT among them. */
  statements: RecordedStatement[]
}

export type RecordedStatement = {
  sql: string
  parameters: RecordedValue[]
  /** How many rows came back; null for BEGIN and COMMIT. */
  rows: number | null
}

/** Bytes are known by their number alone: no statement looks into them. */
export type RecordedValue =
  | string
  | number
  | boolean
  | null
  | { bytes: number }
  | { list: RecordedValue[] }
  /** The `xmin` that the newest row with a `version` had in it: by it a write knows that the row is unchanged. */
  | typeof VERSION
  /** The day on which the lessons are given. */
  | typeof DAY

const VERSION = 'the version'
const DAY = 'the day'

const RECORDING_FILE = resolve(import.meta.dirname, 'statements.jsonl')

/** A line each: the commit with the counts, then the statements; the text of one stands where it comes first. */
export function linesOf({ commit, counts, statements }: Recording): string[] {
  const numbers = new Map<string, number>()
  return [
    JSON.stringify({ commit, counts }),
    ...statements.map(({ sql, parameters, rows }) => {
      const number = numbers.get(sql) ?? numbers.size
      const isFirst = !numbers.has(sql)
      numbers.set(sql, number)
      return JSON.stringify({ number, ...(isFirst && { sql }), parameters, rows })
    }),
  ]
}

/** Reads the file that `linesOf` has made. */
export function readRecording(): Recording {
  const [head = '', ...lines] = readFileSync(RECORDING_FILE, 'utf8').trimEnd().split('\n')
  const texts: string[] = []
  return {
    ...JSON.parse(head),
    statements: lines.map((line) => {
      const { number, sql, parameters, rows } = JSON.parse(line)
      if (sql !== undefined) texts[number] = sql
      return { sql: texts[number], parameters, rows }
    }),
  }
}

/** The version in the first of these rows, else the one before. */
export function versionIn(rows: readonly unknown[], before: unknown): unknown {
  const [row] = rows
  return typeof row === 'object' && row !== null && 'version' in row ? row.version : before
}

/** A value as it can be written down. */
export function recorded(value: unknown, version: unknown): RecordedValue {
  if (value === version && value !== null && value !== undefined) return VERSION
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return { bytes: value.length }
  if (value === today()) return DAY
  if (Array.isArray(value)) return { list: value.map((item) => recorded(item, version)) }
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  throw new Error(`A parameter is ${typeof value}, which this rig cannot write down.`)
}

/** The value that a driver takes. */
export function played(value: RecordedValue, version: unknown): unknown {
  if (value === VERSION) return version
  if (value === DAY) return today()
  if (value === null || typeof value !== 'object') return value
  if ('bytes' in value) return new Uint8Array(value.bytes)
  return value.list.map((item) => played(item, version))
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
