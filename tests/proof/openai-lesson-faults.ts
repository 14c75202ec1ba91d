import type { Fault } from '../../scripts/studio/openai/faults.ts'
import {
  A_DAY,
  type Expectation,
  expectLesson,
  expectNoLesson,
  type FaultRow,
  FOR_GOOD,
  type Sight,
} from './fault-row.ts'
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
  streams,
  streamsError,
  waits,
} from './openai-injections.ts'

/** The cases of both stages that a lesson needs. */
function casesOfNeededStage(stage: 'transcribe' | 'reply'): Case[] {
  const isReply = stage === 'reply'
  const sightsBefore: Sight[] = isReply ? ['verdict.heard'] : []
  const lateSights: Sight[] = isReply
    ? ['verdict.score', 'failure.delayed', 'voice']
    : ['failure.delayed', 'verdict.score', 'voice']
  /** The same run of the job repeats the request. */
  const repeats = (changes: Partial<Expectation> = {}) =>
    expectLesson({ logCounts: { provider_retry: 1 }, ...changes, requests: { [stage]: 2 } })
  /** The next run repeats it: the learner was told that it takes longer. */
  const nextRun = (requests: number, changes: Partial<Expectation> = {}) =>
    expectLesson({
      sights: lateSights,
      waits: [1],
      logCounts: FAILED,
      ...changes,
      requests: { [stage]: requests },
    })
  const postponement = (seconds: number) => nextRun(2, { waits: [seconds] })
  const requestCounts = (requests: number) => ({
    transcribe: 1,
    ...(isReply && { reply: 1 }),
    [stage]: requests,
  })
  /** The recording has been paid for by then. */
  const gain = isReply ? LISTENED : {}
  /** The job is dead after a day. */
  const surrender = expectNoLesson({
    ...gain,
    sights: [...sightsBefore, 'failure.delayed', 'failure.dead'],
    ...A_DAY_OF_FOUR_RUNS,
    requests: requestCounts(16),
  })
  /** An operator has to put it right: one job asks again after half a minute. */
  const parkedOutcome = expectLesson({
    sights: isReply
      ? ['verdict.score', 'failure.parked', 'voice']
      : ['failure.parked', 'verdict.score', 'voice'],
    requests: { [stage]: 2 },
    waits: [30],
    logCounts: { processing_error: 1, provider_blocked: 1 },
  })
  /** The job is dead at once: a repetition would not help. */
  const refusal = expectNoLesson({
    ...gain,
    sights: [...sightsBefore, 'failure.dead'],
    job: 'dead',
    requests: requestCounts(1),
    logCounts: { processing_error: 1, job_dead: 1, vendor_refused: 1 },
  })

  // biome-ignore format: a case a line
  return [
    ['429, wait 3 s', rateLimit(3), 1, repeats({ waits: [3] })],
    ['429, wait 30 s: longer than the stage may take', rateLimit(30), 1, postponement(30)],
    ['429, wait an hour: asked again after 15 min', rateLimit(3_600), 1, postponement(900)],
    ['429 without a time', rateLimit(), 1, repeats()],
    ['429 without a time, four times', rateLimit(), 4, nextRun(5, { logCounts: FOUR_FAILED })],
    ['429 for a day', rateLimit(), A_DAY, surrender],
    ['500', SERVER_ERROR, 1, repeats()],
    ['500 four times', SERVER_ERROR, 4, nextRun(5, { logCounts: FOUR_FAILED })],
    ['500 for a day', SERVER_ERROR, A_DAY, surrender],
    ['503, wait 5 s', waits(503, 5), 1, repeats({ waits: [5] })],
    ['502 with a page', answers(502, PAGE), 1, repeats()],
    ['504 with a page', answers(504, PAGE), 1, repeats()],
    ['408', refuses(408, null), 1, repeats()],
    ['409', refuses(409, null), 1, repeats()],
    ['hangs', HANG, 1, nextRun(2)],
    ['breaks off in the answer', RESET, 1, repeats()],
    ['breaks off in the answer, four times', RESET, 4, nextRun(5, { logCounts: FOUR_FAILED })],
    ['200 with a page', answers(200, PAGE), 1, repeats()],
    ['200 with nothing', answers(200, ''), 1, repeats()],
    ['401', refuses(401, 'invalid_api_key'), 1, parkedOutcome],
    ['403', refuses(403, 'unsupported_country_region_territory'), 1, parkedOutcome],
    ['404: no such model', refuses(404, 'model_not_found'), 1, {
      ...parkedOutcome, logCounts: { ...parkedOutcome.logCounts, vendor_refused: 1 } }],
    ['400', refuses(400, 'unsupported_value'), 1, refusal],
    ['413', answers(413, PAGE), 1, refusal],
  ]
}

/** Two retries in the drain of the first run, the last one a day later, each with its waits for the provider. */
const A_DAY_OF_FOUR_RUNS = {
  job: 'dead' as const,
  waits: [1, 2, 4, 4, 1, 2, 4, 16, 1, 2, 4, 1, 2, 4],
  logCounts: { provider_retry: 12, processing_error: 4, job_dead: 1 },
}
const LISTENED = { gain: 'nothing, but it was listened to' } as const

const FAILED = { processing_error: 1 }
const FOUR_FAILED = { provider_retry: 3, processing_error: 1 }

const HEARD_AGAIN = expectLesson({ requests: { transcribe: 2 }, logCounts: { provider_retry: 1 } })
/** The recording is a good one: it is sent as WAV, and where that is refused, too, the fault is the vendor's. */
const HEARD_AS_WAV = expectLesson({
  requests: { transcribe: 2 },
  logCounts: { vendor_request_lowered: 1 },
})
const NOT_HEARD = expectNoLesson({
  sights: ['failure.dead'],
  job: 'dead',
  requests: { transcribe: 2 },
  logCounts: { processing_error: 1, job_dead: 1, vendor_refused: 1 },
})
const SILENCE = expectNoLesson({
  sights: ['voice.silence'],
  ...LISTENED,
  requests: { transcribe: 1 },
})

// biome-ignore format: a case a line
const HEARING: Case[] = [
  ...casesOfNeededStage('transcribe'),
  ['200 with half a JSON', answers(200, '{"text": "Vče'), 1, HEARD_AGAIN],
  ['200 without a text', answers(200, '{"language": "cs"}'), 1, HEARD_AGAIN],
  ['400 about the recording, for good', refuses(400, 'invalid_value', 'file'), FOR_GOOD, NOT_HEARD],
  ['400 about the recording', refuses(400, 'invalid_value', 'file'), 1, HEARD_AS_WAV],
  ['200 with an empty text', answers(200, '{"text": ""}'), 1, SILENCE],
]

const INVALID: Fault = { kind: 'invalid-json' }
const REPLY = 'To zní dobře!'
const BEGUN = `{"reply": "${REPLY}", "said_lang`

/** Corrections are asked for once more: the reply is out already, and being spoken. */
const REPAIRED = expectLesson({ requests: { reply: 2 }, logCounts: { reply_unusable: 1 } })
/** The reply is spoken already; a third answer would be paid for, and would be no better. */
const UNANSWERABLE = expectNoLesson({
  sights: ['verdict.heard', 'voice', 'failure.unanswerable'],
  ...LISTENED,
  requests: { transcribe: 1, reply: 2, speak: 1 },
  logCounts: { reply_unusable: 2 },
})
const ANOTHER_SUBJECT = expectNoLesson({
  sights: ['verdict.heard', 'failure.refused'],
  ...LISTENED,
  requests: { transcribe: 1, reply: 1 },
})
const REPLIED_AGAIN = expectLesson({ requests: { reply: 2 }, logCounts: { provider_retry: 1 } })
const REPLIED_LATER = expectLesson({
  sights: ['verdict.score', 'failure.delayed', 'voice'],
  waits: [1],
  requests: { reply: 2, speak: [1, 2] },
  logCounts: { processing_error: 1 },
})
const REJECTED = expectNoLesson({
  ...LISTENED,
  sights: ['verdict.heard', 'failure.dead'],
  job: 'dead',
  requests: { transcribe: 1, reply: 1 },
  logCounts: { processing_error: 1, job_dead: 1, vendor_refused: 1 },
})
/** What is recorded is the reply that was given out before the stream broke. */
const COMPLETED = { ...REPLIED_AGAIN, reply: REPLY }
const COMPLETED_AT_LAST = expectLesson({
  requests: { reply: 3 },
  logCounts: { provider_retry: 2 },
  reply: REPLY,
})

// biome-ignore format: a case a line
const REPLYING: Case[] = [
  ...casesOfNeededStage('reply'),
  ['invalid JSON after the reply', INVALID, 1, REPAIRED],
  ['invalid JSON after the reply, twice', INVALID, 2, UNANSWERABLE],
  ['invalid JSON after the reply, for good', INVALID, FOR_GOOD, UNANSWERABLE],
  ['violates the schema', { kind: 'schema-violated' }, 1, REPAIRED],
  ['violates the schema twice', { kind: 'schema-violated' }, 2, UNANSWERABLE],
  ['truncated', { kind: 'truncated' }, 1, REPAIRED],
  ['truncated twice', { kind: 'truncated' }, 2, UNANSWERABLE],
  ['refuses', { kind: 'refusal' }, 1, ANOTHER_SUBJECT],
  ['content filter', { kind: 'content-filter' }, 1, ANOTHER_SUBJECT],
  ['breaks off after the reply', streams(BEGUN, 'reset'), 1, COMPLETED],
  ['breaks off after the reply, twice', streams(BEGUN, 'reset'), 2, COMPLETED_AT_LAST],
  ['hangs after the reply', streams(BEGUN, 'hang'), 1, REPLIED_LATER],
  ['ends in the reply', streams('{"reply": "To zní'), 1, REPLIED_AGAIN],
  ['an error in the stream', streamsError('server_error'), 1, REPLIED_AGAIN],
  ['a rate limit in the stream', streamsError('rate_limit_exceeded'), 1, REPLIED_AGAIN],
  ['a rejection in the stream', streamsError('invalid_request_error'), 1, REJECTED],
]

const WRITTEN_AGAIN = expectLesson({
  requests: { transcribe: 0, reply: 2 },
  logCounts: { provider_retry: 1 },
})
const WRITTEN_LATER = expectLesson({
  sights: ['failure.delayed', 'verdict.score', 'voice'],
  requests: { transcribe: 0, reply: 2 },
  waits: [30],
  logCounts: FAILED,
})
const WRITTEN_NEVER = expectNoLesson({
  sights: ['failure.delayed', 'failure.dead'],
  ...A_DAY_OF_FOUR_RUNS,
  requests: { reply: 16 },
})
const WRITTEN_REFUSED = expectNoLesson({
  sights: ['failure.refused'],
  ...LISTENED,
  requests: { reply: 1 },
})

// biome-ignore format: a case a line
const REPLYING_TO_TEXT: Case[] = [
  ['500', SERVER_ERROR, 1, WRITTEN_AGAIN],
  ['429, wait 30 s: longer than the stage may take', rateLimit(30), 1, WRITTEN_LATER],
  ['500 for a day', SERVER_ERROR, A_DAY, WRITTEN_NEVER],
  ['refuses', { kind: 'refusal' }, 1, WRITTEN_REFUSED],
]

/** Faults of the two stages without which there is no lesson. */
export const LESSON_FAULTS: FaultRow[] = [
  ...rowsOf('transcribe', HEARING),
  ...rowsOf('reply', REPLYING),
  ...rowsOf('reply', REPLYING_TO_TEXT, { does: 'sends a text' }),
]
