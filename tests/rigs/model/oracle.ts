import { violatedInvariants } from '../invariants.ts'
import { gatherEvidence } from './evidence.ts'
import type { Fact } from './fact.ts'
import { API_FACTS, isOpen } from './facts-api.ts'
import { JOB_FACTS } from './facts-jobs.ts'
import { PAYMENT_FACTS } from './facts-payment.ts'
import { PROGRESS_FACTS } from './facts-progress.ts'
import { RETAKE_FACTS } from './facts-retakes.ts'
import type { Run } from './run.ts'

/** The promise. A new feature's facts are rows here, those of its tables in invariants.ts. */
const FACTS: readonly Fact[] = [
  ...JOB_FACTS,
  ...PAYMENT_FACTS,
  ...PROGRESS_FACTS,
  ...RETAKE_FACTS,
  ...API_FACTS,
]

/** Longer than a lease and than the wait for a provider to have quota again. */
const ROUND_MS = 6 * 60_000
const MAX_ROUNDS = 60

/**
 * Ends all faults and lets the product finish its jobs: leases lapse, waiting jobs fall due, clients of the API ask
 * again.
 */
export async function settle(run: Run): Promise<void> {
  // Faults that are still arranged may happen first.
  await run.quiet()
  run.disarm()
  run.recover()
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    await run.quiet()
    await Promise.all(run.apiRequests.filter(isOpen).map((apiRequest) => apiRequest.ask()))
    await run.quiet()
    const waitingJobs = await run.world.db
      .selectFrom('inbox')
      .select('id')
      .where('state', '=', 'waiting')
      .execute()
    if (waitingJobs.length === 0 && !run.apiRequests.some(isOpen)) return
    await run.world.clock.pass(ROUND_MS)
    if (run.living().length === 0) await run.startInstance()
    await run.living()[0]?.sweep()
  }
}

/** The violations of a run that has settled; adds up its figures. */
export async function judge(run: Run): Promise<string[]> {
  const evidence = await gatherEvidence(run)
  const violations = [
    ...FACTS.flatMap(({ fact, violations }) =>
      violations(evidence).map((violation) => `not so: ${fact}: ${violation}`),
    ),
    ...(await violatedInvariants(run.world.db)),
  ]
  const { count } = run
  const { jobs, lessons, requests, calls } = evidence
  count.runs += 1
  count.lessons += lessons.length
  count.retakes += lessons.filter(({ retake_job_id }) => retake_job_id !== null).length
  count.withdrawals += lessons.filter(({ withdrawn_at }) => withdrawn_at !== null).length
  count.erased += jobs.filter(({ isErased }) => isErased).length
  count.dead += jobs.filter(
    ({ state, source }) => state === 'dead' && source.startsWith('tg:'),
  ).length
  count.repeats += jobs.reduce((sum, job) => sum + job.duplicatesPossible, 0)
  count.faults += requests.filter(({ fault }) => fault !== undefined).length
  count.faults += calls.filter(({ fault }) => fault !== null).length
  const jobsOfDeliveries = run.deliveries.map((delivery) => evidence.jobsOf(delivery))
  count.lostJobs += jobsOfDeliveries.filter(
    ([job]) => job === undefined || !['done', 'dead', 'left'].includes(job.state),
  ).length
  count.doubledJobs += jobsOfDeliveries.filter((jobsOfDelivery) => jobsOfDelivery.length > 1).length
  count.doubledJobs += lessons.length - new Set(lessons.map(({ job_id }) => job_id)).size
  return violations
}
