import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { STAGE_DEADLINES_MS, TIMINGS } from '../../lib/app/jobs/timings.ts'
import type { Fault } from '../../scripts/studio/telegram/faults.ts'
import { violatedInvariants } from '../rigs/invariants.ts'
import { passTime } from '../support/jobs.ts'
import { proofWidth, rowsOfProof } from '../support/proof-width.ts'
import {
  eventually,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'
import { dueInMs, outlast } from './fault-scene.ts'
import { type Deadlines, holdDeadlines } from './held-deadlines.ts'
import { SERVER_ERROR } from './openai-injections.ts'
import { LANGUAGE, sightsOf } from './sights.ts'
import { answers, HANG, PAGE, resets } from './telegram-injections.ts'

let bot: WholeBot
let lines: string[] = []
let deadlines: Deadlines
beforeAll(async () => {
  const env = { TTS_MODEL: 'gpt-4o-mini-tts', LOG_LEVEL: 'debug' }
  const options = { print: (line: string) => void lines.push(line), waitsPass: true, isTerse: true }
  bot = await startWholeBot(env, options)
})
afterAll(() => bot.stop())
beforeEach(() => {
  lines = []
  deadlines = holdDeadlines()
  bot.setJitter(0.5)
})
afterEach(() => void vi.restoreAllMocks())

/** Of tests in which a day passes, retry by retry. */
const LONG_MS = 240_000

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const FAULTS: [string, Fault, isSent: boolean][] = [
  ['resets connections', resets('before'), false],
  ['answers 502', PAGE, false],
  ['answers 500', { kind: 'error', status: 500 }, false],
  ['answers 504', answers(504, '<html>Gateway Time-out</html>'), false],
  ['never answers', HANG, false],
  ['closes connections in the middle of its answer', resets('midway'), true],
]
const DURATIONS: [string, number][] = [
  ['15 s', 15_000],
  ['40 s', 40_000],
  ['10 minutes', 10 * MINUTE_MS],
]
const AWAY = FAULTS.flatMap(([name, fault, isSent]) =>
  DURATIONS.map(([duration, ms]) => [name, duration, { fault, ms, isSent }] as const),
)

test.each(rowsOfProof(AWAY, ([name]) => name))(
  'Telegram %s for %s in the middle of a lesson: the verdict and the voice note come afterwards',
  async (_how, _duration, { fault, ms, isSent }) => {
    const learner = await bot.learner(LANGUAGE)
    const release = bot.hold('reply')
    sendRecorded(learner, 'shop')
    await eventually(() => expect(sightsOf(learner)).toEqual(['verdict.heard']))
    const callCount = bot.telegram.calls.length
    const comesBack = goAway(learner, fault)
    release()
    await passWhile(ms, fault)
    comesBack()
    await outlast(bot)

    const sights = sightsOf(learner)
    // A message that arrived although its answer did not is sent again: that cannot be known. The word about the delay arrives, too.
    if (isSent)
      expect(new Set(sights)).toEqual(new Set(['verdict.score', 'voice', 'failure.delayed']))
    else expect(sights).toEqual(['verdict.score', 'voice'])
    expect(await bot.jobsOf(learner)).toMatchObject([{ state: 'done', attempts: 1 }])
    expect((await learner.ledger()).lessons).toEqual([RECORDED.shop.text])
    const voices = bot.telegram.calls
      .slice(callCount)
      .filter(({ method }) => method === 'sendVoice')
    expect(voices.length).toBeLessThanOrEqual(isSent ? 4 : 2)
    expect(alerts()).toEqual([])
    expect(await violatedInvariants(bot.db)).toEqual([])
  },
)

const OUTAGES: [string, number, isOutlived: boolean][] = [
  ['30 minutes', 30 * MINUTE_MS, true],
  ['23 hours', 23 * HOUR_MS, true],
  ['25 hours', 25 * HOUR_MS, false],
]

test.each(OUTAGES.slice(0, proofWidth({ whole: 3, bounded: 1 })))(
  'OpenAI answers 500 for %s: each learner is told once, and none of their messages dies within a day',
  async (_, ms, isOutlived) => {
    // The fewest retries that there can be: a day of them takes long.
    bot.setJitter(0.999)
    const learners = [await bot.learner(LANGUAGE), await bot.learner(LANGUAGE)]
    const paidSoFar = bot.countPaid()
    bot.openai.failAll('reply', SERVER_ERROR)
    for (const learner of learners) {
      sendRecorded(learner, 'shop')
      sendRecorded(learner, 'prague')
    }
    await bot.settled()
    await passWhile(ms)
    for (const learner of learners) {
      expect(sightsOf(learner).filter((sight) => sight.startsWith('failure.'))).toEqual(
        isOutlived
          ? ['failure.delayed']
          : // The second message waited behind the first for the whole day.
            ['failure.delayed', 'failure.dead', 'failure.dead'],
      )
    }
    bot.openai.recover()
    await outlast(bot)
    for (const learner of learners) {
      const states = (await bot.jobsOf(learner)).map(({ state }) => state)
      expect(states).toEqual(isOutlived ? ['done', 'done'] : ['dead', 'dead'])
      expect((await learner.ledger()).lessons).toHaveLength(isOutlived ? 2 : 0)
    }
    // What was heard is stored: each message is listened to once, the one that waited for a day, too, when its turn came.
    expect(paidSoFar().transcribe).toBe(4)
    expect(alerts()).toEqual(isOutlived ? [] : Array(4).fill('job_dead'))
    expect(await violatedInvariants(bot.db)).toEqual([])
  },
  LONG_MS,
)

test.each(OUTAGES.slice(0, proofWidth({ whole: 2, bounded: 1 })))(
  'Telegram is away for %s when a lesson is recorded: its answer comes afterwards, and it is paid once',
  async (_, ms) => {
    bot.setJitter(0.999)
    const learner = await bot.learner(LANGUAGE)
    const paidSoFar = bot.countPaid()
    const release = bot.hold('reply')
    sendRecorded(learner, 'food')
    await eventually(() => expect(sightsOf(learner)).toEqual(['verdict.heard']))
    const comesBack = goAway(learner, PAGE)
    release()
    await passWhile(ms, PAGE)
    expect((await learner.ledger()).lessons).toEqual([RECORDED.food.text])
    comesBack()
    await outlast(bot)
    expect(sightsOf(learner)).toEqual(['verdict.score', 'voice'])
    expect(await bot.jobsOf(learner)).toMatchObject([{ state: 'done', attempts: 1 }])
    expect(paidSoFar()).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    expect(alerts()).toEqual([])
  },
  LONG_MS,
)

test.each([
  ['sendMessage', '10 minutes', 10 * MINUTE_MS, ['voice']],
  ['sendVoice', '10 minutes', 10 * MINUTE_MS, ['verdict.score']],
  ['getFile', '3 hours', 3 * HOUR_MS, ['failure.delayed']],
  ['downloadFile', '3 hours', 3 * HOUR_MS, ['failure.delayed']],
  ['editMessageText', '3 hours', 3 * HOUR_MS, ['verdict.heard', 'voice', 'failure.delayed']],
] as const)(
  'Telegram’s %s alone is away for %s: the learner hears so where that lasts, and the lesson comes afterwards',
  async (method, _, ms, meanwhile) => {
    const learner = await bot.learner(LANGUAGE)
    const isMethod = (call: { method: string; payload: { chat_id?: unknown } }) =>
      call.method === method && (call.payload.chat_id === undefined || isOf(learner, call))
    const { cancel } = bot.telegram.failNext(isMethod, PAGE, 1_000_000)
    sendRecorded(learner, 'shop')
    await passWhile(ms)
    expect(sightsOf(learner)).toEqual(meanwhile)
    cancel()
    await outlast(bot)
    expect(new Set(sightsOf(learner))).toEqual(
      new Set([
        'verdict.score',
        'voice',
        ...meanwhile.filter((sight) => sight !== 'verdict.heard'),
      ]),
    )
    expect(await bot.jobsOf(learner)).toMatchObject([{ state: 'done', attempts: 1 }])
    expect((await learner.ledger()).lessons).toEqual([RECORDED.shop.text])
    expect(alerts()).toEqual([])
    expect(await violatedInvariants(bot.db)).toEqual([])
  },
)

test('Telegram’s answerCallbackQuery alone is away: each press has its effect, and none waits for the one before', async () => {
  bot.setJitter(0.999)
  const stranger = bot.stranger(LANGUAGE)
  stranger.says('/start')
  await bot.settled()
  const { cancel } = bot.telegram.failNext('answerCallbackQuery', PAGE, 1_000_000)
  const press = (data: string) => stranger.taps(stranger.seen().at(-1)?.id ?? 0, data)
  press(`native:${LANGUAGE}`)
  await bot.settled()
  press('level:advanced')
  await bot.settled()
  cancel()
  expect(sightsOf(stranger)).toEqual([
    'welcome.new',
    'native.chosen',
    'level.chosen',
    'welcome.ready',
  ])
  expect(await violatedInvariants(bot.db)).toEqual([])
})

/** Every call about a learner's chat fails until the returned function is called. */
function goAway(person: Person, fault: Fault): () => void {
  return bot.telegram.failNext((call) => isOf(person, call), fault, 1_000_000).cancel
}

function isOf({ chat }: Person, { payload }: { payload: { chat_id?: unknown } }): boolean {
  return String(payload.chat_id) === String(chat.id)
}

/** Lets so much time pass, due time by due time, as where sweeps go on meanwhile. */
async function passWhile(ms: number, fault?: Fault): Promise<void> {
  const sleepCount = bot.sleeps.length
  // A call that hangs ends at its deadline.
  const timer = setInterval(() => {
    if (fault?.kind === 'hang') deadlines.pass(STAGE_DEADLINES_MS.telegramCall)
  }, 5)
  let passedMs = 0
  const elapsedMs = () =>
    passedMs + bot.sleeps.slice(sleepCount).reduce((sum, sleepMs) => sum + sleepMs, 0)
  while (elapsedMs() < ms) {
    await bot.settled()
    const dueMs = (await dueInMs(bot.db)) ?? ms
    const nextMs = Math.min(Math.max(dueMs, 1), ms - elapsedMs(), TIMINGS.outageWaitMaxMs)
    if (nextMs <= 0) break
    passedMs += nextMs
    await passTime(bot.db, nextMs)
    await bot.deps.sweep()
  }
  await bot.settled()
  clearInterval(timer)
}

/** The events that an operator is alerted to. */
function alerts(): string[] {
  return lines.map((line) => JSON.parse(line)).flatMap(({ alert, event }) => (alert ? [event] : []))
}
