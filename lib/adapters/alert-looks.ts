import type { EndingModel } from '../app/alert/findings.ts'
import type { Now } from '../app/ports.ts'
import { daysUntil, successorOf } from '../domain/lesson/model-shutdown.ts'
import type { AskedStages } from './neighbour-health.ts'
import { listModels } from './openai/model-list.ts'
import type { CallTelegram } from './telegram/call.ts'
import { WebhookInfo, webhookJudgement } from './telegram/webhook-judgement.ts'

/** What Telegram says of our webhook: `ok...`, or what is wrong. */
export async function askWebhook(
  call: CallTelegram,
  { webhookUrl, now }: { webhookUrl: string | undefined; now: Now },
): Promise<string> {
  const info = WebhookInfo.parse(await call('getWebhookInfo', {}))
  return webhookJudgement(info, { webhookUrl, now: now() })
}

/** The models of the stages whose shutdown their servers announce; a server that lists none announces none. */
export async function askEndingModels(stages: AskedStages, now: Now): Promise<EndingModel[]> {
  const models = await Promise.all(
    Object.entries(stages).map(async ([name, stage]) => {
      const { models: list } = await listModels(stage)
      const date = list.find(({ id }) => id === stage.model)?.shutdownDate
      const days = date === undefined ? undefined : daysUntil(date, now())
      if (days === undefined) return []
      const successor = successorOf(stage.model)
      const model = { variable: `${name}_MODEL`, model: stage.model, days }
      return [successor === undefined ? model : { ...model, successor }]
    }),
  )
  return models.flat()
}
