import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../lib/app/error.ts'
import {
  type Circumstances,
  type Fate,
  fateOf,
  fateOfInterrupted,
  isPossiblySent,
} from '../../../lib/app/jobs/failure.ts'
import { TIMINGS } from '../../../lib/app/jobs/timings.ts'

const HOUR_MS = 3_600_000
const LOSE: Fate = { kind: 'lose' }
const ABANDON: Fate = { kind: 'abandon' }
const BURY: Fate = { kind: 'bury' }
const LEAVE: Fate = { kind: 'leave' }
const park = (afterMs: number | null): Fate => ({ kind: 'park', afterMs })
const retry = (afterMs: number): Fate => ({
  kind: 'postpone',
  afterMs,
  countsAttempt: true,
  tellsSender: false,
})
const wait = (afterMs: number): Fate => ({ ...retry(afterMs), countsAttempt: false }) as Fate
const tellSender = (fate: Fate): Fate => ({ ...fate, tellsSender: true }) as Fate

type Row = {
  /** First attempt, a new job. */
  firstAttempt: Fate
  secondAttempt: Fate
  /** The sixth attempt. */
  sixthAttempt: Fate
  /** The first attempt, told to wait 30 s. */
  requestedWait: Fate
  /** A job of 25 hours. */
  oldJob: Fate
  /** A source whose sender asks again. */
  unretriedJob: Fate
}

/** The fates of a job that is retried, with a jitter of a half. */
const RETRIED: Row = {
  firstAttempt: retry(2_000),
  secondAttempt: retry(8_000),
  sixthAttempt: BURY,
  requestedWait: wait(30_000),
  oldJob: BURY,
  unretriedJob: BURY,
}
/** The fates in an outage: neither attempts nor runs end the job, and its wait does not grow with its attempts. */
const OUTAGE: Row = {
  ...RETRIED,
  firstAttempt: wait(2_000),
  secondAttempt: wait(2_000),
  sixthAttempt: wait(2_000),
}
const TOLD: Row = {
  ...OUTAGE,
  firstAttempt: tellSender(wait(2_000)),
  secondAttempt: tellSender(wait(2_000)),
  sixthAttempt: tellSender(wait(2_000)),
  requestedWait: tellSender(wait(30_000)),
}
const PARKED: Row = {
  firstAttempt: park(null),
  secondAttempt: park(null),
  sixthAttempt: park(null),
  requestedWait: park(30_000),
  oldJob: BURY,
  unretriedJob: BURY,
}
const rowOf = (fate: Fate): Row => ({
  firstAttempt: fate,
  secondAttempt: fate,
  sixthAttempt: fate,
  requestedWait: fate,
  oldJob: fate,
  unretriedJob: fate,
})

const ROWS: Record<ErrorCode, Row> = {
  'alert-undelivered': OUTAGE,
  'audio-rejected': RETRIED,
  'budget-held-back': OUTAGE,
  'client-left': rowOf(ABANDON),
  'database-unavailable': rowOf(LOSE),
  'learner-gone': RETRIED,
  'lease-lost': rowOf(LOSE),
  'lesson-gone': { ...rowOf(LEAVE), unretriedJob: BURY },
  misconfigured: rowOf(BURY),
  'provider-failed': TOLD,
  'provider-parked': PARKED,
  'provider-quota-exhausted': PARKED,
  'provider-rate-limited': TOLD,
  'provider-refused': RETRIED,
  'provider-rejected': rowOf(BURY),
  'provider-timeout': TOLD,
  'provider-unauthorized': PARKED,
  'provider-unusable': rowOf(BURY),
  'send-given-up': rowOf(BURY),
  'telegram-bad-entities': RETRIED,
  'telegram-blocked': { ...rowOf(LEAVE), unretriedJob: BURY },
  'telegram-failed': OUTAGE,
  'telegram-rate-limited': OUTAGE,
  'telegram-rejected': rowOf(BURY),
  'telegram-unauthorized': OUTAGE,
  'telegram-unreachable': OUTAGE,
  'telegram-voice-forbidden': RETRIED,
}

const CIRCUMSTANCES: Record<
  keyof Row,
  Partial<Circumstances> & { retryAfterMs?: number; retriesFailures?: boolean }
> = {
  firstAttempt: {},
  secondAttempt: { attempts: 2 },
  sixthAttempt: { attempts: 6 },
  requestedWait: { retryAfterMs: 30_000 },
  oldJob: { ageMs: 25 * HOUR_MS },
  unretriedJob: { retriesFailures: false, retryAfterMs: 30_000 },
}

const failWith = (
  error: unknown,
  circumstances: Partial<Circumstances> = {},
  retriesFailures = true,
) =>
  fateOf(
    error,
    { attempts: 1, postponements: 0, ageMs: 0, jitter: 0.5, ...circumstances },
    { retriesFailures, timings: TIMINGS },
  )

const cases = Object.entries(ROWS).flatMap(([code, row]) =>
  Object.entries(row).map(([name, fate]) => [code as ErrorCode, name as keyof Row, fate] as const),
)

test.each(cases)('a job that fails by %s (%s) has the fate of its row', (code, name, fate) => {
  const { retryAfterMs, retriesFailures, ...circumstances } = CIRCUMSTANCES[name]
  const error = new AppError(code, 'no', { retryAfterMs })
  expect(failWith(error, circumstances, retriesFailures)).toEqual(fate)
})

test.each([new TypeError('ours'), 'no error at all', undefined])(
  'a job that fails by %s, which has no code, is retried, without a word to its sender',
  (error) => {
    expect(failWith(error)).toEqual(retry(2_000))
    expect(failWith(error, { attempts: 6 })).toEqual(BURY)
    expect(failWith(error, {}, false)).toEqual(BURY)
  },
)

describe('the wait before a retry', () => {
  test('the wait before a retry grows fourfold with each attempt, and takes all of the jitter', () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) =>
      failWith(new TypeError('ours'), { attempts, jitter: 0.25 }),
    )
    expect(waits).toMatchObject(
      [1_000, 4_000, 16_000, 64_000, 225_000].map((afterMs) => ({ afterMs })),
    )
  })

  test('the wait in an outage grows fourfold with each run, up to a quarter of an hour, and ends with the job’s day', () => {
    const error = new AppError('provider-failed', 'HTTP 500')
    const waitAfter = (postponements: number, jitter: number, ageMs = 0) =>
      failWith(error, { attempts: 1, postponements, jitter, ageMs })
    for (const [postponements, afterMs] of [
      [0, 4_000],
      [1, 16_000],
      [2, 64_000],
      [3, 256_000],
      [4, 900_000],
      [90, 900_000],
      [100_000, 900_000],
    ] as const) {
      expect(waitAfter(postponements, 1)).toEqual(tellSender(wait(afterMs)))
      expect(waitAfter(postponements, 0)).toEqual(tellSender(wait(1_000)))
    }
    expect(waitAfter(90, 1, 24 * HOUR_MS)).toEqual(tellSender(wait(900_000)))
    expect(waitAfter(90, 1, 24 * HOUR_MS + 1)).toEqual(BURY)
  })

  test('the wait before a retry is two seconds at least where a message may have been sent', () => {
    const error = new AppError('telegram-failed', '502')
    expect(failWith(error, { jitter: 0 })).toEqual(wait(2_000))
    expect(failWith(error, { jitter: 0.75 })).toEqual(wait(3_000))
  })

  test('a message of unknown outcome is sent a second time after seconds, a third after a minute, a fourth after a quarter of an hour', () => {
    const waits = [1, 2, 3].map((sends) =>
      failWith(new AppError('telegram-failed', '502', { sends }), { jitter: 0 }),
    )
    expect(waits).toEqual([wait(2_000), wait(60_000), wait(900_000)])
  })

  test('an outage of Telegram is told of at its fourth failure, and not where nothing can be told', () => {
    const fateAt = (code: ErrorCode, postponements: number) =>
      failWith(new AppError(code, 'away'), { postponements, jitter: 0 })
    expect(fateAt('telegram-failed', 2)).toEqual(wait(2_000))
    expect(fateAt('telegram-failed', 3)).toEqual(tellSender(wait(2_000)))
    expect(fateAt('telegram-unreachable', 3)).toEqual(wait(1_000))
    expect(fateAt('telegram-rate-limited', 3)).toEqual(wait(1_000))
  })
})

describe('a requested wait', () => {
  test.each([
    ['a millisecond, of a new job', 1, 0, 1_000],
    ['half a minute, of a new job', 30_000, 0, 30_000],
    ['half a minute, of a job of ten minutes', 30_000, 600_000, 60_000],
    ['a day, of a new job', 24 * HOUR_MS, 0, 900_000],
    ['a second, of a job of 20 hours', 1_000, 20 * HOUR_MS, 900_000],
  ])('a requested wait of %s is kept within bounds', (_, retryAfterMs, ageMs, afterMs) => {
    const error = new AppError('telegram-rate-limited', '429', { retryAfterMs })
    expect(failWith(error, { ageMs })).toEqual(wait(afterMs))
  })

  test('a requested wait is no attempt, so the last attempt does not end the job', () => {
    const error = new AppError('provider-rate-limited', '429', { retryAfterMs: 5_000 })
    expect(failWith(error, { attempts: 6 })).toEqual(tellSender(wait(5_000)))
  })

  test('a requested wait does not keep a job alive beyond a day', () => {
    const error = new AppError('provider-rate-limited', '429', { retryAfterMs: 5_000 })
    expect(failWith(error, { ageMs: 24 * HOUR_MS })).toEqual(tellSender(wait(900_000)))
    expect(failWith(error, { ageMs: 24 * HOUR_MS + 1 })).toEqual(BURY)
  })

  test('a job that waits for a budget is tried again as soon when it is old, as behind an outage', () => {
    const error = new AppError('budget-held-back', 'no', { retryAfterMs: 10_000 })
    expect(failWith(error, { ageMs: 20 * HOUR_MS })).toEqual(wait(10_000))
  })

  test('the requested wait of a parked job does not grow with its age', () => {
    const error = new AppError('provider-parked', 'no', { retryAfterMs: 1 })
    expect(failWith(error, { ageMs: 20 * HOUR_MS })).toEqual(park(1_000))
  })
})

describe('a job that the database interrupted', () => {
  test.each([
    ['new', 0, wait(1_000)],
    ['a minute old', 60_000, wait(6_000)],
    ['a day old', 24 * HOUR_MS, wait(900_000)],
    ['older than a day', 24 * HOUR_MS + 1, retry(900_000)],
  ])(
    'a job that the database interrupted and that is %s waits by its age, and counts an attempt only after a day',
    (_, ageMs, fate) => {
      expect(fateOfInterrupted({ ageMs }, TIMINGS)).toEqual(fate)
    },
  )
})

describe('a message whose sending failed', () => {
  const NOT_SENT: ErrorCode[] = [
    'telegram-bad-entities',
    'telegram-blocked',
    'telegram-rate-limited',
    'telegram-rejected',
    'telegram-unauthorized',
    'telegram-unreachable',
    'telegram-voice-forbidden',
  ]

  test.each(Object.keys(ROWS) as ErrorCode[])(
    'a message whose sending failed by %s is possibly sent, unless that proves that it was not',
    (code) => {
      expect(isPossiblySent(new AppError(code, 'no'))).toBe(!NOT_SENT.includes(code))
    },
  )

  test('a message whose sending failed by an error without a code is possibly sent', () => {
    expect(isPossiblySent(new TypeError('ours'))).toBe(true)
  })
})
