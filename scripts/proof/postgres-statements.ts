import type { Statement } from './postgres-link.ts'

/** One of a scenario's statements. */
export type Point = {
  /** What it does, in few words. */
  name: string
  sql: string
  /** The step of a job, where it is about one. */
  step: string
  /** Which one it is of those with the same SQL and step, from 1. */
  nth: number
}

/**
 * The statements that a dry run has seen. Those that run beside each other come in any order, so a point
 * is known by its SQL, its step, and by which one of those it is.
 */
export function pointsOf(statements: readonly Statement[]): Point[] {
  const variants = new Map<string, string[]>()
  for (const { sql } of statements) {
    const known = variants.get(deedOf(sql)) ?? []
    variants.set(deedOf(sql), known.includes(sql) ? known : [...known, sql])
  }
  const counts = new Map<string, number>()
  return statements.map((statement) => {
    const { sql } = statement
    const step = stepOf(statement)
    const nth = 1 + (counts.get(sql + step) ?? 0)
    counts.set(sql + step, nth)
    const alike = variants.get(deedOf(sql)) ?? []
    const variant = alike.length > 1 ? ` (${alike.indexOf(sql) + 1})` : ''
    const name = [`${deedOf(sql)}${variant}`, step, `#${nth}`]
      .filter((part) => part !== '')
      .join(' ')
    return { name, sql, step, nth }
  })
}

/** Recognises a point among the statements that it is shown, each once and in their order. */
export function recognise(point: Point): (statement: Statement) => boolean {
  let seen = 0
  return (statement) => {
    if (statement.sql !== point.sql || stepOf(statement) !== point.step) return false
    seen += 1
    return seen === point.nth
  }
}

const WRITES =
  /(?<!\bfor |\bfor no key |\bdo )\b(insert into|update|delete from) "?(?!set\b|skip\b)(\w+)/g

/** Tells whether a server that is read-only refuses it: it writes, or locks what it reads. */
export function isWrite(sql: string): boolean {
  return writesOf(sql).length > 0 || /\bfor (share|update|no key update)\b/.test(sql)
}

// The journal's statements are alike but for the name of the step among their parameters.
function stepOf({ sql, parameters }: Statement): string {
  if (!/\b(into|update) journal\b/.test(sql)) return ''
  const [step = ''] = parameters.filter((parameter) => /^[a-z-]+(:[0-9a-f]+)?$/.test(parameter))
  return step.split(':', 1).join()
}

/** The tables that a statement writes, or else the one it reads. */
function deedOf(sql: string): string {
  const writes = writesOf(sql)
  if (writes.length > 0) return writes.join(', ')
  const read = /\bfrom "?(?!mine\b|counted\b|due_at\b|epoch\b)(\w+)/.exec(sql)?.[1]
  return read === undefined ? sql.slice(0, 30) : `read ${read}`
}

function writesOf(sql: string): string[] {
  const found = [...sql.matchAll(WRITES)].map(([, verb = '', table = '']) => {
    return `${verb.split(' ', 1).join()} ${table}`
  })
  return [...new Set(found)]
}
