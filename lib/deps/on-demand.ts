import type { Database } from '../../db/open.ts'
import { withDatabaseErrors } from '../adapters/postgres/database-error.ts'
import type { Dashboard } from '../app/dashboard/dashboard.ts'
import type { NeighbourHealth } from '../app/health.ts'
import type { Metrics } from '../app/metrics/metrics.ts'
import type { Log, Now, Sleep } from '../app/ports.ts'
import type { PersonalData } from '../app/privacy/personal-data.ts'
import type { Config } from '../config.ts'

/** What few requests are about: its code is loaded with the first of them. */

export async function openPersonalData({ db }: Database, now: Now): Promise<PersonalData> {
  const { pgPersonalData } = await import('../adapters/postgres/privacy/personal-data.ts')
  return withDatabaseErrors(pgPersonalData(db, { now }))
}

export async function openMetrics({ db }: Database): Promise<Metrics> {
  const { pgMetrics } = await import('../adapters/postgres/metrics.ts')
  return withDatabaseErrors(pgMetrics(db))
}

/** Opens the operator's page. */
export async function dashboardOn(
  database: Database,
  config: Config,
  now: Now,
): Promise<Dashboard> {
  const { openDashboard } = await import('../adapters/dashboard.ts')
  const { stt, chat, tts, dailyBudgetUsd } = config
  const stages = Object.entries({ transcribe: stt, reply: chat, speak: tts })
  return openDashboard({
    database,
    now,
    dailyBudgetUsd,
    stages: stages.map(([stage, endpoint]) => ({ ...endpoint, stage })),
  })
}

export async function inspectAudio(bytes: Uint8Array) {
  const { inspectAudio: inspect } = await import('../adapters/audio/file.ts')
  return inspect(bytes)
}

/** Asks Telegram and the stages' servers how they are. */
export async function askNeighbours(
  config: Config,
  tools: { log: Log; now: Now; sleep: Sleep },
): Promise<NeighbourHealth> {
  const [{ neighbourHealth }, { telegramCalls }] = await Promise.all([
    import('../adapters/neighbour-health.ts'),
    import('../adapters/telegram/call.ts'),
  ])
  const { stt: STT, chat: CHAT, tts: TTS, webhookUrl } = config
  const call = telegramCalls(config.telegram, tools)
  return neighbourHealth(call, { STT, CHAT, TTS }, { webhookUrl, now: tools.now })
}
