import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import { loadAverages } from '../load-averages.ts'
import { warmUpSpeech } from '../provider-times.ts'
import { openWorld, type World } from '../world.ts'
import { accountOf } from './account.ts'
import { watchStatements } from './busy-statements.ts'
import { type Crowd, gatherCrowd } from './crowd.ts'
import { type Fleet, openFleet } from './fleet.ts'
import type { Loaded, LoadOptions } from './part.ts'
import { tableOf } from './report.ts'
import { watchUsage } from './usage.ts'

/** How learners and instances meet. */
export type Scenario = {
  name: string
  instances: number
  /** Sends the crowd's voice notes. */
  send(crowd: Crowd, fleet: Fleet): Promise<void>
  /** Processes are killed in it: what was in flight may have happened twice, if that was counted. */
  isDisturbed: boolean
}

/** Without any job ended for so long, what still waits is lost. */
const STANDSTILL_MS = 90_000
const LOOK_EVERY_MS = 200

/** Plays a scenario to its end, prints what it took, and accounts for everything that was sent. */
export async function playScenario(
  { name, instances, send, isDisturbed }: Scenario,
  { chats, latency, leaseSeconds, slots, write }: LoadOptions,
): Promise<Loaded> {
  write(`\n${name}: ${chats} chats, ${instances} ${instances === 1 ? 'instance' : 'instances'}`)
  const env = {
    LEASE_SECONDS: String(leaseSeconds),
    LOG_LEVEL: 'info',
    ...(slots !== undefined && { LESSON_SLOTS: String(slots) }),
  }
  await warmUpSpeech((await recordings()).map(({ text }) => text))
  const world = await openWorld({ latency, env, waitsForDisk: true })
  try {
    const fleet = await openFleet(world, instances)
    const crowd = await gatherCrowd(world, chats)
    const usage = watchUsage(world.db, () => fleet.instances)
    const statements = watchStatements(world.db)
    await send(crowd, fleet)
    await awaitQuiet(world)
    const busyStatements = statements.stop()
    const [account, usageTotals] = [
      await accountOf(world, crowd, { isDisturbed }),
      await usage.stop(),
    ]
    const transactions = usageTotals.transactions - busyStatements.looks
    const ownUsage = { ...usageTotals, transactions }
    for (const line of tableOf(world.telegram.attempts, account, ownUsage)) write(line)
    for (const line of ['', ...busyStatements.table]) write(line)
    write(`load average ${loadAverages()}`)
    await fleet.stop()
    return {
      totals: account.totals,
      violations: account.violations.map((violation) => `${name}: ${violation}`),
    }
  } finally {
    await world.close()
  }
}

/** All of the crowd send one note, and then all send the next, without waiting for anything. */
export function sendAtOnce(crowd: Crowd, notesEach: number): void {
  for (let count = 0; count < notesEach; count += 1) {
    for (const chatId of crowd.chatIds) crowd.sends(chatId)
  }
}

/** One after another of the crowd sends a note, so far apart, until the work is over. */
export async function sendUntil(
  work: Promise<unknown>,
  crowd: Crowd,
  gapMs: number,
): Promise<void> {
  let isOver = false
  const ending = work.finally(() => {
    isOver = true
  })
  // `await over` below throws the failure; without this it would count as unhandled until then.
  ending.catch(() => {})
  for (let at = 0; !isOver; at += 1) {
    const chatId = crowd.chatIds[at % crowd.chatIds.length]
    if (chatId !== undefined) crowd.sends(chatId)
    await delay(gapMs)
  }
  await ending
}

/** Resolves when every update is stored and no job waits, or when nothing moves any more. */
async function awaitQuiet({ telegram, db }: World): Promise<void> {
  let before = ''
  let movedAt = performance.now()
  for (;;) {
    const { waiting: waitingJobs, endedJobs } = await countsOf(db)
    const pendingUpdates = telegram.pendingCount()
    if (pendingUpdates === 0 && waitingJobs === 0) return
    const now = `${pendingUpdates} ${endedJobs}`
    if (now !== before) movedAt = performance.now()
    else if (performance.now() - movedAt > STANDSTILL_MS) return
    before = now
    await delay(LOOK_EVERY_MS)
  }
}

export async function countsOf(
  db: Kysely<Tables>,
): Promise<{ waiting: number; endedJobs: number }> {
  const { rows } = await sql<{ waiting: number; endedJobs: number }>`
    select count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state <> 'waiting') as "endedJobs"
    from inbox`.execute(db)
  return rows[0] ?? { waiting: 0, endedJobs: 0 }
}
