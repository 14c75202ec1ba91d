/** Functions of our stores, running or waited for: `at async claim (file:///.../lib/adapters/postgres/inbox.ts:54:24)`. */
const STORE = /at (?:async )?(?:Object\.)?(\w+) \(.*\/lib\/adapters\/postgres\/([\w-]+)\.ts:/

/** A step's name: short, in small letters, with a hash behind it where what is spoken names it. */
const STEP = /^[a-z][a-z.-]{2,30}(?=$|:[0-9a-f]{32}$)/

/** Statements of timers and of new connections, which belong to no job: names of the stores' functions, or SQL's first word. */
export const SWEEP = 'inbox: dueLanes'
const TIMED = [
  SWEEP,
  'tally: isDue',
  'alerts: takeTurn',
  'inbox: renew',
  'inbox: prune',
  'cache: pruneCache',
  'set',
]

/** Where alerts are posted to, by path. */
export const ALERT_PATH = '/alerts'

/** The line of a trace that says that a sweep was recognised, and what it failed with. */
export const SWEPT = '(sweep)'
export const LEFT_TO_OTHERS = 'Sweeps are left to the other instance.'

/**
 * The name of a statement: the store and its function that sends it, by the stack, and a journal's steps;
 * never another value.
 */
export function statementName(stack: string, sql: string, values: readonly unknown[]): string {
  const functions = stack.split('\n').flatMap((line) => {
    const [, name, store] = STORE.exec(line) ?? []
    return name === undefined ? [] : [{ name, store }]
  })
  const [first] = functions
  // A timer's function may be deeper in the stack than the store's function that sends the statement.
  const timerFunction = functions.map(({ name, store }) => `${store}: ${name}`).find(isTimed)
  if (timerFunction !== undefined) return timerFunction
  const word = /\w+/.exec(sql)?.[0] ?? 'statement'
  if (first === undefined) return word
  // A transaction is begun and ended outside of the store.
  if (first.store === 'database-error') return `${first.name}: ${word}`
  const steps = first.store === 'journal' ? stepsIn(values) : ''
  return `${first.store}: ${first.name} ${steps}`.trimEnd()
}

/** Whether it runs on a timer or with a connection: then it belongs to no job, and comes at any time. */
export function isTimed(name: string): boolean {
  return TIMED.includes(name)
}

function stepsIn(values: readonly unknown[]): string {
  return values
    .flatMap((value) => (typeof value === 'string' ? (STEP.exec(value)?.[0] ?? []) : []))
    .join(', ')
}

/**
 * The name of a call over HTTP by its path, in which a bot's token must not stay; undefined for the
 * indicator that a voice note is being recorded: a timer sends it, and no step of a lesson waits for it.
 */
export function callName(path: string): string | undefined {
  const [pathname = ''] = path.split('?')
  if (/^\/file\/bot/.test(pathname)) return 'telegram: download'
  if (pathname === ALERT_PATH) return 'operator: alert'
  const method = /^\/bot[^/]+\/(\w+)$/.exec(pathname)?.[1]
  if (method === 'sendChatAction') return undefined
  return method === undefined
    ? `provider: ${pathname.replace(/^\/v1\//, '')}`
    : `telegram: ${method}`
}
