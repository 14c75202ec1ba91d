import type { Metrics } from '../../app/metrics/metrics.ts'
import type { Answer } from '../answer.ts'
import { type Problem, problem } from '../problem.ts'
import { bearerOf, isSecret } from '../secret.ts'
import { familiesOf } from './families.ts'
import { OPENMETRICS, openMetrics } from './openmetrics.ts'

export type MetricsDeps = {
  config: { version: string; adminToken: string | undefined }
  /** Loaded with the first use: no other request reads them. */
  metrics(): Promise<Metrics>
}

/** `GET /metrics`: what the product has done and how it does, for Prometheus. All instances answer the same. */
export async function scrapeMetrics(
  request: Request,
  deps: MetricsDeps,
): Promise<Answer | Problem> {
  const { version, adminToken } = deps.config
  if (!isSecret(bearerOf(request), adminToken)) {
    return problem('unauthorized', { detail: 'The admin token is missing or wrong.' })
  }
  const metrics = await deps.metrics()
  const text = openMetrics(familiesOf(await metrics.read(), version))
  return { kind: 'answer', text, headers: { 'content-type': OPENMETRICS } }
}
