import type { Answer } from './answer.ts'
import { type Problem, problem } from './problem.ts'
import { bearerOf, isSecret } from './secret.ts'

export type SweepDeps = {
  config: { cronSecret: string | undefined }
  sweep(): Promise<number>
  prune(): Promise<number>
}

/** A round deletes up to a thousand rows. */
const MAX_ROUNDS = 50

/** `GET /api/cron/sweep`: runs the jobs that are due and deletes the rows that have expired. */
export async function sweepNow(request: Request, deps: SweepDeps): Promise<Answer | Problem> {
  if (!isSecret(bearerOf(request), deps.config.cronSecret)) {
    return problem('unauthorized', { detail: 'The cron secret is missing or wrong.' })
  }
  const lanes = await deps.sweep()
  const deletedRows = await pruneAll(deps)
  return { kind: 'answer', body: { lanes, deleted: deletedRows } }
}

/** Deletes all expired rows, up to a limit: the scheduler may call once a day only. */
async function pruneAll({ prune }: SweepDeps): Promise<number> {
  let deletedRows = 0
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const rows = await prune()
    if (rows === 0) return deletedRows
    deletedRows += rows
  }
  return deletedRows
}
