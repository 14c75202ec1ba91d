import type { Check, CheckName } from './check.ts'
import { clock, database, migrations } from './database.ts'
import { models, openaiKey } from './providers.ts'
import { redis } from './redis.ts'
import { config, node } from './set-up.ts'
import { health, https } from './site.ts'
import { speech } from './speech.ts'
import { commands, polling, telegramToken } from './telegram.ts'
import { vendor } from './vendor.ts'
import { webhookBacklog, webhookSecret, webhookUpdates, webhookUrl } from './webhook.ts'
import { budget, cron, inbox } from './work.ts'

/** What each check does. */
export const CHECKS: Readonly<Record<CheckName, Check>> = {
  node,
  config,
  database,
  migrations,
  'telegram-token': telegramToken,
  'webhook-url': webhookUrl,
  'webhook-secret': webhookSecret,
  'webhook-backlog': webhookBacklog,
  'webhook-updates': webhookUpdates,
  commands,
  https,
  health,
  'openai-key': openaiKey,
  models,
  vendor,
  speech,
  inbox,
  cron,
  redis,
  budget,
  clock,
  polling,
}
