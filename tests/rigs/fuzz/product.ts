import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { createDeps, type Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { takeDelivery } from '../../../lib/http/webhook/delivery.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../../scripts/studio/telegram/stand-in.ts'

export type FuzzedProduct = {
  deps: Deps
  db: Kysely<Tables>
  telegram: TelegramStandIn
  openai: OpenaiStandIn
  webhookSecret: string
  apiKey: string
  /** The functions, called without a network. */
  webhook(request: Request): Promise<Response>
  lessons(request: Request): Promise<Response>
  /** Lets all that was begun come to its end; rejects where a job is still waiting then. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** A folder for its database; else it is in memory, and takes some seconds to be made. */
export type ProductOptions = { pgliteDir?: string }

/** Where alerts go; no look is due, so that none come but those of a target. */
export const OPERATOR_CHAT = 777

const WEBHOOK_SECRET = 'a-webhook-secret-of-the-fuzz-rig'
const SETTINGS = {
  ENVIRONMENT: 'test',
  LOG_LEVEL: 'silent',
  // The same words are spoken again and again, and each time counts.
  CACHE_MAX_MB: '0',
  TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
  ALERT_CHAT_ID: String(OPERATOR_CHAT),
  OPENAI_API_KEY: 'no-key-is-needed',
  FREE_TEXT_PER_DAY: '10000',
  FREE_VOICE_PER_DAY: '10000',
}
/** No job has more attempts than this. */
const MAX_ROUNDS = 20

/**
 * The whole product in this process, on a database of its own, between both stand-ins.
 *
 * What waits is due at once: no time passes, and every job comes to its end.
 */
export async function openFuzzedProduct({
  pgliteDir = 'memory://',
}: ProductOptions = {}): Promise<FuzzedProduct> {
  const [telegram, openai] = await Promise.all([startTelegram(), startOpenai()])
  const env = {
    ...SETTINGS,
    PGLITE_DIR: pgliteDir,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    OPENAI_BASE_URL: openai.url,
  }
  let dueNow = async () => {}
  const deps = await createDeps(env, { sleep: () => dueNow(), random: () => 0 })
  const { db } = deps.database
  dueNow = async () => {
    await sql`update inbox set due_at = now() where state = 'waiting' and due_at > now()`.execute(
      db,
    )
  }
  await sql`update duty set done_at = 'infinity' where name like 'alert%'`.execute(db)
  telegram.learner({ id: OPERATOR_CHAT, first_name: 'Operator' })
  const apiKey = await createApiKey(db, { name: 'fuzz', telegramLearners: false })

  return {
    deps,
    db,
    telegram,
    openai,
    webhookSecret: WEBHOOK_SECRET,
    apiKey,
    webhook: answering(async () => deps, { POST: takeDelivery }),
    lessons: answering(async () => deps, { POST: processLesson }),
    async settle() {
      await deps.idle()
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        if ((await waitingJobs(db)).length === 0) return
        await dueNow()
        await deps.sweep()
        await deps.idle()
      }
      throw new Error(`still waiting: ${JSON.stringify(await waitingJobs(db))}`)
    },
    async close() {
      await deps.idle()
      await deps.close()
      await Promise.all([telegram.stop(), openai.stop()])
    },
  }
}

function waitingJobs(db: Kysely<Tables>) {
  return db
    .selectFrom('inbox')
    .select(['id', 'lane', 'last_error'])
    .where('state', '=', 'waiting')
    .execute()
}
