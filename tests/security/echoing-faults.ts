import type { Fault as ProviderFault } from '../../scripts/studio/openai/stand-in.ts'
import type { Fault as TelegramFault } from '../../scripts/studio/telegram/faults.ts'
import type { World } from '../rigs/world.ts'

/** A provider or Telegram whose failure repeats the request: the key, the bot's address, the learner's words. */
const echo = ({ secrets }: World) =>
  `Incorrect API key provided: ${secrets.OPENAI_API_KEY}. See https://api.telegram.org/bot${secrets.TELEGRAM_BOT_TOKEN}/getMe`
const openaiError = (at: World, status: number): ProviderFault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_1' },
  body: JSON.stringify({
    error: { message: echo(at), type: echo(at), code: 'invalid_api_key', param: echo(at) },
  }),
})

/** What the provider does; another fault is another row. */
export const PROVIDER_FAULTS: Record<string, (at: World) => ProviderFault> = {
  'has an error': () => ({ kind: 'server-error' }),
  'asks to wait': () => ({ kind: 'rate-limited' }),
  'has no quota': () => ({ kind: 'quota-exhausted' }),
  'drops the connection': () => ({ kind: 'reset' }),
  'repeats the key in a 401': (at) => openaiError(at, 401),
  'repeats the key in a 400': (at) => openaiError(at, 400),
  'repeats the key in a 500': (at) => openaiError(at, 500),
  'repeats the key where JSON should be': (at) => ({
    kind: 'answer',
    status: 200,
    body: echo(at),
  }),
  'repeats the key in a page of a proxy': (at) => ({
    kind: 'answer',
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: `<html>${echo(at)}</html>`,
  }),
  'leads elsewhere with the key': (at) => ({
    kind: 'answer',
    status: 307,
    headers: { location: `http://127.0.0.1:1/?key=${at.secrets.OPENAI_API_KEY}` },
    body: echo(at),
  }),
}

/** What Telegram does; another fault is another row. */
export const TELEGRAM_FAULTS: Record<string, (at: World) => TelegramFault> = {
  'has an error': () => ({ kind: 'error', status: 500, description: 'Internal Server Error' }),
  'asks to wait': () => ({ kind: 'error', status: 429, retryAfterSeconds: 1 }),
  'is blocked': () => ({ kind: 'error', status: 403, description: 'Forbidden: bot was blocked' }),
  'knows no such token': () => ({ kind: 'error', status: 401, description: 'Unauthorized' }),
  'drops the connection': () => ({ kind: 'reset' }),
  'drops it midway': () => ({ kind: 'reset', when: 'midway' }),
  'repeats its address in a 400': (at) => ({
    kind: 'error',
    status: 400,
    description: `Bad Request: POST ${at.telegram.url}/bot${at.telegram.token}/x, ${at.telegram.token}`,
  }),
  'repeats its address in a 500': (at) => ({
    kind: 'error',
    status: 500,
    description: `POST ${at.telegram.url}/bot${at.telegram.token}/x`,
  }),
  'answers with a page': (at) => ({
    kind: 'error',
    status: 502,
    body: `<html>${at.telegram.url}/bot${at.telegram.token}</html>`,
  }),
  'leads elsewhere': (at) => ({ kind: 'error', status: 302, body: at.telegram.token }),
}
