import { randomBytes } from 'node:crypto'
import type { Fault, RawAnswer, Stage } from '../../scripts/studio/openai/faults.ts'
import { RECORDED } from '../support/whole-bot.ts'
import type { Expectation, FaultRow } from './fault-row.ts'

/** The key that OpenAI is asked with; made anew each time, so that nothing here looks like one. */
export const OPENAI_KEY = randomBytes(24).toString('base64url')

/** OpenAI may quote what it was sent: none of it belongs into a log. */
const QUOTING = `Incorrect API key provided: ${OPENAI_KEY}. Input: ${RECORDED.shop.text}`

export const SERVER_ERROR: Fault = { kind: 'server-error' }
export const HANG: Fault = { kind: 'hang' }
export const RESET: Fault = { kind: 'reset' }
export const PAGE = '<html><body>502 Bad Gateway</body></html>'

/** A rate limit, with the time to wait, if it says so. */
export function rateLimit(retryAfterSeconds?: number): Fault {
  return { kind: 'rate-limited', ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
}

export function answers(status: number, body: string, extra: Partial<RawAnswer> = {}): Fault {
  return { kind: 'answer', status, body, ...extra }
}

/** A status that tells when to come again. */
export function waits(status: number, seconds: number): Fault {
  return answers(status, '{}', { headers: { 'retry-after': String(seconds) } })
}

/** A refusal in OpenAI's shape. */
export function refuses(status: number, code: string | null, param: string | null = null): Fault {
  const error = { message: QUOTING, type: 'invalid_request_error', param, code }
  return answers(status, JSON.stringify({ error }))
}

/** The stream of a completion that breaks off after these words. */
export function streams(content: string, end?: RawAnswer['end']): Fault {
  const chunk = { choices: [{ index: 0, delta: { content } }] }
  return answers(200, `data: ${JSON.stringify(chunk)}\n\n`, end && { end })
}

/** An error inside the stream of a completion. */
export function streamsError(type: string): Fault {
  return answers(200, `data: ${JSON.stringify({ error: { type, message: QUOTING } })}\n\n`)
}

/** A fault of a stage, how often it happens, and the expectation. */
export type Case = [fault: string, cause: Fault, times: number, expectation: Expectation]

const VOICE_LAST: NonNullable<FaultRow['hold']> = { stage: 'speak', until: 'verdict.score' }

/** The rows of one stage's cases. */
export function rowsOf(stage: Stage, cases: Case[], overrides: Partial<FaultRow> = {}): FaultRow[] {
  const { does = 'sends a voice note', speaks = 'by REST' } = overrides
  const place = stage === 'speak' ? `speak ${speaks}` : stage
  return cases.map(([fault, cause, times, expectation]) => ({
    title: `${place}, when a learner ${does}: ${fault}`,
    does,
    speaks,
    troubles: [{ openai: stage, fault: cause, times }],
    // The verdict of a text is no message that has been there before.
    ...(does === 'sends a text' && expectation.sights.includes('voice') && { hold: VOICE_LAST }),
    expectation,
  }))
}
