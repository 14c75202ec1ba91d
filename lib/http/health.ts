import { randomUUID } from 'node:crypto'
import { AppError } from '../app/error.ts'
import {
  type DatabaseHealth,
  type DatabaseRefusal,
  type InboxHealth,
  type NeighbourHealth,
  repairOf,
  STALLED_SECONDS,
} from '../app/health.ts'
import type { Log } from '../app/ports.ts'
import type { Answer } from './answer.ts'
import { responseTo } from './response.ts'
import { bearerOf, isSecret } from './secret.ts'

export type HealthDeps = {
  config: { version: string; environment: string; adminToken: string | undefined }
  log: Log
  databaseHealth(): Promise<DatabaseHealth | DatabaseRefusal>
  /** Asks Telegram and each stage's provider. */
  neighbourHealth(): Promise<NeighbourHealth>
  sweepSoon(): void
}

/**
 * Tells whether this deployment can do its work: 200, or 503 with the failing check named.
 *
 * Cheap: one statement, no call to a provider, no SDK loaded. `?deep=1` with the admin token asks Telegram
 * and each stage's provider, too. Each call also starts a sweep, so a monitor keeps retries going.
 */
export function healthOf(getDeps: () => Promise<HealthDeps>) {
  return async (request: Request): Promise<Response> =>
    responseTo(randomUUID(), await healthReport(request, getDeps))
}

async function healthReport(request: Request, getDeps: () => Promise<HealthDeps>): Promise<Answer> {
  // That the service cannot start is a finding of this report, not a failure of it.
  const deps = await getDeps().catch((error: unknown) => startFailure(error))
  if ('failure' in deps) return report(503, { status: 'unhealthy', checks: deps.failure })
  const isDeep = new URL(request.url).searchParams.get('deep') === '1'
  if (isDeep && !isSecret(bearerOf(request), deps.config.adminToken)) {
    return report(401, { status: 'unauthorized', detail: '?deep=1 needs the admin token.' })
  }

  const [database, neighbours] = await Promise.all([
    databaseChecks(deps),
    isDeep ? deps.neighbourHealth() : { openai: 'configured', telegram: 'configured' },
  ])
  const checks = { config: 'ok', ...database, ...neighbours }
  const isHealthy = Object.values(checks).every((check) => GOOD.test(check))
  deps.sweepSoon()
  const { version, environment } = deps.config
  const status = isHealthy ? 'healthy' : 'unhealthy'
  return report(isHealthy ? 200 : 503, { status, version, environment, checks })
}

/** Unknown is what cannot be looked at; where it ought to be there, another check fails. */
const GOOD = /^(ok|configured|unknown)\b/

function startFailure(error: unknown): { failure: Record<string, string> } {
  const isMisconfigured = error instanceof AppError && error.code === 'misconfigured'
  return {
    failure: isMisconfigured
      ? { config: error.message }
      : { config: 'ok', start: 'failed: see the log' },
  }
}

async function databaseChecks({ databaseHealth, log }: HealthDeps) {
  try {
    const health = await databaseHealth()
    if ('refusal' in health) return { database: health.refusal, ...UNSEEN }
    const pending = health.pendingMigrations.length
    return {
      database: databaseCheck(health),
      migrations: pending === 0 ? 'ok' : `pending: ${pending}: run npm run migrate -- up`,
      inbox: health.inbox === undefined ? 'unknown' : inboxCheck(health.inbox),
    }
  } catch (error) {
    // The report names the failing check.
    log.warn('health_check_failed', { check: 'database', error: String(error) })
    return { database: 'unreachable', ...UNSEEN }
  }
}

const UNSEEN = { migrations: 'unknown', inbox: 'unknown' }

function databaseCheck({
  isReadOnly,
  wrongEncoding,
}: Pick<DatabaseHealth, 'isReadOnly' | 'wrongEncoding'>): string {
  if (wrongEncoding !== undefined) return `encoded in ${wrongEncoding}, not in UTF8`
  return isReadOnly ? 'read-only' : 'ok'
}

function inboxCheck(inbox: InboxHealth): string {
  const { waiting, parked, dead, diedLastHour, oldestDueSeconds, oldestDelay, blockedStages } =
    inbox
  const speakingStages = blockedStages.filter(({ stage }) => stage === 'speak')
  const listeningStages = blockedStages.filter(({ stage }) => stage !== 'speak')
  const counts = `${waiting} waiting, ${parked} parked, ${dead} dead`
  const findings = [
    oldestDueSeconds > STALLED_SECONDS &&
      `stalled: the oldest has been due for ${oldestDueSeconds} s`,
    oldestDelay !== null &&
      oldestDelay.seconds > STALLED_SECONDS &&
      `delayed: the oldest has been tried again for ${oldestDelay.seconds} s: ${oldestDelay.reason}`,
    parked > 0 && `${parked} parked: ${listeningStages.map(repairOf).join('; ') || BEING_FREED}`,
    ...speakingStages.map((stage) => `answers go out in writing: ${repairOf(stage)}`),
    diedLastHour > 0 && `${diedLastHour} died in the last hour: see job_dead in the log`,
  ].filter((finding) => finding !== false)
  return findings.length === 0 ? `ok: ${counts}` : `${findings.join('; ')} (${counts})`
}

const BEING_FREED = 'they go on by themselves'

function report(status: number, body: object): Answer {
  return { kind: 'answer', status, body }
}
