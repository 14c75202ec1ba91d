import type { Environment } from '../cli/env-file.ts'

/** The variables that any process needs, and those that lead it through a proxy. */
const SURROUNDINGS = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SystemRoot',
  'TEMP',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_ENV_PROXY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
]

const STAGES = ['STT', 'CHAT', 'TTS']
const PROVIDER = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  ...STAGES.flatMap((stage) => [`${stage}_BASE_URL`, `${stage}_API_KEY`, `${stage}_MODEL`]),
  'TTS_VOICE_HONZIK',
  'TTS_VOICE_NOVAKOVA',
]

/**
 * The part of demo's and dev's environment that the functions they run inherit.
 *
 * It may name a real database or a real bot, so only the variables listed here are inherited.
 */
export function inherit(outer: Environment, ...further: string[]): Environment {
  return pick(outer, [...SURROUNDINGS, ...further])
}

/** The provider's settings where there is a key; undefined where a stand-in must answer. */
export function realProvider(outer: Environment): Environment | undefined {
  return outer.OPENAI_API_KEY ? pick(outer, PROVIDER) : undefined
}

/** The settings that lead every stage to a stand-in for the provider. */
export function standInProvider(url: string): Environment {
  return { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'stand-in' }
}

function pick(env: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
