import type { Fault } from '../../scripts/studio/openai/faults.ts'
import { type Expectation, expectLesson, type FaultRow, FOR_GOOD } from './fault-row.ts'
import {
  answers,
  type Case,
  HANG,
  PAGE,
  RESET,
  rateLimit,
  refuses,
  rowsOf,
  SERVER_ERROR,
  waits,
} from './openai-injections.ts'

const AGAIN = expectLesson({ requests: { speak: 2 }, logCounts: { provider_retry: 1 } })
/** When speech fails, the lesson stands, and the reply comes in writing. */
const WRITTEN = inWriting(1)
/** The log has why, in the vendor's words. */
const WRITTEN_WITH_REASON = inWriting(1, { vendor_refused: 1 })
/** Once for all lessons that come before it speaks again. */
const WRITTEN_AND_BLOCKED = inWriting(1, { provider_blocked: 1 })
const WRITTEN_AFTER_FOUR = inWriting(4, { provider_retry: 3 })

function inWriting(speak: number, logCounts: Expectation['logCounts'] = {}): Expectation {
  return expectLesson({
    sights: ['verdict.score', 'reply.speechFailed'],
    requests: { speak },
    logCounts: { speech_failed: 1, ...logCounts },
  })
}

/** What holds of both speakers. What is answered by HTTP meets the socket at its handshake. */
// biome-ignore format: a case a line
const EITHER: Case[] = [
  ['429 without a time', rateLimit(), 1, AGAIN],
  ['429 for good', rateLimit(), FOR_GOOD, WRITTEN_AFTER_FOUR],
  ['429 by HTTP, wait 3 s', waits(429, 3), 1, { ...AGAIN, waits: [3] }],
  ['429 by HTTP, wait 30 s: longer than the stage may take', waits(429, 30), 1, WRITTEN],
  ['quota exhausted', { kind: 'quota-exhausted' }, 1, WRITTEN_AND_BLOCKED],
  ['402', answers(402, '{}'), 1, WRITTEN_AND_BLOCKED],
  ['500', SERVER_ERROR, 1, AGAIN],
  ['500 for good', SERVER_ERROR, FOR_GOOD, WRITTEN_AFTER_FOUR],
  ['502 with a page', answers(502, PAGE), 1, AGAIN],
  ['503 by HTTP, wait 5 s', waits(503, 5), 1, { ...AGAIN, waits: [5] }],
  ['200 with a page', answers(200, PAGE), 1, AGAIN],
  ['hangs', HANG, 1, WRITTEN],
  ['hangs before it says anything', answers(200, '', { end: 'hang' }), 1, WRITTEN],
  ['breaks off', RESET, 1, AGAIN],
  ['breaks off for good', RESET, FOR_GOOD, WRITTEN_AFTER_FOUR],
  ['truncated', { kind: 'truncated' }, 1, AGAIN],
  ['truncated for good', { kind: 'truncated' }, FOR_GOOD, WRITTEN_AFTER_FOUR],
  ['empty audio', { kind: 'empty-audio' }, 1, AGAIN],
  ['empty audio for good', { kind: 'empty-audio' }, FOR_GOOD, WRITTEN_AFTER_FOUR],
  ['401', refuses(401, 'invalid_api_key'), 1, WRITTEN_AND_BLOCKED],
  ['403', refuses(403, null), 1, WRITTEN_AND_BLOCKED],
]

const TALKS: Fault = {
  kind: 'reworded',
  as: 'To nevím, zeptejte se raději někoho jiného, prosím vás pěkně, já tu jen pracuji.',
}
const READ_AGAIN = expectLesson({ requests: { speak: 2 }, logCounts: { speech_reworded: 1 } })
const NOT_READ = inWriting(2, { speech_reworded: 1 })

// biome-ignore format: a case a line
const BY_SOCKET: Case[] = [
  ...EITHER,
  ['400', refuses(400, 'unsupported_value'), 1, WRITTEN],
  ['404: no such model', refuses(404, 'model_not_found'), 1, WRITTEN_AND_BLOCKED],
  ['half an event', { kind: 'invalid-json' }, 1, AGAIN],
  ['content filter', { kind: 'content-filter' }, 1, WRITTEN],
  ['reworded', { kind: 'reworded' }, 1, READ_AGAIN],
  ['reworded twice: near enough', { kind: 'reworded' }, 2, READ_AGAIN],
  ['talks instead of reading', TALKS, 1, READ_AGAIN],
  ['talks instead of reading, twice', TALKS, 2, NOT_READ],
]

// biome-ignore format: a case a line
const BY_REST: Case[] = [
  ...EITHER,
  ['400', refuses(400, 'unsupported_value'), 1, WRITTEN_WITH_REASON],
  ['404: no such model', refuses(404, 'model_not_found'), 1, inWriting(1, { vendor_refused: 1, provider_blocked: 1 })],
  ['content filter', refuses(400, 'content_policy_violation'), 1, WRITTEN],
  ['aac instead of opus: there is no decoder', { kind: 'wrong-format', format: 'aac' }, 1, WRITTEN],
  ['mp3 instead of opus', { kind: 'wrong-format', format: 'mp3' }, 1, expectLesson()],
  ['wav instead of opus', { kind: 'wrong-format', format: 'wav' }, 1, expectLesson()],
  ['pcm instead of opus', { kind: 'wrong-format', format: 'pcm' }, 1, expectLesson()],
]

/** Faults of speech, over the realtime socket and by REST. */
export const SPEECH_FAULTS: FaultRow[] = [
  ...rowsOf('speak', BY_SOCKET, { speaks: 'by realtime socket' }),
  ...rowsOf('speak', BY_REST, { speaks: 'by REST' }),
]
