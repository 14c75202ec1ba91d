import type { Fault } from '../../scripts/studio/telegram/faults.ts'
import type { Act, Expectation, FaultRow, Method, Sight } from './fault-row.ts'

export const SERVER_ERROR: Fault = { kind: 'error', status: 500 }
export const PAGE: Fault = answers(502, '<html><body>Bad Gateway</body></html>')
/** No word of Telegram's: the chat is as open as before. */
export const FIREWALL: Fault = answers(403, '<html><body>Request blocked</body></html>')
export const UNAUTHORIZED: Fault = { kind: 'error', status: 401 }
export const BLOCKED: Fault = {
  kind: 'error',
  status: 403,
  description: 'Forbidden: bot was blocked by the user',
}
export const HANG: Fault = { kind: 'hang' }
export const BAD_ENTITIES = rejects("can't parse entities: Unsupported start tag at byte offset 3")
export const NOT_MODIFIED = rejects('message is not modified: specified new message content')
export const NOT_FOUND = rejects('message to edit not found')
export const NO_RIGHTS = rejects('not enough rights')

export function busy(retryAfterSeconds: number): Fault {
  return { kind: 'error', status: 429, retryAfterSeconds }
}

export function rejects(because: string): Fault {
  return { kind: 'error', status: 400, description: `Bad Request: ${because}` }
}

export function resets(when: 'before' | 'after' | 'midway'): Fault {
  return { kind: 'reset', when }
}

/** An answer that is none of Telegram's, or an odd one. */
export function answers(status: number, body: string): Fault {
  return { kind: 'error', status, body }
}

/** A wait that fits into the call is kept there. */
export const WAITED = { waits: [3], logCounts: { telegram_retry: 1 } }
/** A longer one is kept by the job, and is no attempt. */
export const POSTPONED = { waits: [30], logCounts: { processing_error: 1 } }
/** One of an hour is kept for a quarter of it. */
export const POSTPONED_LONG = { waits: [900], logCounts: { processing_error: 1 } }
/** A call that is harmless to repeat is repeated after a moment. */
export const REPEATED = { waits: [2], logCounts: { processing_error: 1 } }
/** Certainly not sent: the next run sends it as for the first time. */
export const NOT_SENT = { waits: [1], logCounts: { processing_error: 1 } }
/** Whether it was sent is unknowable: it is sent once more, and counted as a possible duplicate. */
export const SENT_AGAIN = {
  duplicates: 1,
  waits: [2],
  logCounts: { processing_error: 1, duplicate_possible: 1 },
}
/** All four sends are unknowable, the last two 1 and 15 min after those before them: there is no fifth. */
export const GIVEN_UP = {
  job: 'dead' as const,
  duplicates: 1,
  waits: [2, 60, 900],
  logCounts: { processing_error: 4, duplicate_possible: 3, job_dead: 1 },
}
/** The job is dead at once: a repetition would not help. */
export const REJECTED = { job: 'dead' as const, logCounts: { processing_error: 1, job_dead: 1 } }
/** The bot is blocked: no apology can be sent. */
export const LEFT_ALONE = { job: 'left' as const, logCounts: { processing_error: 1 } }
/** Of an outage: two retries in the first drain, and the last one a day later. */
export const GIVEN_UP_AFTER_A_DAY = {
  job: 'dead' as const,
  waits: [4, 16],
  logCounts: { processing_error: 4, job_dead: 1 },
}

/** A fault of a method's calls, how often it happens, and the expectation. */
export type Case = [
  fault: string,
  cause: Fault,
  times: number,
  expectation: Expectation,
  changes?: Pick<FaultRow, 'hold' | 'deadlineAfter'>,
]

/** The rows of one method's cases. */
export function rowsOf(telegram: Method | 'any', does: Act, cases: Case[]): FaultRow[] {
  return cases.map(([fault, cause, times, expectation, changes]) => ({
    title: `${telegram}, when a learner ${does}: ${fault}`,
    does,
    speaks: 'by REST',
    troubles: [{ telegram, fault: cause, times }],
    expectation,
    ...changes,
  }))
}

/**
 * The cases of every message that is sent.
 *
 * `sights` is the chat where the message comes at once, `late` where only the second attempt brings it,
 * `twice` where both do. `inTime` and `atDeadline` fix the order of events.
 */
export function casesOfSending(
  outcome: (changes: Partial<Expectation>) => Expectation,
  { sights, late = sights, twice }: { sights: Sight[]; late?: Sight[]; twice: Sight[] },
  { inTime = {}, atDeadline = {} }: { inTime?: Case[4]; atDeadline?: Case[4] } = {},
): Case[] {
  const waitOutcome = (seconds: number) =>
    outcome({ sights, waits: [seconds], logCounts: { telegram_retry: 1 } })
  const repetition = outcome({ sights: late, ...SENT_AGAIN })
  const duplicateOutcome = outcome({ sights: twice, ...SENT_AGAIN })
  const notSent = outcome({ sights: late, ...NOT_SENT })
  // biome-ignore format: a case a line
  return [
    ['429, wait 3 s', busy(3), 1, waitOutcome(3), inTime],
    ['429, wait 30 s', busy(30), 1, outcome({ sights: late, ...POSTPONED })],
    ['429, wait an hour: tried again after 15 min', busy(3_600), 1, outcome({ sights: late, ...POSTPONED_LONG })],
    ['429 without a time', answers(429, '{"ok":false}'), 1, waitOutcome(1), inTime],
    ['429 with an odd time', answers(429, '{"ok":false,"parameters":{"retry_after":"soon"}}'), 1, waitOutcome(1), inTime],
    ['500', SERVER_ERROR, 1, repetition],
    ['502 with a page', PAGE, 1, repetition],
    ['reset before it is sent', resets('before'), 1, repetition],
    ['reset after it is sent', resets('after'), 1, duplicateOutcome, inTime],
    ['reset in the answer', resets('midway'), 1, duplicateOutcome, inTime],
    ['hangs before it is sent', HANG, 1, repetition, atDeadline],
    ['hangs after it is sent', { kind: 'hang', when: 'after' }, 1, duplicateOutcome, atDeadline],
    ['401', UNAUTHORIZED, 1, notSent],
    ['404 with a page', answers(404, '<html>Not Found</html>'), 1, notSent],
    ['302', { kind: 'error', status: 302 }, 1, repetition],
    ['403 with the page of a firewall', FIREWALL, 1, repetition],
    ['409', { kind: 'error', status: 409 }, 1, repetition],
    ['400: the bot was logged out of this server', rejects('Logged out'), 1, notSent],
    ['200 with a page', answers(200, '<html>Log in to the WLAN</html>'), 1, repetition],
    ['200 without a result', answers(200, '{"ok":true}'), 1, repetition],
    ['200 with an odd result', answers(200, '{"ok":true,"result":{"message_id":"1"}}'), 1, repetition],
    ['200 with a refusal', answers(200, '{"ok":false}'), 1, repetition],
    ['200 with a list', answers(200, '[]'), 1, repetition],
    ['200 with nothing', answers(200, ''), 1, repetition],
  ]
}
