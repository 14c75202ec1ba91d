import type { Environment } from './environment.ts'
import { swappedProblems } from './swapped.ts'
import { MODELS, OPENAI } from './variables.ts'
import { vendorProblems } from './vendor-hosts.ts'

const STAGES = ['STT', 'CHAT', 'TTS'] as const

/** What the variables lack together: those that are required by others, and what a stage's server cannot do. */
export function problemsTogether(variables: Environment): string[] {
  const needsDatabase = isProduction(variables) || variables.VERCEL !== undefined
  const hasOwnKeys = variables.STT_API_KEY && variables.CHAT_API_KEY && variables.TTS_API_KEY
  return [
    !variables.OPENAI_API_KEY &&
      !hasOwnKeys &&
      'OPENAI_API_KEY is required, unless STT_API_KEY, CHAT_API_KEY and TTS_API_KEY are all set',
    needsDatabase &&
      !variables.DATABASE_URL &&
      !variables.POSTGRES_URL &&
      'DATABASE_URL is required in production and on Vercel: a PostgreSQL connection string',
    isProduction(variables) && !variables.CRON_SECRET && 'CRON_SECRET is required in production',
    isProduction(variables) && !variables.ADMIN_TOKEN && 'ADMIN_TOKEN is required in production',
    ...STAGES.flatMap((stage) => stageProblems(stage, variables)),
    ...swappedProblems(variables),
  ].filter((problem) => typeof problem === 'string')
}

/** What is wrong with a stage: its server, as far as it is known, and its model. */
export function stageProblems(stage: (typeof STAGES)[number], variables: Environment): string[] {
  const ownBaseUrl = variables[`${stage}_BASE_URL`]
  const variable = ownBaseUrl === undefined ? 'OPENAI_BASE_URL' : `${stage}_BASE_URL`
  const baseUrl = ownBaseUrl ?? variables.OPENAI_BASE_URL ?? OPENAI
  return vendorProblems(stage, {
    variable,
    baseUrl,
    model: variables[`${stage}_MODEL`] ?? MODELS[stage],
  })
}

function isProduction(variables: Environment): boolean {
  return variables.ENVIRONMENT === 'production' || variables.VERCEL_ENV === 'production'
}
