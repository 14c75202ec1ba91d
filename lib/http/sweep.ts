import type { Asked } from './answering.ts'
import { problem } from './problem.ts'
import { bearerOf, isSecret } from './secret.ts'

export type SweepDeps = {
  config: { cronSecret: string | undefined }
  sweep(): Promise<number>
  prune(): Promise<number>
}

/** Takes up what is due and deletes what has outlived its use, for a scheduler. */
export async function sweepNow(
  request: Request,
  deps: SweepDeps,
  { requestId }: Asked,
): Promise<Response> {
  if (!isSecret(bearerOf(request), deps.config.cronSecret)) {
    return problem('unauthorized', requestId, { detail: 'The cron secret is missing or wrong.' })
  }
  const lanes = await deps.sweep()
  const deleted = await deps.prune()
  return Response.json({ lanes, deleted })
}
