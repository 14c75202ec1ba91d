import type { Fault } from '../../scripts/studio/openai/faults.ts'
import type { Sight } from './fault-row.ts'
import { answers, refuses, streamsError } from './openai-injections.ts'

/** What one learner has got: the bot's messages, and each job's state after so many attempts. */
export type Standing = { sights: string[]; jobs: string[] }

/**
 * One way in which OpenAI says that an operator has to put something right: the account has no quota left, the key or
 * the model is refused.
 *
 * Olena sends two voice notes, the first of which meets the refusal; then Ivan sends one. During the outage
 * OpenAI gets at most one request every 5 minutes, from one lesson.
 */
export type OutageRow = {
  title: string
  stage: 'transcribe' | 'reply'
  fault: Fault
  /** The length of the outage. */
  minutes: number
  /** How much of it passes until no lesson asks OpenAI any more. */
  askedMinutes: number
  /** Before time passes. */
  atFirst: { olena: Standing; ivan: Standing }
  /** After the repair and its probe, once nothing waits any more. */
  atLast: { olena: Standing; ivan: Standing }
}

const WAITS = 'waiting after 0'
const PARKED = 'parked after 0'
const DONE = 'done after 1'
/** A job is dead after the attempt that gave it up. */
const DEAD = 'dead after 1'

/** Each learner was told once that it takes longer, and has lost neither attempts nor places. */
function standingsWhenParked(ownSights: Sight[]): OutageRow['atFirst'] {
  return {
    olena: { sights: [...ownSights, 'failure.parked'], jobs: [PARKED, WAITS] },
    ivan: { sights: ['failure.parked'], jobs: [PARKED] },
  }
}

const AFTER_HEARING: OutageRow['atLast'] = {
  olena: {
    sights: ['failure.parked', 'verdict.score', 'voice', 'verdict.score', 'voice'],
    jobs: [DONE, DONE],
  },
  ivan: { sights: ['failure.parked', 'verdict.score', 'voice'], jobs: [DONE] },
}
const AFTER_REPLY: OutageRow['atLast'] = {
  olena: {
    sights: ['verdict.score', 'failure.parked', 'voice', 'verdict.score', 'voice'],
    jobs: [DONE, DONE],
  },
  ivan: AFTER_HEARING.ivan,
}
const GIVEN_UP: OutageRow['atLast'] = {
  olena: { sights: ['failure.parked', 'failure.dead', 'failure.dead'], jobs: [DEAD, DEAD] },
  ivan: { sights: ['failure.parked', 'failure.dead'], jobs: [DEAD] },
}

const EXHAUSTED: Fault = { kind: 'quota-exhausted' }
const HOUR = { minutes: 60, askedMinutes: 60 }
const HEARING = {
  stage: 'transcribe',
  atFirst: standingsWhenParked([]),
  atLast: AFTER_HEARING,
} as const
const REPLYING = {
  stage: 'reply',
  atFirst: standingsWhenParked(['verdict.heard']),
  atLast: AFTER_REPLY,
} as const

// biome-ignore format: a case a line
export const OUTAGES: OutageRow[] = [
  { title: 'insufficient_quota, when a voice note is to be heard', ...HEARING, ...HOUR, fault: EXHAUSTED },
  { title: 'insufficient_quota, when a reply is wanted', ...REPLYING, ...HOUR, fault: EXHAUSTED },
  { title: 'insufficient_quota in the stream of a reply', ...REPLYING, ...HOUR, fault: streamsError('insufficient_quota') },
  { title: 'billing_hard_limit_reached', ...HEARING, ...HOUR, fault: refuses(400, 'billing_hard_limit_reached') },
  { title: 'billing_not_active', ...REPLYING, ...HOUR, fault: refuses(429, 'billing_not_active') },
  { title: '402', ...HEARING, ...HOUR, fault: answers(402, '{}') },
  { title: 'insufficient_quota for more than a day: all is given up', ...HEARING, fault: EXHAUSTED,
    minutes: 25 * 60, askedMinutes: 24 * 60, atLast: GIVEN_UP },
  { title: '401', ...HEARING, ...HOUR, fault: refuses(401, 'invalid_api_key') },
  { title: '403', ...REPLYING, ...HOUR, fault: refuses(403, null) },
  { title: '404, no such model', ...REPLYING, ...HOUR, fault: refuses(404, 'model_not_found') },
]
