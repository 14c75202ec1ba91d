import type { Database } from '../../db/open.ts'
import { withDatabaseErrors } from '../adapters/postgres/database-error.ts'
import { targetsOf } from '../app/alert/delivery.ts'
import type { PeriodicJob } from '../app/jobs/periodic.ts'
import { CLOSED_AFTER_MS } from '../app/metrics/tally.ts'
import type { WorkerDeps } from '../worker.ts'

/** What sweeps do besides waking lanes: its code is loaded with the first sweep that needs it. */

/** Clears up the table of the cache, also where no lesson or another store uses it. */
export function cachePruning({
  config,
  database: { db },
}: Pick<WorkerDeps, 'config' | 'database'>) {
  return async (limit: number) => {
    const { pruneCache } = await import('../adapters/postgres/cache.ts')
    const pruning = withDatabaseErrors({ pruneCache })
    return pruning.pruneCache(db, config.cache?.maxBytes ?? 0, limit)
  }
}

/** The job that adds up, once an hour, what was measured. */
export function tallyingJob({ db }: Database): PeriodicJob {
  return {
    source: 'tally:hour',
    slots: 'background',
    lane: 'tally',
    everyMs: 3_600_000,
    afterMs: CLOSED_AFTER_MS,
    async isDue() {
      const { pgTally } = await import('../adapters/postgres/tally.ts')
      return withDatabaseErrors(pgTally(db)).isDue()
    },
  }
}

/** Looks whether an operator has to be told of something, and tells it. */
export async function watchOver(deps: Omit<WorkerDeps, 'inspectAudio'>): Promise<void> {
  const { config, database, log, now, sleep, wake } = deps
  const [{ watch }, { pgAlerts }, { askWebhook, askEndingModels }, { telegramCalls }] =
    await Promise.all([
      import('../app/alert/watch.ts'),
      import('../adapters/postgres/alerts.ts'),
      import('../adapters/alert-looks.ts'),
      import('../adapters/telegram/call.ts'),
    ])
  const { alerts, webhookUrl, stt: STT, chat: CHAT, tts: TTS } = config
  const link = webhookUrl === undefined ? null : `${webhookUrl}/dashboard`
  const call = telegramCalls(config.telegram, { log, sleep })
  await watch({
    alerts: withDatabaseErrors(pgAlerts(database.db, { targets: targetsOf(alerts), link })),
    config,
    webhookJudgement: () => askWebhook(call, { webhookUrl, now }),
    endingModels: () => askEndingModels({ STT, CHAT, TTS }, now),
    wake,
    log,
  })
}
