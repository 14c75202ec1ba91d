import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import { pgBreaker } from '../../lib/adapters/postgres/breaker.ts'
import { pgInbox } from '../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../lib/adapters/postgres/journal.ts'
import type { Breaker } from '../../lib/app/jobs/breaker.ts'
import { type DrainDeps, drain } from '../../lib/app/jobs/drain.ts'
import type { JobHandler } from '../../lib/app/jobs/handler.ts'
import type { Inbox, Retry } from '../../lib/app/jobs/inbox.ts'
import type { JobRun } from '../../lib/app/jobs/job.ts'
import type { Journal } from '../../lib/app/jobs/journal.ts'
import type { InSlot } from '../../lib/app/jobs/slots.ts'
import type { SlotClass } from '../../lib/app/jobs/sources.ts'
import { TIMINGS, type Timings } from '../../lib/app/jobs/timings.ts'
import { unstoredCharges } from '../../lib/app/jobs/unstored-charges.ts'
import { reach } from './jobs.ts'
import { rememberingLog } from './scripted-provider.ts'

/** A promise that never settles, unless the signal aborts: then it rejects with its reason. */
export function hanging(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

type Overrides = {
  handler?: Partial<JobHandler>
  timings?: Partial<Timings>
  random?: () => number
  stopping?: AbortSignal
  inbox?: Partial<Inbox>
  journal?: Partial<Journal>
  breaker?: Partial<Breaker>
  inSlot?: InSlot
}

/**
 * Real stores, and a drain whose waits take no time: sleeping moves the clock and the database's due times.
 *
 * `words` is what was said to the sender, `retries` what was asked of the inbox.
 */
export function drainScene(
  db: Kysely<Tables>,
  runJob: (run: JobRun) => Promise<void>,
  overrides: Overrides = {},
) {
  const words: string[] = []
  const waits: number[] = []
  const retries: Retry[] = []
  const log = rememberingLog()
  let clock = Date.now()
  const store = pgInbox(db, { leaseSeconds: 20 })
  const inbox: Inbox = {
    ...store,
    async retryLater(fence, retry) {
      retries.push(retry)
      await store.retryLater(fence, retry)
    },
    ...overrides.inbox,
  }
  const handler = { ...speakingHandler(runJob, words), ...overrides.handler }
  const journal = { ...pgJournal(db), ...overrides.journal }
  const deps: DrainDeps = {
    inbox,
    journal,
    ownJobs: new Set(),
    unstoredCharges: unstoredCharges({ journal, log }),
    breaker: { ...pgBreaker(db), ...overrides.breaker },
    handlers: {
      tg: handler,
      api: handler,
      aside: handler,
      memory: handler,
      tally: handler,
      alert: handler,
    },
    inSlot: overrides.inSlot ?? ((_, work) => work()),
    log,
    now: () => new Date(clock),
    async sleep(ms) {
      waits.push(ms)
      clock += ms
      await sql`update inbox set due_at = due_at - ${ms}::float8 * interval '1 millisecond'
        where state = 'waiting'`.execute(db)
    },
    random: overrides.random ?? (() => 0.5),
    stopping: overrides.stopping ?? new AbortController().signal,
    timings: { ...TIMINGS, ...overrides.timings },
  }
  return {
    deps,
    inbox,
    log,
    words,
    waits,
    retries,
    drain: (lane: string, slots: SlotClass = 'lesson') => drain(deps, lane, slots),
    pass(ms: number) {
      clock += ms
    },
    eventsOf: (event: string) => log.lines.filter((line) => line.event === event),
  }
}

/** A handler that tells the sender by one of `words` what becomes of their job. */
function speakingHandler(run: JobHandler['run'], words: string[]): JobHandler {
  /** As on Telegram: one word about waiting, whatever is waited for. */
  async function sayOnce(run: JobRun, word: string): Promise<void> {
    await run.send('waiting', async () => words.push(word), reach)
  }
  return {
    run,
    onParked: (run) => sayOnce(run, 'parked'),
    onDelayed: (run) => sayOnce(run, 'delayed'),
    onDead: async () => void words.push('dead'),
    onSurplus: async () => void words.push('surplus'),
  }
}
