import { AppError } from '../app/error.ts'
import type { NeighbourHealth } from '../app/health.ts'
import type { Now } from '../app/ports.ts'
import type { Endpoint } from './openai/client.ts'
import { listModels, type ModelList } from './openai/model-list.ts'
import type { CallTelegram } from './telegram/call.ts'
import { WebhookInfo, webhookJudgement } from './telegram/webhook-judgement.ts'

export type AskedStage = Endpoint & { model: string }

/** Which stages there are, by the first part of their variables. */
export type AskedStages = Readonly<Record<'STT' | 'CHAT' | 'TTS', AskedStage>>

/** Asks Telegram for the webhook's state and each stage's provider for its models. Never throws. */
export async function neighbourHealth(
  call: CallTelegram,
  stages: AskedStages,
  { webhookUrl, now }: { webhookUrl: string | undefined; now: Now },
): Promise<NeighbourHealth> {
  const webhook = call('getWebhookInfo', {}).then((info) =>
    webhookJudgement(WebhookInfo.parse(info), { webhookUrl, now: now() }),
  )
  const [telegram, openai] = await Promise.all([orFailure(webhook), providersState(stages)])
  return { telegram, openai }
}

/** `ok` where all stages are; else what is to be said of each, one request for those that ask the same. */
async function providersState(stages: AskedStages): Promise<string> {
  const requests = new Map<string, Promise<ModelList>>()
  const states = Object.entries(stages).map(async ([name, stage]) => {
    const key = JSON.stringify([stage.baseUrl, stage.apiKey])
    const list = requests.get(key) ?? listModels(stage)
    requests.set(key, list)
    return { name, state: await orFailure(list.then((models) => stageState(name, stage, models))) }
  })
  const findings = (await Promise.all(states)).filter(({ state }) => state !== 'ok')
  const sentences = findings.map(({ name, state }) => `${name} ${state}`)
  if (findings.length === 0) return 'ok'
  const areUnseen = findings.every(({ state }) => state.startsWith('unknown'))
  return `${areUnseen ? 'unknown' : 'failed'}: ${sentences.join('; ')}`
}

/** Servers of OpenAI's shape need not list their models, nor under the names that they take; OpenAI does. */
export const OWN_HOST = 'api.openai.com'
export const UNLISTED = new Set([404, 405, 501])

function stageState(
  name: string,
  { baseUrl, model }: AskedStage,
  { statusCode, models }: ModelList,
): string {
  if (statusCode === 401 || statusCode === 403) {
    return `refuses the key (${statusCode}): check ${name}_API_KEY, or OPENAI_API_KEY`
  }
  if (UNLISTED.has(statusCode)) return `unknown: lists no models (${statusCode})`
  if (statusCode !== 200) return `answered ${statusCode}`
  const isListed = models.some(({ id }) => id === model) || new URL(baseUrl).host !== OWN_HOST
  return isListed ? 'ok' : `has no model of that name: check ${name}_MODEL`
}

/** The state, or the code of what kept it from being known. */
async function orFailure(state: Promise<string>): Promise<string> {
  try {
    return await state
  } catch (error) {
    // That it cannot be reached is a finding of this report.
    return `failed: ${codeOf(error)}`
  }
}

export function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code
  return error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
}
