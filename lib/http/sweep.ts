import type { Answer } from './answer.ts'
import { type Problem, problem } from './problem.ts'
import { bearerOf, isSecret } from './secret.ts'

export type SweepDeps = {
  config: { cronSecret: string | undefined }
  sweep(): Promise<number>
  prune(): Promise<number>
}

/** Of a thousand rows each. */
const MAX_ROUNDS = 50

/** Takes up what is due and deletes what has outlived its use, for a scheduler. */
export async function sweepNow(request: Request, deps: SweepDeps): Promise<Answer | Problem> {
  if (!isSecret(bearerOf(request), deps.config.cronSecret)) {
    return problem('unauthorized', { detail: 'The cron secret is missing or wrong.' })
  }
  const lanes = await deps.sweep()
  const deleted = await pruneAll(deps)
  return { kind: 'answer', body: { lanes, deleted } }
}

/** Once a day may be all the scheduler gives: as many rows as there are, within bounds. */
async function pruneAll({ prune }: SweepDeps): Promise<number> {
  let deleted = 0
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const rows = await prune()
    if (rows === 0) return deleted
    deleted += rows
  }
  return deleted
}
