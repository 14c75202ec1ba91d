import { sql } from 'kysely'
import { expect } from 'vitest'
import { STAGE_DEADLINES_MS } from '../../lib/app/jobs/timings.ts'
import { textMessage } from '../../lib/bot/text-message.ts'
import { passTime } from '../support/jobs.ts'
import { eventually, type Person, type WholeBot } from '../support/whole-bot.ts'
import { act, someoneFor } from './fault-acts.ts'
import type { FaultRow, Trouble } from './fault-row.ts'
import type { Deadlines } from './held-deadlines.ts'
import { LANGUAGE, sightsOf } from './sights.ts'

/** A day of waiting for quota has 288. */
const MAX_WAITS = 400

/** A row as it was played: who met the trouble, since when, and which waits were kept, in milliseconds. */
export type Played = { person: Person; since: Since; waits: number[] }

/** How much there was of everything before the row. */
export type Since = { calls: number; requests: number; sleeps: number; lines: number }

/** Lets a learner meet a row's trouble, and time pass until nothing waits any more. */
export async function play(
  bot: WholeBot,
  row: FaultRow,
  deadlines: Deadlines,
  lines: readonly string[],
): Promise<Played> {
  const person = await someoneFor(bot, row)
  const since = {
    calls: bot.telegram.calls.length,
    requests: bot.openai.requests.length,
    sleeps: bot.sleeps.length,
    lines: lines.length,
  }
  const arranged = row.troubles.map((trouble) => arrange(bot, person, trouble))
  const { holding } = row
  const release = holding === undefined ? () => {} : bot.hold(holding.stage)
  act(person, row)
  for (const trouble of row.troubles) {
    await passDeadlines(bot, { person, since, row, trouble, deadlines })
  }
  if (holding !== undefined && holding.until !== 'the deadline has passed') {
    await eventually(() => expect(sightsOf(person)).toContain(holding.until))
  }
  release()
  const late = await outlast(bot)
  for (const cancel of arranged) cancel()
  return { person, since, waits: [...bot.sleeps.slice(since.sleeps), ...late] }
}

/** Arranges a trouble; the returned function ends what is left of it. */
function arrange({ telegram, openai }: WholeBot, { me }: Person, trouble: Trouble): () => void {
  const { times = 1 } = trouble
  if ('openai' in trouble) {
    openai.failNext(trouble.openai, trouble.fault, times)
    return openai.recover
  }
  const { telegram: wanted, saying, fault } = trouble
  const html = saying && textMessage(LANGUAGE, saying)
  return telegram.failNext(
    ({ method, payload }) => {
      const isHere = String(payload.chat_id) === String(me.chat.id)
      if (wanted === 'any') return isHere
      if (method !== wanted || (html !== undefined && payload.text !== html)) return false
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
  const met = () => {
    if ('openai' in trouble) {
      const asked = openai.requests.slice(since.requests)
      return asked.filter((request) => request.fault === fault.kind).length
    }
    return telegram.calls.slice(since.calls).filter((call) => call.fault === fault).length
  }
  const isAlone = () =>
    telegram.calls.every((call) => call.end !== 'under-way' || call.fault?.kind === 'hang')

  for (let time = 1; time <= times; time += 1) {
    await eventually(() => {
      expect(met()).toBe(time)
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
