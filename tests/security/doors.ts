import { bearer } from '../support/lesson-requests.ts'

/** A way into the product, and what opens it. */
export type Door = {
  path: string
  method: 'GET' | 'POST' | 'DELETE'
  /** The function behind it. */
  file: string
  opensTo:
    | 'the webhook secret'
    | 'an API key'
    | 'the cron secret'
    | 'the admin token'
    | 'a session'
    | 'everybody'
  /** How its key is shown. */
  show(key: string): Record<string, string>
  body?: object
}

/** The request header that Telegram shows its secret in. */
export const SECRET_HEADER = 'x-telegram-bot-api-secret-token'

const noHeaders = () => ({})
const session = (key: string) => ({ cookie: `mluv_dashboard=${key}` })

/** All doors there are. A function without a row here fails a test, and a row is tested with every wrong key. */
export const DOORS: readonly Door[] = [
  {
    path: '/webhook',
    method: 'POST',
    file: 'api/telegram.ts',
    opensTo: 'the webhook secret',
    show: (key) => ({ [SECRET_HEADER]: key }),
    body: { update_id: 1 },
  },
  {
    path: '/api/v1/lessons/process',
    method: 'POST',
    file: 'api/v1/lessons/process.ts',
    opensTo: 'an API key',
    show: bearer,
    body: { user_id: 'olena', text: 'Jdu domů.', include_audio: false },
  },
  {
    path: '/api/v1/learners/olena',
    method: 'GET',
    file: 'api/v1/learners.ts',
    opensTo: 'an API key',
    show: bearer,
  },
  {
    path: '/api/v1/learners/olena?',
    method: 'DELETE',
    file: 'api/v1/learners.ts',
    opensTo: 'an API key',
    show: bearer,
  },
  {
    path: '/api/cron/sweep',
    method: 'GET',
    file: 'api/cron/sweep.ts',
    opensTo: 'the cron secret',
    show: bearer,
  },
  {
    path: '/health?deep=1',
    method: 'GET',
    file: 'api/health.ts',
    opensTo: 'the admin token',
    show: bearer,
  },
  {
    path: '/metrics',
    method: 'GET',
    file: 'api/metrics.ts',
    opensTo: 'the admin token',
    show: bearer,
  },
  {
    path: '/api/dashboard?period=24h',
    method: 'GET',
    file: 'api/dashboard.ts',
    opensTo: 'a session',
    show: session,
  },
  {
    path: '/api/dashboard',
    method: 'POST',
    file: 'api/dashboard.ts',
    opensTo: 'a session',
    show: session,
    body: { action: 'retry', job: 999_999 },
  },
  // Signing in is open to everybody who has the token, which is no header: dashboard-session.test.ts.
  {
    path: '/api/dashboard/session',
    method: 'DELETE',
    file: 'api/dashboard/session.ts',
    opensTo: 'everybody',
    show: noHeaders,
  },
  { path: '/health', method: 'GET', file: 'api/health.ts', opensTo: 'everybody', show: noHeaders },
  {
    path: '/api/openapi.json',
    method: 'GET',
    file: 'api/openapi.ts',
    opensTo: 'everybody',
    show: noHeaders,
  },
]

/** A request to a door, with the headers that are to open it. */
export function knock({ path, method, body }: Door, headers: Record<string, string>): Request {
  return new Request(new URL(path, 'https://bot.example'), {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
}
