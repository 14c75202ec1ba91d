import { expect, test } from 'vitest'
import type { StudioEvent } from '../../../../scripts/studio/events/event.ts'
import { findingsOf } from '../../../../scripts/studio/events/findings.ts'
import { type Way, wayOf } from '../../../../scripts/studio/events/way.ts'

const UPDATE = 700
type Fields = Record<string, unknown>

/** A log line at `at`; a job's lines name the update, those of its request alone do not. */
const line = (at: number, event: string, fields: Fields = {}) => ({
  kind: 'log',
  at,
  level: 'debug',
  event,
  fields: { request_id: 'r1', ...fields },
})
const ofJob = (at: number, event: string, fields: Fields = {}, attempt = 1) =>
  line(at, event, {
    update_id: UPDATE,
    job_id: 1,
    attempt,
    source: 'tg:1',
    lane: 'chat:1',
    ...fields,
  })
const call = (at: number, stage: string, tookMs: number) => ({
  kind: 'provider',
  at,
  stage,
  path: `/${stage}`,
  tookMs,
  firstContentMs: 1,
  audioSeconds: null,
  fault: null,
})
const charge = (at: number, stage: string) =>
  ofJob(at, 'call_charged', { stage, step: stage, model: 'm', costMicroUsd: 5 })

function wayIn(happenings: readonly object[]): Way {
  const events = happenings.map((happening, order) => ({ order, ...happening }) as StudioEvent)
  const way = wayOf(events, UPDATE)
  if (!way) throw new Error('Nothing of the update is on record.')
  return way
}

const delivery = {
  kind: 'delivery',
  at: 1_000,
  updateId: UPDATE,
  attempt: 1,
  tookMs: 20,
  status: 200,
  error: null,
  next: 'acknowledged',
}

const LESSON = [
  delivery,
  line(1_010, 'update_stored', { key: String(UPDATE) }),
  line(1_012, 'statement_ended', { sql: 'insert', ms: 2 }),
  ofJob(1_130, 'telegram_called', { method: 'getFile', outcome: 'ok', ms: 100 }),
  call(1_130, 'transcribe', 600),
  charge(1_735, 'transcribe'),
  ofJob(1_740, 'step_ended', { step: 'transcribe', ms: 610 }),
  call(1_750, 'reply', 1_000),
  call(2_250, 'speak', 900),
  call(2_700, 'speak', 700),
  charge(2_755, 'reply'),
  charge(3_160, 'speak'),
  charge(3_405, 'speak'),
  ofJob(3_700, 'telegram_called', { method: 'sendVoice', outcome: 'ok', ms: 250 }),
  ofJob(3_710, 'voice_message_processed_successfully'),
]

test('the way of a lesson has its webhook call, its steps, the calls that it paid for, its statements and what was sent', () => {
  const way = wayIn(LESSON)
  expect(way.deliveries).toHaveLength(1)
  expect(way.runs).toEqual([
    {
      jobId: 1,
      source: 'tg:1',
      lane: 'chat:1',
      attempt: 1,
      steps: [{ step: 'transcribe', ms: 610, isRemembered: false, isRepeated: false }],
      outcome: 'voice_message_processed_successfully',
    },
  ])
  expect(way.providerCalls.map(({ stage }) => stage)).toEqual([
    'transcribe',
    'reply',
    'speak',
    'speak',
  ])
  expect(way.charges).toHaveLength(4)
  expect(way.statements).toEqual([{ sql: 'insert', ms: 2, startMs: 10 }])
  expect(way.sendings.map(({ method }) => method)).toEqual(['getFile', 'sendVoice'])
  expect(way.tookMs).toBe(2_700)
})

test('the floor counts what can overlap once, and the serial sum all calls', () => {
  const way = wayIn(LESSON)
  // The download, the recogniser, the reply up to the sentence whose speech ends last, its speech, the sending.
  expect(way.floorMs).toBe(100 + 600 + 950 + 700 + 250)
  expect(way.serialMs).toBe(100 + 600 + 1_000 + 900 + 700 + 250)
})

test('an update that taught nothing has neither floor nor serial sum', () => {
  const way = wayIn([delivery, ofJob(1_050, 'command_answered')])
  expect([way.floorMs, way.serialMs]).toEqual([null, null])
})

test('the calls and lines of another update beside it are not its own', () => {
  const otherEvents = [
    call(1_700, 'transcribe', 30),
    line(1_736, 'call_charged', { request_id: 'r2', update_id: 701, stage: 'transcribe' }),
  ]
  const way = wayIn([...LESSON, ...otherEvents])
  expect(way.lines).toHaveLength(LESSON.length - 5)
  expect(way.providerCalls).toHaveLength(4)
})

test('after a kill the second run shows which steps it took from the journal', () => {
  const eventsUntilKill = LESSON.slice(0, 7)
  const way = wayIn([
    ...eventsUntilKill,
    ofJob(9_000, 'step_remembered', { step: 'transcribe' }, 2),
    ofJob(9_900, 'voice_message_processed_successfully', {}, 2),
  ])
  expect(way.runs.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, null],
    [2, 'voice_message_processed_successfully'],
  ])
  expect(way.runs[1]?.steps).toEqual([
    { step: 'transcribe', ms: null, isRemembered: true, isRepeated: false },
  ])
})

test('of an update that was never seen there is no way', () => {
  expect(wayOf([], UPDATE)).toBeUndefined()
})

const wordsIn = (happenings: readonly object[]) =>
  findingsOf(wayIn(happenings)).map(({ atMs, words }) => `${atMs}: ${words}`)

test('a lesson without a fault has nothing out of the ordinary', () => {
  expect(wordsIn(LESSON)).toEqual([])
})

test('of a retry it is found which step was done again, how long nothing was under way, and what was pressed', () => {
  const again = [
    { kind: 'fault', at: 4_000, name: 'kill' },
    ofJob(9_000, 'step_remembered', { step: 'transcribe' }, 2),
    ofJob(9_500, 'step_ended', { step: 'reply', ms: 500 }, 2),
    { ...ofJob(9_600, 'duplicate_possible', { step: 'voice' }, 2), level: 'warn' },
  ]
  const reply = ofJob(2_760, 'step_ended', { step: 'reply', ms: 1_010 })
  expect(wordsIn([...LESSON.slice(0, -1), reply, ...again])).toEqual([
    '2700: Nothing was under way for 5.3 s, between sendVoice and reply.',
    '3000: Fault pressed: kill.',
    '8500: Run 2 did reply again, which an earlier run had ended.',
    '8600: warn: duplicate_possible: step "voice"',
  ])
})

test('refused calls, slow statements and late deliveries are out of the ordinary, with why', () => {
  const refusal = { outcome: 'telegram-blocked', reason: 'sendVoice: 403 blocked', ms: 30 }
  const happenings = [
    { ...delivery, status: 503, next: 1 },
    { ...delivery, at: 1_100, attempt: 2 },
    ofJob(1_450, 'statement_ended', { sql: 'select  1', ms: 300 }),
    { ...call(1_460, 'reply', 10), fault: 'rate-limited' },
    charge(1_470, 'reply'),
    ofJob(1_510, 'telegram_called', { method: 'sendVoice', ...refusal }),
  ]
  expect(wordsIn(happenings)).toEqual([
    '0: Delivery 1: 503.',
    '100: Delivery 2: 200.',
    '150: A statement took 300 ms: select 1',
    '460: /reply failed: rate-limited.',
    '480: sendVoice: 403 blocked.',
  ])
})

test('a call that the provider refused is on the way of the lesson that asked again', () => {
  const refusedCall = { ...call(1_740, 'reply', 5), fault: 'rate-limited' }
  const retry = { ...ofJob(1_746, 'provider_retry', { stage: 'reply' }), level: 'warn' }
  const way = wayIn([...LESSON, refusedCall, retry])
  expect(way.providerCalls.map(({ stage, fault }) => [stage, fault])).toEqual([
    ['transcribe', null],
    ['reply', 'rate-limited'],
    ['reply', null],
    ['speak', null],
    ['speak', null],
  ])
  expect(way.floorMs).toBe(wayIn(LESSON).floorMs)
})
