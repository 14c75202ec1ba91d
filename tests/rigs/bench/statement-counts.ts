import type { Statement } from './postgres-tap.ts'

/** What runs beside the work, by the clock or once a connection: no statement of an update or a lesson. */
const BESIDE: readonly { label: string; is: RegExp }[] = [
  { label: 'sweep', is: /^\s*select lane from inbox\b/ },
  { label: 'renewal of a lease', is: /^\s*update inbox set lease_until\b/ },
  { label: 'setting up a connection', is: /^set datestyle\b/ },
  { label: 'pruning', is: /^\s*with (pruned|excess) as\b/ },
  { label: 'whether the tally is due', is: /^\s*select exists \(select from measurement\b/ },
  { label: 'the cache’s list of keys', is: /^\s*select coalesce\(string_agg\(substring\(key\b/ },
  { label: 'what all lessons of a second add to the cache', is: /^\s*insert into cache\b/ },
]

/** The statements that belong to what was done, BEGIN and COMMIT among them. */
export function statementsOfWork(statements: readonly Statement[]): Statement[] {
  return statements.filter(({ sql }) => !BESIDE.some(({ is }) => is.test(sql)))
}

/** A statement's beginning on one line. */
export function briefly({ sql }: Statement): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim()
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
