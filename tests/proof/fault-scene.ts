import { sql } from 'kysely'
import { expect } from 'vitest'
import { STAGE_DEADLINES_MS } from '../../lib/app/jobs/timings.ts'
import { textMessage } from '../../lib/bot/text-message.ts'
import { passTime } from '../support/jobs.ts'
import { eventually, type Person, type WholeBot } from '../support/whole-bot.ts'
import { act, preparePerson } from './fault-acts.ts'
import type { FaultRow, Trouble } from './fault-row.ts'
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
  const person = await preparePerson(bot, row)
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
  const lateWaits = await outlast(bot)
  for (const cancel of cancels) cancel()
  return { person, since, waits: [...bot.sleeps.slice(since.sleeps), ...lateWaits] }
}

/** Arranges a trouble; the returned function cancels the rest of it. */
function arrange({ telegram, openai }: WholeBot, { me }: Person, trouble: Trouble): () => void {
  const { times = 1 } = trouble
  if ('openai' in trouble) {
    openai.failNext(trouble.openai, trouble.fault, times)
    return openai.recover
  }
  const { telegram: faultyMethod, textKey, fault } = trouble
  const html = textKey && textMessage(LANGUAGE, textKey)
  return telegram.failNext(
    ({ method, payload }) => {
      const isHere = String(payload.chat_id) === String(me.chat.id)
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

/** Lets time pass, due time by due time, until no job waits; the waits in milliseconds. */
export async function outlast(bot: WholeBot): Promise<number[]> {
  const waits: number[] = []
  for (;;) {
    await bot.settled()
    // Of each lane the first job: those behind it wait for it.
    const { rows } = await sql<{ ms: number | null }>`
      select (extract(epoch from min(due_at) - now()) * 1000)::float8 as ms
      from (
        select distinct on (lane) due_at from inbox where state = 'waiting' order by lane, id
      ) as heads`.execute(bot.db)
    const ms = rows[0]?.ms ?? null
    if (ms === null) return waits
    if (waits.length === MAX_WAITS) expect.fail('A job waits for ever.')
    waits.push(ms)
    if (ms > 0) await passTime(bot.db, ms)
    await bot.deps.sweep()
  }
}
