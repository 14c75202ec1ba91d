import type { Environment } from '../cli/env-file.ts'

/** The variables that any process needs, those that lead it through a proxy, and where compiled sources are kept. */
const SURROUNDINGS = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SystemRoot',
  'TEMP',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_ENV_PROXY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
]

const STAGES = ['STT', 'CHAT', 'TTS'] as const
/** A stage of a lesson, by the beginning of its variables. */
export type StageName = (typeof STAGES)[number]

const OPENAI_VARIABLES = ['OPENAI_API_KEY', 'OPENAI_BASE_URL']
const PROVIDER = [
  ...OPENAI_VARIABLES,
  ...STAGES.flatMap(variablesOf),
  'TTS_VOICE_HONZIK',
  'TTS_VOICE_NOVAKOVA',
]

/** Further variables that someone may have set for the server, and expect to count here. */
const SERVER = [
  'DATABASE_URL',
  'POSTGRES_URL',
  'DATABASE_URL_UNPOOLED',
  'PGLITE_DIR',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_WEBHOOK_SECRET',
  'TELEGRAM_API_ROOT',
  'TELEGRAM_REAL',
  'WEBHOOK_URL',
  'ENVIRONMENT',
  'LOG_LEVEL',
  'ACK_MODE',
  'LEASE_SECONDS',
  'FREE_VOICE_PER_DAY',
  'FREE_TEXT_PER_DAY',
  'DAILY_BUDGET_USD',
  'LEARNER_DAILY_BUDGET_USD',
]

/**
 * The part of demo's and dev's environment that the functions they run inherit.
 *
 * It may name a real database or a real bot, so only the variables listed here are inherited.
 */
export function inherit(outer: Environment, ...furtherNames: string[]): Environment {
  return pick(outer, [...SURROUNDINGS, ...furtherNames])
}

/** The stages that a stand-in plays: those without a key, of their own or for all. */
export function imitatedStages(outer: Environment): StageName[] {
  if (outer.OPENAI_API_KEY) return []
  return STAGES.filter((stage) => !outer[`${stage}_API_KEY`])
}

/** The provider's settings: a stage with a key keeps its own, the others are led to the stand-in at that URL. */
export function providerSettings(outer: Environment, standInUrl: string): Environment {
  const imitated = imitatedStages(outer)
  const imitatedVariables = imitated.flatMap(variablesOf)
  const ownVariables = pick(
    outer,
    PROVIDER.filter((name) => !imitatedVariables.includes(name)),
  )
  const standIns = imitated.map((stage) => [
    [`${stage}_BASE_URL`, standInUrl],
    [`${stage}_API_KEY`, 'stand-in'],
  ])
  return { ...ownVariables, ...Object.fromEntries(standIns.flat()) }
}

/** The variables that are set without any effect on the functions, which have `inner`. */
export function idleVariables(outer: Environment, inner: Environment): string[] {
  const imitated = imitatedStages(outer)
  const idle = [
    ...SERVER.filter((name) => outer[name] !== inner[name]),
    ...PROVIDER.filter((name) => outer[name] !== inner[name]),
    ...(imitated.length === STAGES.length ? ['OPENAI_BASE_URL'] : []),
    ...(imitated.includes('TTS') ? ['TTS_VOICE_HONZIK', 'TTS_VOICE_NOVAKOVA'] : []),
  ]
  return [...new Set(idle)].filter((name) => outer[name])
}

function variablesOf(stage: StageName): string[] {
  return [`${stage}_BASE_URL`, `${stage}_API_KEY`, `${stage}_MODEL`]
}

function pick(env: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
