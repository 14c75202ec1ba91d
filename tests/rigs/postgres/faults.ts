import type { Fate, Statement } from './link.ts'
import type { PostgresRelay } from './relay.ts'
import { isWrite } from './statements.ts'

/** Something that goes wrong at a statement. */
export type Fault = {
  name: string
  /** Comes over the statement; it may change what the relay does from then on. */
  strike(relay: PostgresRelay, statement: Statement, struck: Struck): Fate
  /** How many statements with the same SQL it comes over, one after another; 1 without. */
  times?: number
  /** What becomes of the statements after it, until the fault is taken away. */
  lasting?(struckAt: Statement, statement: Statement): Fate
  /** The store repeats the statement itself, so that no error is logged or answered. */
  isRepeated?: true
  /** It says that our own SQL is wrong: then it may be answered with 500, and be asked again. */
  isOurs?: true
}

/** To be waited for at the moment at which nothing of the statement can follow any more. */
export type Struck = () => Promise<void>

const PASSED: Fate = { kind: 'passed' }

/** What can go wrong with a PostgreSQL. A new kind is put under this proof by a row. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'its connection breaks before it',
    strike: (_relay, _statement, onStrike) => ({ kind: 'cut', when: 'before', done: onStrike }),
  },
  {
    name: 'its connection breaks after it',
    strike: (_relay, _statement, onStrike) => ({ kind: 'cut', when: 'after', done: onStrike }),
  },
  {
    name: 'the server is gone before it',
    strike: (relay, _statement, onStrike) => ({
      kind: 'cut',
      when: 'before',
      async done() {
        await onStrike()
        relay.close()
        relay.cutAll()
      },
    }),
  },
  {
    name: 'the server is gone after it',
    strike: (relay, _statement, onStrike) => ({
      kind: 'cut',
      when: 'after',
      async done() {
        await onStrike()
        relay.close()
        relay.cutAll()
      },
    }),
  },
  {
    name: 'the server restarts',
    strike: (relay, _statement, onStrike) => ({
      kind: 'cut',
      when: 'before',
      async done() {
        await onStrike()
        relay.close(3, '57P03')
        relay.cutAll('57P01')
      },
    }),
  },
  {
    name: 'no connection is to be had',
    strike: (relay, _statement, onStrike) => ({
      kind: 'cut',
      when: 'before',
      async done() {
        await onStrike()
        relay.close(2, '53300')
      },
    }),
  },
  once('its session is ended', '57P01'),
  { ...once('it is rolled back: serialization', '40001'), isRepeated: true },
  { ...once('it is rolled back: deadlock', '40P01'), isRepeated: true },
  once('it is cancelled', '57014'),
  once('a lock is not to be had', '55P03'),
  once('the connection leads to a standby', '25006'),
  once('memory is short', '53200'),
  { ...once('our SQL is wrong', '42703'), isOurs: true },
  // More often than a store repeats a statement itself.
  { ...once('it is rolled back again and again', '40001'), times: 3 },
  { ...once('all is read-only from it on', '25006'), lasting: writesRefused('25006') },
  { ...once('the disk is full from it on', '53100'), lasting: writesRefused('53100') },
  {
    ...once('there is no room for new rows from it on', '53100'),
    lasting: (_at, { sql }) =>
      /\binsert into\b/.test(sql) ? { kind: 'refused', sqlstate: '53100' } : PASSED,
  },
]

/** Of its own, since the product waits until it gives the statement up. */
export const SILENCE: Fault = {
  name: 'it is never answered',
  strike: () => ({ kind: 'held', until: new Promise(() => {}) }),
}

function once(name: string, sqlstate: string): Fault {
  return { name, strike: () => ({ kind: 'refused', sqlstate }) }
}

function writesRefused(sqlstate: string): NonNullable<Fault['lasting']> {
  return (_at, { sql }) => (isWrite(sql) ? { kind: 'refused', sqlstate } : PASSED)
}
