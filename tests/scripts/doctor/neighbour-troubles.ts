import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SECRETS, type Served } from '../../security/served.ts'
import { certificateFor } from '../../support/certificate.ts'
import type { Trouble } from './trouble.ts'

/** Troubles of Telegram, the public host and the providers. */
export const NEIGHBOUR_TROUBLES: readonly Trouble[] = [
  {
    name: 'the bot token is wrong',
    cause: async () => ({ env: { TELEGRAM_BOT_TOKEN: '54321:another-one' } }),
    check: 'telegram-token',
    status: 'FAIL',
    found: /TELEGRAM_BOT_TOKEN/,
    fix: /@BotFather/,
  },
  {
    name: 'Telegram is out of reach',
    cause: async () => ({ env: { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' } }),
    check: 'telegram-token',
    status: 'FAIL',
    found: /^Telegram cannot be reached: check the network from here to 127\.0\.0\.1:1/,
    fix: /TELEGRAM_API_ROOT/,
  },
  {
    name: 'the webhook leads to another host',
    async cause({ served: { telegram, url } }) {
      telegram.setWebhook('https://elsewhere.example/webhook', SECRETS.TELEGRAM_WEBHOOK_SECRET)
      return {
        mend: () => telegram.setWebhook(`${url}/webhook`, SECRETS.TELEGRAM_WEBHOOK_SECRET),
      }
    },
    check: 'webhook-url',
    status: 'FAIL',
    found: /^leads to elsewhere\.example, and not to \/webhook of WEBHOOK_URL$/,
    fix: /^npm run webhook -- set$/,
  },
  {
    name: 'the server has another webhook secret',
    cause: async () => ({ env: { TELEGRAM_WEBHOOK_SECRET: 'another-secret-than-there' } }),
    check: 'webhook-secret',
    status: 'FAIL',
    found: /another TELEGRAM_WEBHOOK_SECRET than is set here: it answers 401/,
    fix: /npm run webhook -- set$/,
  },
  {
    name: 'Telegram gets 401 from us, and its updates wait',
    async cause({ served }) {
      answerWebhookInfo(served, {
        pending_update_count: 3,
        last_error_date: Math.floor(Date.now() / 1_000) - 60,
        last_error_message: 'Wrong response from the webhook: 401 Unauthorized',
      })
      return {}
    },
    check: 'webhook-backlog',
    status: 'FAIL',
    found: /^3 pending, last error 6\d s ago: .*401.*another secret$/,
    fix: /^npm run webhook -- set$/,
  },
  {
    name: 'a backlog waits at Telegram',
    async cause({ served }) {
      answerWebhookInfo(served, { pending_update_count: 250 })
      return {}
    },
    check: 'webhook-backlog',
    status: 'warn',
    found: /^250 pending$/,
    fix: /--max-connections/,
  },
  {
    name: 'button presses are not delivered',
    async cause({ served }) {
      answerWebhookInfo(served, { allowed_updates: ['message'] })
      return {}
    },
    check: 'webhook-updates',
    status: 'FAIL',
    found: /^edited_message, callback_query not among/,
    fix: /^npm run webhook -- set$/,
  },
  {
    name: 'another program polls with the token',
    async cause({ served: { telegram, url } }) {
      telegram.setWebhook(null)
      telegram.failNext('getUpdates', {
        kind: 'error',
        status: 409,
        description:
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      })
      return {
        mend: () => telegram.setWebhook(`${url}/webhook`, SECRETS.TELEGRAM_WEBHOOK_SECRET),
      }
    },
    check: 'polling',
    status: 'FAIL',
    found: /another program polls with this token/,
    fix: /^stop that program/,
  },
  {
    name: 'the command menu is an older one',
    async cause({ served: { telegram }, env }) {
      const matches = ({ method, payload }: { method: string; payload: object }) =>
        method === 'getMyCommands' && 'language_code' in payload && payload.language_code === 'uk'
      telegram.failNext(matches, { kind: 'error', status: 200, body: '{"ok":true,"result":[]}' })
      return { env }
    },
    check: 'commands',
    status: 'warn',
    found: /in uk$/,
    fix: /^npm run webhook -- set$/,
  },
  {
    name: 'the server is down',
    async cause({ served: { telegram, url } }) {
      telegram.setWebhook('http://127.0.0.1:1/webhook', SECRETS.TELEGRAM_WEBHOOK_SECRET)
      return {
        env: { WEBHOOK_URL: 'http://127.0.0.1:1' },
        mend: () => telegram.setWebhook(`${url}/webhook`, SECRETS.TELEGRAM_WEBHOOK_SECRET),
      }
    },
    check: 'health',
    status: 'FAIL',
    found: /^127\.0\.0\.1:1 does not answer: ECONNREFUSED$/,
    fix: /start the server/,
  },
  {
    name: 'the certificate expires in five days',
    cause: ({ served }) => serveOverTls(served, 5),
    check: 'https',
    status: 'warn',
    found: /^the certificate of localhost:\d+ has [45] days left$/,
    fix: /renew/,
  },
  {
    name: 'a model is shut down in thirty days',
    cause: async () => listedModel('gpt-4o-mini-tts', dayFromNow(30)),
    check: 'models',
    status: 'warn',
    found: /^TTS: gpt-4o-mini-tts is shut down on [\d-]+, in (29|30) days$/,
    fix: /TTS_MODEL=gpt-realtime-2\.1-mini/,
  },
  {
    name: 'a model was shut down',
    cause: async () => listedModel('gpt-4o-mini-tts', dayFromNow(-3)),
    check: 'models',
    status: 'FAIL',
    found: /^TTS: gpt-4o-mini-tts was shut down on [\d-]+$/,
    fix: /TTS_MODEL=gpt-realtime-2\.1-mini/,
  },
  {
    name: 'the provider is away',
    cause: async () => ({ env: { CHAT_BASE_URL: 'http://127.0.0.1:1/v1' } }),
    check: 'openai-key',
    status: 'FAIL',
    found: /^CHAT: 127\.0\.0\.1:1 cannot be reached: ECONNREFUSED$/,
    fix: /CHAT_BASE_URL/,
  },
]

/** Telegram's next record of the webhook: as it is, except for these fields. */
function answerWebhookInfo({ telegram, url }: Served, fields: object): void {
  const result = { url: `${url}/webhook`, pending_update_count: 0, ...fields }
  const body = JSON.stringify({ ok: true, result })
  telegram.failNext('getWebhookInfo', { kind: 'error', status: 200, body })
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** A vendor of speech that lists one model. */
async function listedModel(id: string, shutdownDate: string) {
  const server = createHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ data: [{ id, shutdown_date: shutdownDate }] }))
  })
  const port = await listen(server)
  return {
    env: { TTS_BASE_URL: `http://127.0.0.1:${port}/v1`, TTS_MODEL: id },
    mend: () => void server.close(),
  }
}

/** The server behind a certificate with so many days left, which this process trusts. */
async function serveOverTls({ telegram, url }: Served, days: number) {
  const { key, cert } = certificateFor(days)
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, cert])
  const server = createHttpsServer({ key, cert }, (request, response) => {
    const { method, headers, url: path } = request
    const inner = httpRequest(new URL(path ?? '/', url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(inner)
  })
  const webhookUrl = `https://localhost:${await listen(server)}`
  telegram.setWebhook(`${webhookUrl}/webhook`, SECRETS.TELEGRAM_WEBHOOK_SECRET)
  return {
    env: { WEBHOOK_URL: webhookUrl },
    mend() {
      setDefaultCACertificates(before)
      telegram.setWebhook(`${url}/webhook`, SECRETS.TELEGRAM_WEBHOOK_SECRET)
      server.closeAllConnections()
      server.close()
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return (server.address() as AddressInfo).port
}
