import type { Statement } from './link.ts'

/** One of a scenario's statements. */
export type Point = {
  /** What it does, in few words. */
  name: string
  sql: string
  /** The step of a job, where it is about one; of several in one statement, the first. */
  step: string
  /** Which one it is of those with the same SQL and step, from 1. */
  nth: number
  /** Entries of the journal, or charges, that chance has put together in one statement. */
  isBatch: boolean
}

/**
 * The statements that a dry run has seen. Those that run beside each other come in any order, so a point
 * is known by its SQL, its step, and by which one of those it is.
 */
export function pointsOf(statements: readonly Statement[]): Point[] {
  const variants = new Map<string, string[]>()
  for (const statement of statements) {
    const sql = shapeOf(statement)
    const shapes = variants.get(deedOf(sql)) ?? []
    variants.set(deedOf(sql), shapes.includes(sql) ? shapes : [...shapes, sql])
  }
  const counts = new Map<string, number>()
  const points = statements.map((statement): Point => {
    const sql = shapeOf(statement)
    const [step = ''] = stepsOf(statement)
    const nth = 1 + (counts.get(sql + step) ?? 0)
    counts.set(sql + step, nth)
    const sameDeed = variants.get(deedOf(sql)) ?? []
    const variant = sameDeed.length > 1 ? ` (${sameDeed.indexOf(sql) + 1})` : ''
    const name = [`${deedOf(sql)}${variant}`, step, `#${nth}`]
      .filter((part) => part !== '')
      .join(' ')
    return { name, sql, step, nth, isBatch: step !== '' || WRITES_CHARGES.test(sql) }
  })
  return points.filter(({ sql, nth }) => nth === 1 || !SETS_UP_SESSION.test(sql))
}

/** Charges are written with the journal's entries that wait at that moment, or alone where none does. */
const WRITES_CHARGES = /\binsert into "?usage\b/

/** Chance decides how many connections a scenario opens: the first one stands for all. */
const SETS_UP_SESSION = /^set datestyle\b/

/** Recognises a point among the statements that it is shown, each once and in their order. */
export function recognise(point: Point): (statement: Statement) => boolean {
  let matches = 0
  return (statement) => {
    const steps = stepsOf(statement)
    const isIts = point.step === '' ? steps.length === 0 : steps.includes(point.step)
    if (shapeOf(statement) !== point.sql || !isIts) return false
    matches += 1
    return matches === point.nth
  }
}

const WRITES =
  /(?<!\bfor |\bfor no key |\bdo )\b(insert into|update|delete from) "?(?!set\b|skip\b)(\w+)/g

/** Tells whether a server that is read-only refuses it: it writes, or locks what it reads. */
export function isWrite(sql: string): boolean {
  return writesOf(sql).length > 0 || /\bfor (share|update|no key update)\b/.test(sql)
}

// Chance decides how many entries of the journal go together in one statement.
function shapeOf({ sql }: Statement): string {
  return sql.replace(/\(values .*\) as entry\b/, '(values) as entry')
}

// The journal's statements differ only by the names of the steps among their parameters.
function stepsOf({ sql, parameters }: Statement): string[] {
  if (!/\b(into|update) journal\b/.test(sql)) return []
  const states = [...sql.matchAll(/'(done|started)', [01],/g)].map(([, state]) => state)
  const steps = parameters.filter((parameter) => /^[a-z.-]+(:[0-9a-f]+)?$/.test(parameter))
  return steps.map((step, index) => {
    const name = step.split(':', 1).join()
    return states[index] === 'started' ? `${name} begins` : name
  })
}

/** The tables that a statement writes, or else the one it reads. */
function deedOf(sql: string): string {
  const writes = writesOf(sql)
  if (writes.length > 0) return writes.join(', ')
  const read = /\bfrom "?(?!mine\b|counted\b|due_at\b|epoch\b)(\w+)/.exec(sql)?.[1]
  return read === undefined ? sql.slice(0, 30) : `read ${read}`
}

function writesOf(sql: string): string[] {
  const deeds = [...sql.matchAll(WRITES)].map(([, verb = '', table = '']) => {
    return `${verb.split(' ', 1).join()} ${table}`
  })
  return [...new Set(deeds)]
}
