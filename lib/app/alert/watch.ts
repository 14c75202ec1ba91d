import type { AlertFinding } from '../../domain/alert/alert.ts'
import { hasCode } from '../error.ts'
import type { Wake } from '../jobs/inbox.ts'
import type { Log } from '../ports.ts'
import type { Alerts, Look } from './alerts.ts'
import { databaseFindings, type EndingModel, modelFinding, webhookFinding } from './findings.ts'

export type WatchDeps = {
  alerts: Alerts
  config: { dailyBudgetUsd: number | undefined }
  /** What Telegram says of our webhook: `ok...`, or what is wrong; throws where it does not answer. */
  webhookJudgement(): Promise<string>
  /** The models in use whose shutdown is announced; throws where a provider does not answer. */
  endingModels(): Promise<EndingModel[]>
  wake: Wake
  log: Log
}

/**
 * Looks whether an operator has to be told of something, and tells it, where no other instance has looked within the minute.
 * Throws 'database-unavailable': then nothing can be told, and the sweep's own log line says so.
 */
export async function watch(deps: WatchDeps): Promise<void> {
  const looks = await deps.alerts.takeTurn()
  if (looks.length === 0) return
  const findings = await Promise.all(looks.map((look) => findingsOf(deps, look)))
  const lanes = await deps.alerts.tell(findings.flat())
  for (const lane of lanes) deps.wake(lane, 'background')
}

async function findingsOf(deps: WatchDeps, look: Look): Promise<AlertFinding[]> {
  try {
    switch (look) {
      case 'database':
        return databaseFindings(await deps.alerts.figures(), deps.config)
      case 'webhook':
        return [webhookFinding(await deps.webhookJudgement())]
      case 'models':
        return [modelFinding(await deps.endingModels())]
    }
  } catch (error) {
    // What cannot be looked at stays as it was told last; the other looks go on.
    if (hasCode(error, 'database-unavailable')) throw error
    deps.log.warn('alert_look_failed', { look, error })
    return []
  }
}
