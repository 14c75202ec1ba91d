import type { Fault } from '../../scripts/studio/openai/faults.ts'
import {
  type Expected,
  type FaultRow,
  FOR_GOOD,
  type Sight,
  taught,
  untaught,
} from './fault-row.ts'
import {
  answers,
  type Case,
  HANG,
  limited,
  PAGE,
  RESET,
  refuses,
  rowsOf,
  SERVER_ERROR,
  streams,
  streamsError,
  waits,
} from './openai-injections.ts'

/** What holds of both stages that a lesson cannot do without. */
function needed(stage: 'transcribe' | 'reply'): Case[] {
  const isReply = stage === 'reply'
  const heard: Sight[] = isReply ? ['verdict.heard'] : []
  const late: Sight[] = isReply
    ? ['verdict.score', 'failure.delayed', 'voice']
    : ['failure.delayed', 'verdict.score', 'voice']
  /** The same run of the job has asked again. */
  const again = (more: Partial<Expected> = {}) =>
    taught({ logged: { provider_retry: 1 }, ...more, asked: { [stage]: 2 } })
  /** The next run has: the learner knows that it takes longer. */
  const later = (asked: number, more: Partial<Expected> = {}) =>
    taught({ seen: late, attempts: 2, logged: FAILED, ...more, asked: { [stage]: asked } })
  const postponed = (seconds: number) => later(2, { attempts: 1, waits: [seconds] })
  const unanswered = (asked: number) => ({
    transcribe: 1,
    ...(isReply && { reply: 1 }),
    [stage]: asked,
  })
  /** Six runs have tried. */
  const givenUp = (asked: number, logged: Expected['logged'] = {}) =>
    untaught({
      seen: [...heard, 'failure.delayed', 'failure.dead'],
      job: 'dead',
      attempts: 6,
      asked: unanswered(asked),
      logged: { processing_error: 6, job_dead: 1, ...logged },
    })
  /** Asking again would be no use. */
  const refused = untaught({
    seen: [...heard, 'failure.dead'],
    job: 'dead',
    asked: unanswered(1),
    logged: { processing_error: 1, job_dead: 1 },
  })

  // biome-ignore format: a case a line
  return [
    ['429, wait 3 s', limited(3), 1, again({ waits: [3] })],
    ['429, wait 30 s: longer than the stage may take', limited(30), 1, postponed(30)],
    ['429, wait an hour: asked again after 15 min', limited(3_600), 1, postponed(900)],
    ['429 without a time', limited(), 1, again()],
    ['429 without a time, four times', limited(), 4, later(5, { logged: FOUR_FAILED })],
    ['429 for good', limited(), FOR_GOOD, givenUp(24, { provider_retry: 18 })],
    ['500', SERVER_ERROR, 1, again()],
    ['500 four times', SERVER_ERROR, 4, later(5, { logged: FOUR_FAILED })],
    ['500 for good', SERVER_ERROR, FOR_GOOD, givenUp(24, { provider_retry: 18 })],
    ['503, wait 5 s', waits(503, 5), 1, again({ waits: [5] })],
    ['502 with a page', answers(502, PAGE), 1, again()],
    ['504 with a page', answers(504, PAGE), 1, again()],
    ['408', refuses(408, null), 1, again()],
    ['409', refuses(409, null), 1, again()],
    ['hangs', HANG, 1, later(2)],
    ['hangs for good', HANG, 6, givenUp(6)],
    ['breaks off in the answer', RESET, 1, again()],
    ['breaks off in the answer, four times', RESET, 4, later(5, { logged: FOUR_FAILED })],
    ['200 with a page', answers(200, PAGE), 1, again()],
    ['200 with nothing', answers(200, ''), 1, again()],
    ['401', refuses(401, 'invalid_api_key'), 1, later(2)],
    ['401 for good', refuses(401, 'invalid_api_key'), FOR_GOOD, givenUp(6)],
    ['403', refuses(403, 'unsupported_country_region_territory'), 1, later(2)],
    ['404: no such model', refuses(404, 'model_not_found'), 1, later(2)],
    ['404: no such model, for good', refuses(404, 'model_not_found'), FOR_GOOD, givenUp(6)],
    ['400', refuses(400, 'unsupported_value'), 1, refused],
    ['413', answers(413, PAGE), 1, refused],
  ]
}

const FAILED = { processing_error: 1 }
const FOUR_FAILED = { provider_retry: 3, processing_error: 1 }

const HEARD_AGAIN = taught({ asked: { transcribe: 2 }, logged: { provider_retry: 1 } })
const NOT_HEARD = untaught({ seen: ['voice.damaged'], asked: { transcribe: 1 } })
const SILENCE = untaught({
  seen: ['voice.silence'],
  given: 'nothing, but it was listened to',
  asked: { transcribe: 1 },
})

// biome-ignore format: a case a line
const HEARING: Case[] = [
  ...needed('transcribe'),
  ['200 with half a JSON', answers(200, '{"text": "Vče'), 1, HEARD_AGAIN],
  ['200 without a text', answers(200, '{"language": "cs"}'), 1, HEARD_AGAIN],
  ['400 about the recording', refuses(400, 'invalid_value', 'file'), 1, NOT_HEARD],
  ['200 with an empty text', answers(200, '{"text": ""}'), 1, SILENCE],
]

const INVALID: Fault = { kind: 'invalid-json' }
const REPLY = 'To zní dobře!'
const BEGUN = `{"reply": "${REPLY}", "said_lang`

/** Corrections are asked for once more: the reply is out already, and being spoken. */
const REPAIRED = taught({ asked: { reply: 2 }, logged: { reply_unusable: 1 } })
/** Whether the first run has come to speak its reply by then is chance. */
// The reply is heard already, and what is asked for again is what goes with it.
const UNUSABLE_TWICE = taught({
  seen: ['verdict.score', 'voice', 'failure.delayed'],
  attempts: 2,
  asked: { reply: 3, speak: 1 },
  logged: { reply_unusable: 2, processing_error: 1 },
})
const NEVER_USABLE = untaught({
  seen: ['verdict.heard', 'voice', 'failure.delayed', 'failure.dead'],
  job: 'dead',
  attempts: 6,
  asked: { transcribe: 1, reply: 12, speak: 1 },
  logged: { reply_unusable: 12, processing_error: 6, job_dead: 1 },
})
const ANOTHER_SUBJECT = untaught({
  seen: ['verdict.heard', 'failure.refused'],
  given: 'nothing, but it was listened to',
  asked: { transcribe: 1, reply: 1 },
})
const REPLIED_AGAIN = taught({ asked: { reply: 2 }, logged: { provider_retry: 1 } })
const REPLIED_LATER = taught({
  seen: ['verdict.score', 'failure.delayed', 'voice'],
  attempts: 2,
  asked: { reply: 2, speak: [1, 2] },
  logged: { processing_error: 1 },
})
const REJECTED = untaught({
  seen: ['verdict.heard', 'failure.dead'],
  job: 'dead',
  asked: { transcribe: 1, reply: 1 },
  logged: { processing_error: 1, job_dead: 1 },
})
/** What is recorded is the reply that was given out before the stream broke. */
const COMPLETED = { ...REPLIED_AGAIN, reply: REPLY }
const COMPLETED_AT_LAST = taught({
  asked: { reply: 3 },
  logged: { provider_retry: 2 },
  reply: REPLY,
})

// biome-ignore format: a case a line
const REPLYING: Case[] = [
  ...needed('reply'),
  ['invalid JSON after the reply', INVALID, 1, REPAIRED],
  ['invalid JSON after the reply, twice', INVALID, 2, UNUSABLE_TWICE],
  ['invalid JSON after the reply, for good', INVALID, FOR_GOOD, NEVER_USABLE],
  ['violates the schema', { kind: 'schema-violated' }, 1, REPAIRED],
  ['violates the schema twice', { kind: 'schema-violated' }, 2, UNUSABLE_TWICE],
  ['truncated', { kind: 'truncated' }, 1, REPAIRED],
  ['truncated twice', { kind: 'truncated' }, 2, UNUSABLE_TWICE],
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

const WRITTEN_AGAIN = taught({ asked: { transcribe: 0, reply: 2 }, logged: { provider_retry: 1 } })
const WRITTEN_LATER = taught({
  seen: ['failure.delayed', 'verdict.score', 'voice'],
  asked: { transcribe: 0, reply: 2 },
  waits: [30],
  logged: FAILED,
})
const WRITTEN_NEVER = untaught({
  seen: ['failure.delayed', 'failure.dead'],
  job: 'dead',
  attempts: 6,
  asked: { reply: 24 },
  logged: { provider_retry: 18, processing_error: 6, job_dead: 1 },
})
const WRITTEN_REFUSED = untaught({
  seen: ['failure.refused'],
  given: 'nothing, but it was listened to',
  asked: { reply: 1 },
})

// biome-ignore format: a case a line
const REPLYING_TO_TEXT: Case[] = [
  ['500', SERVER_ERROR, 1, WRITTEN_AGAIN],
  ['429, wait 30 s: longer than the stage may take', limited(30), 1, WRITTEN_LATER],
  ['500 for good', SERVER_ERROR, FOR_GOOD, WRITTEN_NEVER],
  ['refuses', { kind: 'refusal' }, 1, WRITTEN_REFUSED],
]

/** Faults of the two stages without which there is no lesson. */
export const LESSON_FAULTS: FaultRow[] = [
  ...rowsOf('transcribe', HEARING),
  ...rowsOf('reply', REPLYING),
  ...rowsOf('reply', REPLYING_TO_TEXT, { does: 'sends a text' }),
]
