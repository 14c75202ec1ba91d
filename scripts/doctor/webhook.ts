import { request } from 'undici'
import { ageInWords } from '../../lib/adapters/telegram/webhook-judgement.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { ALLOWED_UPDATES } from '../cli/webhook-words.ts'
import { type Check, type Finding, fail, ok, unseen, warn } from './check.ts'
import { baseUrlOf } from './site.ts'
import { askTelegram, SET_WEBHOOK } from './telegram.ts'

/** More than wait for a moment where all goes well. */
const BACKLOG = 100
/** Telegram tries again after two minutes at most: what it could not deliver longer ago, it has delivered since. */
const RECENT_SECONDS = 600
const PROBE_TIMEOUT_MS = 4_500

export const webhookUrl: Check = {
  needs: ['telegram-token'],
  look: (facts) =>
    askTelegram(facts, async ({ webhookInfo, webhookUrl }) => {
      const { url } = await webhookInfo()
      if (url === '') return fail('no webhook is set', SET_WEBHOOK, 'polling')
      const host = URL.parse(url)?.host ?? 'no URL'
      if (webhookUrl === undefined) {
        const description = `leads to ${host}; it cannot be compared, as WEBHOOK_URL is not set`
        return warn(description, 'set WEBHOOK_URL to https:// and the host of the deployment')
      }
      return url === `${webhookUrl}/webhook`
        ? ok(url)
        : fail(`leads to ${host}, and not to /webhook of WEBHOOK_URL`, SET_WEBHOOK)
    }),
}

export const webhookSecret: Check = {
  needs: ['health'],
  async look(facts) {
    const { telegram } = facts
    if (telegram instanceof ConfigError) return unseen('config')
    const baseUrl = await baseUrlOf(facts)
    if (baseUrl === undefined) return unseen('webhook-url')
    const { webhookSecret: secret } = telegram
    if (secret === undefined) return unseen('config')
    const [rightProbe, wrongProbe] = await Promise.all([
      probe(baseUrl, secret),
      probe(baseUrl, `${secret.slice(0, 200)}-wrong`),
    ])
    return findingOf(rightProbe, wrongProbe)
  },
}

type Probe = { status: number; isOurs: boolean }

/** A delivery without a body: the server answers it and stores nothing. Undefined where none answers. */
async function probe(baseUrl: string, secret: string): Promise<Probe | undefined> {
  try {
    const { statusCode, headers, body } = await request(`${baseUrl}/webhook`, {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': secret },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    })
    await body.dump()
    const isOurs = String(headers['content-type']).includes('problem+json')
    return { status: statusCode, isOurs }
  } catch {
    // That the server cannot be reached is found by `https` and `health`.
    return undefined
  }
}

function findingOf(rightProbe: Probe | undefined, wrongProbe: Probe | undefined): Finding {
  if (rightProbe === undefined || wrongProbe === undefined || rightProbe.status >= 500)
    return unseen('health')
  if (rightProbe.status === 200 && wrongProbe.status === 401)
    return ok('200 with it, 401 with another')
  if (rightProbe.status === 200) {
    return fail(
      `our server answers ${wrongProbe.status} to a wrong secret, and not 401`,
      'deploy this version: it is another program that answers at /webhook',
    )
  }
  if (rightProbe.status === 401 && rightProbe.isOurs) {
    return fail(
      'our server has another TELEGRAM_WEBHOOK_SECRET than is set here: it answers 401',
      `set the same one there and here, then ${SET_WEBHOOK}`,
    )
  }
  return fail(
    `/webhook answers ${rightProbe.status}: it is not this product that answers`,
    'check WEBHOOK_URL; on Vercel, Project > Settings > Deployment Protection has to be off for it',
  )
}

export const webhookBacklog: Check = {
  needs: ['telegram-token'],
  look: (facts) =>
    askTelegram(facts, async ({ webhookInfo }) => {
      const { url, pending_update_count: pendingCount, ...error } = await webhookInfo()
      const { last_error_date: date, last_error_message: message } = error
      const errorAge = date === undefined ? undefined : facts.now().getTime() / 1_000 - date
      const lastError =
        errorAge === undefined ? '' : `, last error ${ageInWords(errorAge)} ago: ${message}`
      const description = `${pendingCount} pending${lastError}`
      if (url === '' && pendingCount > 0)
        return fail(`${description}, and no webhook`, SET_WEBHOOK, 'webhook-url')
      if (errorAge !== undefined && errorAge < RECENT_SECONDS && pendingCount > 0) {
        return /\b401\b/.test(message)
          ? fail(
              `${description}: the webhook was set with another secret`,
              SET_WEBHOOK,
              'webhook-secret',
            )
          : fail(description, 'npm run doctor -- --only health, and the log of the server')
      }
      const fix = `they come as fast as they are taken: ${SET_WEBHOOK} --max-connections 100 lets more come at once`
      return pendingCount > BACKLOG ? warn(description, fix) : ok(description)
    }),
}

export const webhookUpdates: Check = {
  needs: ['telegram-token'],
  look: (facts) =>
    askTelegram(facts, async ({ webhookInfo }) => {
      const info = await webhookInfo()
      if (info.url === '') return unseen('webhook-url')
      // Without a list come those that bots get by default, ours among them.
      const allowedUpdates = info.allowed_updates ?? ALLOWED_UPDATES
      const missingUpdates =
        allowedUpdates.length === 0
          ? []
          : ALLOWED_UPDATES.filter((type) => !allowedUpdates.includes(type))
      const connections = `at most ${info.max_connections ?? 40} at once`
      return missingUpdates.length === 0
        ? ok(`${ALLOWED_UPDATES.join(', ')}; ${connections}`)
        : fail(`${missingUpdates.join(', ')} not among the updates that come`, SET_WEBHOOK)
    }),
}
