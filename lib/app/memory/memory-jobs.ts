import { dayAt } from '../../domain/learner/calendar.ts'
import { FACTS_ESTIMATE_MICRO_USD } from '../../domain/lesson/prices.ts'
import { isThrifty } from '../../domain/lesson/thrift.ts'
import { factChanges, type Proposal } from '../../domain/memory/facts.ts'
import { recover } from '../error.ts'
import type { JobHandler } from '../jobs/handler.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Quota, ReservationBeside } from '../lesson/quota.ts'
import type { Log, Now } from '../ports.ts'
import { type PaidWork, paidWork } from '../usage.ts'
import type { FactFinder } from './fact-finder.ts'
import type { Finding, Memory, Notebook } from './memory.ts'

export type MemoryJobDeps = {
  memory: Memory
  quota: Quota
  factFinder: FactFinder
  now: Now
  log: Log
}

/** How many lessons one job looks at: after an outage the oldest are passed over. */
const MAX_LESSONS = 20

type Outcome =
  | { kind: 'kept'; added: number; removed: number }
  /** The learner has deleted something meanwhile, or an earlier run has kept it. */
  | { kind: 'superseded' }
  | { kind: 'nothing-new' }
  /** The day saves what is left of its budget. */
  | { kind: 'thrifty-day' }
  | Exclude<ReservationBeside, { kind: 'reserved' }>

/** Looks for facts in a learner's newest lessons. Failures are told to nobody: the next job looks at the same lessons. */
export function memoryJobs(deps: MemoryJobDeps): JobHandler {
  return {
    async run(run) {
      const { kind, ...counts } = await remember(deps, run)
      deps.log.info('memory_looked', { job_id: run.job.id, outcome: kind, ...counts })
    },
    onParked: async () => {},
    onDelayed: async () => {},
    onDead: async () => {},
    onSurplus: async () => {},
  }
}

async function remember(deps: MemoryJobDeps, run: JobRun): Promise<Outcome> {
  const learnerId = learnerIdOf(run)
  const notebook = await deps.memory.notebookOf(learnerId, MAX_LESSONS)
  if (notebook === undefined) return { kind: 'nothing-new' }
  const reservation = await deps.quota.reserveBeside(run.job, {
    learnerId,
    day: dayAt(notebook.learner, deps.now()),
    kind: 'memory',
    stages: ['reply'],
    estimateMicroUsd: FACTS_ESTIMATE_MICRO_USD,
  })
  if (reservation.kind !== 'reserved') return reservation
  // The next lesson brings another job, which looks at these lessons, too.
  if (isThrifty(reservation.thrift)) return { kind: 'thrifty-day' }

  // The changes hold only for the lessons and facts that they were found in, so the step stores the bounds of these, too.
  const finding = await run.once('remember', async (charge): Promise<Finding> => {
    const proposal = await propose(deps, notebook, paidWork(run, charge))
    const { facts, exchanges, learner, after, upto } = notebook
    const changes = factChanges(facts, exchanges, proposal, learner.nativeLanguage)
    return { ...changes, after, upto, jobIds: exchanges.map(({ jobId }) => jobId) }
  })
  await run.settled()
  const isKept = await deps.memory.keep(run.job, learnerId, finding)
  if (!isKept) return { kind: 'superseded' }
  return { kind: 'kept', added: finding.added.length, removed: finding.removedIds.length }
}

/** What the model proposes; nothing where it declines or its answers are unusable: later lessons may bring better ones. */
function propose(
  { factFinder }: MemoryJobDeps,
  notebook: Notebook,
  work: PaidWork,
): Promise<Proposal> {
  return recover(
    factFinder.find(notebook, work),
    ['provider-refused', 'provider-unusable'],
    () => ({ facts: [], outdated: [] }),
  )
}

/** The learner of a memory job, by its lane: the job has no payload. */
function learnerIdOf({ job }: JobRun): number {
  return Number(job.lane.replace(/^.*:/, ''))
}
