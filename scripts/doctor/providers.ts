import { codeOf, OWN_HOST, UNLISTED } from '../../lib/adapters/neighbour-health.ts'
import type { ModelList } from '../../lib/adapters/openai/model-list.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import type { Config } from '../../lib/config.ts'
import {
  daysUntil,
  SHUTDOWN_WARNING_DAYS,
  successorOf,
} from '../../lib/domain/lesson/model-shutdown.ts'
import { type Check, type Finding, fail, ok, unseen, warn } from './check.ts'
import type { Facts } from './facts.ts'

export type StageName = 'STT' | 'CHAT' | 'TTS'
export type AskedStage = { name: StageName; baseUrl: string; apiKey: string; model: string }

/** The stages of a lesson, by the first part of their variables. */
export function stagesOf({ stt, chat, tts }: Config): AskedStage[] {
  return [
    { name: 'STT', ...stt },
    { name: 'CHAT', ...chat },
    { name: 'TTS', ...tts },
  ]
}

/** What is found stage by stage: the worst of it counts, and all of it is said. */
export function together(findings: readonly { finding: Finding; stage: AskedStage }[]): Finding {
  const inWords = (stageFindings: typeof findings) => {
    const texts = new Map<string, StageName[]>()
    for (const { finding, stage } of stageFindings)
      texts.set(finding.found, [...(texts.get(finding.found) ?? []), stage.name])
    return [...texts].map(([text, names]) => `${names.join(', ')}: ${text}`).join('; ')
  }
  const troubles = findings.filter(({ finding }) => finding.status !== 'ok')
  if (troubles.length === 0) return ok(inWords(findings))
  const fixes = new Set(troubles.flatMap(({ finding }) => ('fix' in finding ? [finding.fix] : [])))
  const causes = troubles.flatMap(({ finding }) =>
    'explainedBy' in finding ? (finding.explainedBy ?? []) : [],
  )
  const make = troubles.some(({ finding }) => finding.status === 'FAIL') ? fail : warn
  const finding = make(inWords(troubles), [...fixes].join('; '))
  const areAllExplained = troubles.every(({ finding: each }) => 'explainedBy' in each)
  return areAllExplained && finding.status !== 'ok'
    ? { ...finding, explainedBy: [...new Set(causes)] }
    : finding
}

async function eachStage(
  { config, models }: Facts,
  look: (stage: AskedStage, list: ModelList) => Finding,
  unreached: (stage: AskedStage, error: unknown) => Finding,
): Promise<Finding> {
  if (config instanceof ConfigError) return unseen('config')
  return together(
    await Promise.all(
      stagesOf(config).map(async (stage) => ({
        stage,
        // A server that cannot be asked is a finding of its stage.
        finding: await models(stage).then(
          (list) => look(stage, list),
          (error: unknown) => unreached(stage, error),
        ),
      })),
    ),
  )
}

export const openaiKey: Check = {
  look: (facts) =>
    eachStage(
      facts,
      ({ name, baseUrl }, { statusCode }) => {
        const host = new URL(baseUrl).host
        if (statusCode === 401 || statusCode === 403) {
          return fail(
            `${host} refuses the key (${statusCode})`,
            `set ${name}_API_KEY or OPENAI_API_KEY to one that is valid: platform.openai.com > API keys`,
          )
        }
        return statusCode >= 500
          ? fail(`${host} answers ${statusCode}`, 'wait, and see the status page of the provider')
          : ok(`${host} takes the key`)
      },
      ({ name, baseUrl }, error) =>
        fail(
          `${new URL(baseUrl).host} cannot be reached: ${codeOf(error)}`,
          `check ${name}_BASE_URL or OPENAI_BASE_URL, and the network from here`,
        ),
    ),
}

export const models: Check = {
  needs: ['openai-key'],
  look: (facts) =>
    eachStage(
      facts,
      (stage, list) => modelState(stage, list, facts.now()),
      () => unseen('openai-key'),
    ),
}

function modelState(
  { name, baseUrl, model }: AskedStage,
  { statusCode, models }: ModelList,
  now: Date,
): Finding {
  if (UNLISTED.has(statusCode)) return ok(`${model}, of a server that lists no models`)
  if (statusCode !== 200) return unseen('openai-key')
  const listedModel = models.find(({ id }) => id === model)
  if (listedModel === undefined) {
    // Other servers need not list a model under the name that they take.
    return new URL(baseUrl).host === OWN_HOST
      ? fail(
          `there is no ${model}`,
          `set ${name}_MODEL to a model of platform.openai.com/docs/models`,
        )
      : ok(`${model}, which its server does not list`)
  }
  const date = listedModel.shutdownDate
  const days = date === undefined ? undefined : daysUntil(date, now)
  if (date === undefined || days === undefined) return ok(model)
  if (days > SHUTDOWN_WARNING_DAYS) return ok(`${model}, until ${date}`)
  const successor = successorOf(model)
  const fix = `set ${name}_MODEL=${successor ?? 'one that stays: developers.openai.com/api/docs/deprecations'}`
  return days < 0
    ? fail(`${model} was shut down on ${date}`, fix)
    : warn(`${model} is shut down on ${date}, in ${days} days`, fix)
}
