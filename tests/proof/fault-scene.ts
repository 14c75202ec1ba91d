import { sql } from 'kysely'
import { expect } from 'vitest'
import { STAGE_DEADLINES_MS, TIMINGS } from '../../lib/app/jobs/timings.ts'
import { textMessage } from '../../lib/bot/text-message.ts'
import { passTime } from '../support/jobs.ts'
import { eventually, type Person, type WholeBot } from '../support/whole-bot.ts'
import { act, preparePerson } from './fault-acts.ts'
import { A_DAY, type FaultRow, type Trouble } from './fault-row.ts'
import type { Deadlines } from './held-deadlines.ts'
import { LANGUAGE, sightsOf } from './sights.ts'

/** A day of waiting for quota has 288. */
const MAX_WAITS = 400

/** A row as it was played: the learner, the counts before it, and the waits that were kept, in milliseconds. */
export type Play = { person: Person; since: Since; waits: number[] }

/** How many calls, requests, sleeps and lines there were before the row. */
export type Since = { calls: number; requests: number; sleeps: number; lines: number }

/** Lets a learner meet a row's trouble, and time pass until nothing waits any more. */
export async function play(
  bot: WholeBot,
  row: FaultRow,
  deadlines: Deadlines,
  lines: readonly string[],
): Promise<Play> {
  // The row before may have parked a stage for an operator: that is over.
  await sql`delete from breaker`.execute(bot.db)
  const person = await preparePerson(bot, row)
  // With jitter the first waits of an outage are soon longer than a drain, so that the day passes at once.
  bot.setJitter(row.troubles.some(({ times }) => times === A_DAY) ? 0.999 : 0)
  const since = {
    calls: bot.telegram.calls.length,
    requests: bot.openai.requests.length,
    sleeps: bot.sleeps.length,
    lines: lines.length,
  }
  const cancels = row.troubles.map((trouble) => arrange(bot, person, trouble))
  const { hold } = row
  const release = hold === undefined ? () => {} : bot.hold(hold.stage)
  act(person, row)
  for (const trouble of row.troubles) {
    await passDeadlines(bot, { person, since, row, trouble, deadlines })
  }
  if (hold !== undefined && hold.until !== 'the deadline has passed') {
    await eventually(() => expect(sightsOf(person)).toContain(hold.until))
  }
  release()
  if (row.troubles.some(({ times }) => times === A_DAY)) await passDay(bot)
  const lateWaits = await outlast(bot)
  for (const cancel of cancels) cancel()
  return { person, since, waits: [...bot.sleeps.slice(since.sleeps), ...lateWaits] }
}

/** Arranges a trouble; the returned function cancels the rest of it. */
function arrange({ telegram, openai }: WholeBot, { chat }: Person, trouble: Trouble): () => void {
  const { times = 1 } = trouble
  if ('openai' in trouble) {
    openai.failNext(trouble.openai, trouble.fault, times)
    return openai.recover
  }
  const { telegram: faultyMethod, textKey, fault } = trouble
  const html = textKey && textMessage(LANGUAGE, textKey)
  return telegram.failNext(
    ({ method, payload }) => {
      const isHere = String(payload.chat_id) === String(chat.id)
      if (faultyMethod === 'any') return isHere
      if (method !== faultyMethod || (html !== undefined && payload.text !== html)) return false
      // Files and presses belong to no chat.
      return isHere || payload.chat_id === undefined
    },
    fault,
    times,
  ).cancel
}

/** Waits until each call that hangs is all that is left to wait for, then lets its deadline pass. */
async function passDeadlines(
  { openai, telegram }: WholeBot,
  scene: {
    person: Person
    since: Since
    row: FaultRow
    trouble: Trouble
    deadlines: Deadlines
  },
): Promise<void> {
  const { person, since, row, trouble, deadlines } = scene
  const { fault, times = 1 } = trouble
  if (fault.kind !== 'hang' && !('end' in fault && fault.end === 'hang')) return
  const ms = STAGE_DEADLINES_MS['openai' in trouble ? trouble.openai : 'telegramCall']
  const countFaults = () => {
    if ('openai' in trouble) {
      const requests = openai.requests.slice(since.requests)
      return requests.filter((request) => request.fault === fault.kind).length
    }
    return telegram.calls.slice(since.calls).filter((call) => call.fault === fault).length
  }
  const isAlone = () =>
    telegram.calls.every((call) => call.end !== 'under-way' || call.fault?.kind === 'hang')

  for (let time = 1; time <= times; time += 1) {
    await eventually(() => {
      expect(countFaults()).toBe(time)
      expect(isAlone()).toBe(true)
      if (row.deadlineAfter !== undefined) expect(sightsOf(person)).toContain(row.deadlineAfter)
    })
    deadlines.pass(ms)
  }
}

/** Lets a day pass at once, after the retries that fit into the drain of the first run. */
async function passDay(bot: WholeBot): Promise<void> {
  await bot.settled()
  // The jobs keep their time of arrival, and so their day.
  bot.setClockAhead(TIMINGS.giveUpAfterMs + 60_000)
  await sql`update inbox set due_at = now() where state = 'waiting'`.execute(bot.db)
  await bot.deps.sweep()
  await bot.settled()
  bot.setClockAhead(0)
}

/** Lets time pass, due time by due time, until no job waits; the waits in milliseconds. */
export async function outlast(bot: WholeBot): Promise<number[]> {
  const waits: number[] = []
  for (;;) {
    await bot.settled()
    const ms = await dueInMs(bot.db)
    if (ms === null) return waits
    if (waits.length === MAX_WAITS) expect.fail('A job waits for ever.')
    waits.push(ms)
    if (ms > 0) await passTime(bot.db, ms)
    await bot.deps.sweep()
  }
}

/** Milliseconds until a job is due; null where none waits. Of each lane the first: those behind it wait for it. */
export async function dueInMs(db: WholeBot['db']): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from min(due_at) - now()) * 1000)::float8 as ms
    from (
      select distinct on (lane) due_at from inbox where state = 'waiting' order by lane, id
    ) as heads`.execute(db)
  return rows[0]?.ms ?? null
}
