import { request } from 'undici'
import { z } from 'zod'
import type { NeighbourHealth } from '../app/health.ts'
import type { Endpoint } from './openai/client.ts'
import type { CallTelegram } from './telegram/call.ts'

const WebhookInfo = z.object({
  url: z.string(),
  pending_update_count: z.number(),
  last_error_date: z.number().optional(),
  last_error_message: z.string().optional(),
})

/** Asks Telegram for the webhook's state and OpenAI for its models. Never throws. */
export async function neighbourHealth(
  call: CallTelegram,
  endpoint: Endpoint,
): Promise<NeighbourHealth> {
  const [telegram, openai] = await Promise.allSettled([webhookState(call), modelsState(endpoint)])
  return { telegram: stateOf(telegram), openai: stateOf(openai) }
}

async function webhookState(call: CallTelegram): Promise<string> {
  const info = WebhookInfo.parse(await call('getWebhookInfo', {}))
  const { url, pending_update_count, last_error_date, last_error_message } = info
  if (url === '') return 'no webhook is set'
  const error =
    last_error_date === undefined
      ? ''
      : `, last error ${new Date(last_error_date * 1000).toISOString()}: ${last_error_message}`
  return `ok: ${pending_update_count} pending${error}`
}

async function modelsState({ baseUrl, apiKey }: Endpoint): Promise<string> {
  const { statusCode, body } = await request(`${baseUrl}/models`, {
    headers: { authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.timeout(10_000),
  })
  await body.dump()
  return statusCode === 200 ? 'ok' : `answered ${statusCode}`
}

function stateOf(outcome: PromiseSettledResult<string>): string {
  if (outcome.status === 'fulfilled') return outcome.value
  const error: unknown = outcome.reason
  return `failed: ${error instanceof Error && 'code' in error ? error.code : 'no answer'}`
}
