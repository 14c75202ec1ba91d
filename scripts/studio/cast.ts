import type { Environment } from '../cli/env-file.ts'
import { imitatedStages, type StageName } from './environment.ts'
import type { PartView } from './view.ts'

const PARTS: Readonly<Record<StageName, string>> = {
  STT: 'the recogniser',
  CHAT: 'the tutor',
  TTS: 'the voice',
}
const STAGES: readonly StageName[] = ['STT', 'CHAT', 'TTS']

/** Says who is imitated, who is real, and whether money is spent: what has to be known before the first lesson. */
export function castLines(
  outer: Environment,
  { isTelegramReal }: { isTelegramReal: boolean },
): string[] {
  const imitated = imitatedStages(outer)
  const realStages = STAGES.filter((stage) => !imitated.includes(stage))
  const standIns = [
    ...(isTelegramReal ? [] : ['Telegram']),
    ...imitated.map((stage) => PARTS[stage]),
  ]
  const hosts = [...new Set(realStages.map((stage) => hostOf(baseUrlOf(outer, stage))))]
  const realParts = realStages.map((stage) => PARTS[stage]).join(', ')
  return [
    ...(standIns.length > 0 ? [`Imitated: ${standIns.join(', ')}.`] : []),
    ...(isTelegramReal ? ['Real: Telegram, with your bot.'] : []),
    realStages.length > 0
      ? `Real: ${realParts}, at ${hosts.join(' and ')}. Lessons cost money there: some cents a dozen at OpenAI.`
      : 'No money is spent. With OPENAI_API_KEY set, recogniser, tutor and voice are real.',
  ]
}

/** Those whom a lesson needs besides Telegram: played by stand-ins, or real and where. */
export function partsOf(outer: Environment): PartView[] {
  const imitated = imitatedStages(outer)
  return STAGES.map((stage) => {
    const isImitated = imitated.includes(stage)
    return {
      name: PARTS[stage].replace('the ', ''),
      isImitated,
      host: isImitated ? null : hostOf(baseUrlOf(outer, stage)),
    }
  })
}

/** Where a stage with a key is asked. */
function baseUrlOf(outer: Environment, stage: StageName): string {
  return outer[`${stage}_BASE_URL`] || outer.OPENAI_BASE_URL || 'https://api.openai.com/v1'
}

/** The configuration's own check says what is wrong with a URL that is none. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an unreadable URL'
}

/** Long enough for a slow network, short enough to wait for. */
const CHECK_MS = 8_000

/**
 * Asks each real vendor for its models; why a lesson cannot succeed, or undefined where nothing speaks against it. A
 * vendor that has no such list is not judged by it.
 */
export async function vendorProblem(outer: Environment): Promise<string | undefined> {
  const imitated = imitatedStages(outer)
  const realStages = STAGES.filter((stage) => !imitated.includes(stage))
  const problems = await Promise.all(realStages.map((stage) => stageProblem(outer, stage)))
  const foundProblems = problems.filter((problem) => problem !== undefined)
  return foundProblems.length === 0 ? undefined : [...new Set(foundProblems)].join('\n')
}

async function stageProblem(outer: Environment, stage: StageName): Promise<string | undefined> {
  const url = baseUrlOf(outer, stage).replace(/\/+$/, '')
  if (!URL.canParse(url)) return undefined
  const host = hostOf(url)
  const keyName = outer[`${stage}_API_KEY`] ? `${stage}_API_KEY` : 'OPENAI_API_KEY'
  try {
    const { status } = await fetch(`${url}/models`, {
      headers: { authorization: `Bearer ${outer[keyName]?.trim()}` },
      signal: AbortSignal.timeout(CHECK_MS),
    })
    return status === 401 || status === 403
      ? `${host} refuses the key in ${keyName} (${status}).`
      : undefined
  } catch (error) {
    // The question itself is the check: what keeps it from being answered will keep a lesson, too.
    return `${host} cannot be reached: ${causeOf(error)}. Check the network, and the base URL.`
  }
}

/** The innermost cause's code or message: `fetch failed` alone says nothing. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return causeOf(error.cause)
  if (error.name === 'TimeoutError') return `no answer in ${CHECK_MS / 1000} s`
  return 'code' in error ? String(error.code) : error.message
}
