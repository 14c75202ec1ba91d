import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { Vendor } from '../../app/lesson/vendor-trait.ts'
import type { Log, Random, Sleep } from '../../app/ports.ts'
import type { PaidWork, Stage } from '../../app/usage.ts'
import type { Endpoint } from './client.ts'
import { loadClient } from './paid-call.ts'
import { retrying } from './retry.ts'
import { type VendorTraits, vendorOf } from './vendor-traits.ts'

/** What the calls of a stage are made of. */
export type StageOptions = {
  endpoint: Endpoint
  model: string
  traits: VendorTraits
  log: Log
  sleep: Sleep
  random: Random
}

/** Calls a stage's provider as `retrying` does, under the deadline of the stage. */
export function retryingStage<T>(
  stage: Stage,
  { log, sleep, random }: Pick<StageOptions, 'log' | 'sleep' | 'random'>,
  { signal, ...work }: PaidWork,
  call: (work: PaidWork) => Promise<T>,
): Promise<T> {
  const deadlineMs = STAGE_DEADLINES_MS[stage]
  return retrying(
    { stage, deadlineMs, signal, log, sleep, random, measures: work.measures },
    (callSignal) => call({ ...work, signal: callSignal }),
  )
}

/** The vendor of a stage, once its traits and its client are loaded. */
export async function loadVendor(
  stage: Stage,
  { endpoint, model, traits }: Pick<StageOptions, 'endpoint' | 'model' | 'traits'>,
): Promise<Vendor> {
  const vendor = vendorOf(stage, endpoint, model)
  // Both take time at a cold start, and neither waits for the other.
  await Promise.all([loadClient(endpoint), traits.of(vendor)])
  return vendor
}
