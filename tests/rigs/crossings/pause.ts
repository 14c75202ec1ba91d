import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Part } from '../part.ts'
import { atCrossings, type Selection, scenariosWith } from './every-crossing.ts'
import type { Stopping } from './takeover.ts'
import type { Victim } from './takeover-pair.ts'
import { jobStateOf } from './takeover-state.ts'
import { errorsIn, until } from './takeover-watch.ts'

/** Pauses a process until the survivor has ended the job: then the old run must notice that it lost its lease. */
export const PAUSED_FOR_LONG: Stopping = {
  name: 'paused',
  signal: 'SIGSTOP',
  async findProblems(victim, stateAtStop) {
    const problems = await goOn(victim)
    const hadTheJob = stateAtStop?.state === 'waiting' && stateAtStop.attempts > 0
    const hasNoticed = victim.output().includes('"event":"lease_lost"')
    if (hadTheJob && !hasNoticed)
      problems.push('the old run has not noticed that it lost its lease')
    return problems
  },
}

/** Pauses a process past its lease while no other takes the job: the run goes on as if nothing had happened. */
const PAUSED_SHORTLY: Stopping = {
  name: 'paused, not taken over',
  signal: 'SIGSTOP',
  async beforeWake(db, victim, key) {
    await until(() => hasLapsed(db, key))
    victim.signal('SIGCONT')
    await until(async () => (await jobStateOf(db, key))?.state === 'done')
  },
  findProblems: async (victim, stateAtStop) => [
    ...(await goOn(victim)),
    ...(stateAtStop?.state === 'done' && stateAtStop.attempts === 1
      ? []
      : ['it did not end by itself']),
  ],
}

/** Pauses a process at every step, and once in the middle without a takeover. */
export const PAUSE: Part = {
  name: 'pause',
  about: 'the same by SIGSTOP; SIGCONT when the other instance has ended the job',
  run: (options) => atCrossings(select, { ...options, scenarios: scenariosWith(options.only) }),
}

const select: Selection = (crossings) => [
  ...crossings.map((crossing) => ({ crossing, stopping: PAUSED_FOR_LONG })),
  ...crossings
    .filter((_, index) => index === Math.floor(crossings.length / 2))
    .map((crossing) => ({ crossing, stopping: PAUSED_SHORTLY })),
]

/** Resumes a paused process and ends it by SIGTERM, so that all of its work is finished. */
async function goOn(victim: Victim): Promise<string[]> {
  victim.signal('SIGCONT')
  const { code, stdout } = await victim.end('SIGTERM')
  return [
    ...(code === 0 ? [] : [`the old run ended with ${code}`]),
    ...errorsIn(stdout)
      // Its connections are as old as its sleep; the next sweep has new ones.
      .filter((error) => !error.startsWith('sweep_failed'))
      .map((error) => `the old run has logged an error: ${error}`),
  ]
}

async function hasLapsed(db: Kysely<Tables>, key: string): Promise<boolean> {
  const { rows } = await sql`
    select from inbox where key = ${key} and lease_until > now()`.execute(db)
  return rows.length === 0
}
