import type { Kysely } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { OpenaiStandIn } from '../../../scripts/studio/openai/stand-in.ts'
import { countCharges } from '../paid-calls.ts'
import type { Sender } from './scenario-senders.ts'
import type { Scenario } from './scenario-steps.ts'
import { type Cost, judge } from './takeover-oracle.ts'
import { type Pair, SURVIVOR, type Victim } from './takeover-pair.ts'
import { holdingOf, type JobState, jobStateOf } from './takeover-state.ts'
import {
  countCallsFrom,
  countPaidFrom,
  isIdle,
  until,
  untilQuiet,
  untilStill,
  untilStopped,
} from './takeover-watch.ts'

/** How a process is stopped, and what is checked of it when the survivor has ended its job. */
export type Stopping = {
  /** Its name in the table. */
  name: string
  signal: 'SIGKILL' | 'SIGSTOP'
  /** Acts before the survivor wakes. */
  beforeWake?(db: Kysely<Tables>, victim: Victim, key: string): Promise<void>
  /** The faults of the stopped process in the end. */
  findProblems(victim: Victim, stateAtStop: JobState | undefined): Promise<string[]>
}

export type Takeover =
  | { kind: 'not-reached' }
  | ({ kind: 'taken-over'; recoveryMs: number; violations: string[] } & Cost)

/**
 * Runs a scenario on a process that stops at a crossing, and lets the survivor complete it.
 *
 * The survivor is paused until the stop, so that its calls are counted apart from the victim's.
 */
export async function takeOver(
  pair: Pair,
  { scenario, crossing, stopping }: { scenario: Scenario; crossing: string; stopping: Stopping },
  victim: Victim,
  onStopped: () => void,
): Promise<Takeover> {
  const { db } = pair.world
  const id = pair.nextId()
  const sender = await scenario.prepare(pair, id)
  await until(() => isIdle(db))
  const ofVictim = countFrom(pair.victimsProvider)
  const ofSurvivor = countFrom(pair.world.openai)
  const chargesBefore = await countCharges(db)

  await untilQuiet(db, SURVIVOR, 'SIGSTOP')
  pair.survivor.signal('SIGSTOP')
  const key = sender.send(victim)
  const stop = await stopAt(crossing, stopping, db, victim, key)
  onStopped()
  const recoveryMs = await completeBySurvivor(pair, sender, key)
  const victimCalls = ofVictim.calls()
  const problems = stop.isReached ? await stopping.findProblems(victim, stop.stateAtStop) : []
  await until(() => isIdle(db))
  if (!stop.isReached) return { kind: 'not-reached' }

  const { violations, ...cost } = await judge(db, scenario, {
    stateAtStop: stop.stateAtStop,
    stateAtEnd: await jobStateOf(db, key),
    victimCalls,
    lateVictimCalls: ofVictim.calls(),
    crossings: stop.crossings,
    survivorCalls: ofSurvivor.calls(),
    bill: {
      before: chargesBefore,
      after: await countCharges(db),
      victimPaid: ofVictim.paid(),
      survivorPaid: ofSurvivor.paid(),
    },
    sender,
    holding: await holdingOf(db, id),
  })
  return { kind: 'taken-over', recoveryMs, violations: [...problems, ...violations], ...cost }
}

/** What a provider is asked for from now on, and how much of it is paid for. */
function countFrom(provider: OpenaiStandIn) {
  return { calls: countCallsFrom(provider), paid: countPaidFrom(provider) }
}

type Stop = {
  /** False where the victim's job ended without the crossing. */
  isReached: boolean
  stateAtStop: JobState | undefined
  crossings: string[]
}

/** Waits until the victim is stopped at the crossing, and nothing of it is under way any more. */
async function stopAt(
  crossing: string,
  { signal, beforeWake }: Stopping,
  db: Kysely<Tables>,
  victim: Victim,
  key: string,
): Promise<Stop> {
  const isReached = await untilStopped(db, victim, key, crossing)
  if (!isReached) await victim.end('SIGKILL')
  if (isReached && signal === 'SIGKILL') await victim.exit
  await untilQuiet(db, victim.connections, signal)
  if (isReached) await beforeWake?.(db, victim, key)
  return {
    isReached,
    stateAtStop: await jobStateOf(db, key),
    crossings: victim.crossings(),
  }
}

/** Wakes the survivor, and waits until it has ended the job; how long that took. */
async function completeBySurvivor(
  { world: { db }, survivor }: Pair,
  sender: Sender,
  key: string,
): Promise<number> {
  const stoppedAt = performance.now()
  survivor.signal('SIGCONT')
  const repetition = sender.repeat(survivor)
  await until(async () => (await jobStateOf(db, key))?.state === 'done')
  const recoveryMs = Math.round(performance.now() - stoppedAt)
  await repetition
  return recoveryMs
}

/** The crossings that a scenario crosses when nothing stops it. */
export async function crossingsOf(pair: Pair, scenario: Scenario): Promise<string[]> {
  const { db } = pair.world
  const sender = await scenario.prepare(pair, pair.nextId())
  await until(() => isIdle(db))
  const victim = await pair.startVictim(scenario)
  pair.survivor.signal('SIGSTOP')
  const key = sender.send(victim)
  const isEnded = async () => (await jobStateOf(db, key))?.state === 'done'
  if (!(await until(isEnded))) {
    throw new Error(`${scenario.name}: does not end, even where nothing stops it`)
  }
  await untilStill(victim)
  await victim.end('SIGTERM')
  pair.survivor.signal('SIGCONT')
  const crossings = victim.crossings()
  const missingUses = Object.values(scenario.pays).filter((use) => !crossings.includes(use))
  if (missingUses.length > 0)
    throw new Error(`${scenario.name}: never crosses ${missingUses.join(', ')}`)
  if (!victim.hasSwept()) throw new Error('No sweep was seen: does it have another name now?')
  return crossings
}
