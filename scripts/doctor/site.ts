import { connect, type PeerCertificate } from 'node:tls'
import { request } from 'undici'
import { z } from 'zod'
import { ConfigError } from '../../lib/config/environment.ts'
import { parseJson } from '../../lib/domain/json.ts'
import { CHECK_NAMES, type Check, type CheckName, fail, ok, unseen, warn } from './check.ts'
import type { Facts } from './facts.ts'

/** Certificates are renewed with a third of their 90 days left. */
const EXPIRY_WARN_DAYS = 14
const TIMEOUT_MS = 4_500

/** Where our server is: WEBHOOK_URL, or else the host that Telegram delivers to. */
export async function baseUrlOf({ telegram }: Facts): Promise<string | undefined> {
  if (telegram instanceof ConfigError) return undefined
  if (telegram.webhookUrl !== undefined) return telegram.webhookUrl
  // Where Telegram does not answer, `telegram-token` says so.
  const info = await telegram.webhookInfo().catch(() => undefined)
  return info && URL.canParse(info.url) ? new URL(info.url).origin : undefined
}

export const https: Check = {
  async look(facts) {
    if (facts.telegram instanceof ConfigError) return unseen('config')
    const baseUrl = await baseUrlOf(facts)
    if (baseUrl === undefined) return unseen('webhook-url')
    const url = new URL(baseUrl)
    if (url.protocol === 'http:') {
      const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
      return isHere
        ? ok('plain HTTP, on this machine')
        : fail('Telegram delivers to https:// only', 'set WEBHOOK_URL to an https:// address')
    }
    const certificate = await certificateOf(url)
    if ('unreached' in certificate)
      return fail(`${url.host}: ${certificate.unreached}`, REACH, 'health')
    const days = Math.floor((Date.parse(certificate.validTo) - facts.now().getTime()) / 86_400_000)
    const words = `the certificate of ${url.host} ${days < 0 ? `ended ${-days} days ago` : `has ${days} days left`}`
    if (days < 0) return fail(words, RENEW)
    if (certificate.problem !== undefined) {
      return fail(`the certificate of ${url.host} is not trusted: ${certificate.problem}`, CHAIN)
    }
    return days < EXPIRY_WARN_DAYS ? warn(words, RENEW) : ok(words)
  },
}

const REACH = 'check WEBHOOK_URL, its DNS record, and that port 443 is open'
const RENEW =
  'renew it (certbot renew, or caddy reload); on Vercel: Project > Settings > Domains > the domain > Refresh'
const CHAIN = 'serve the whole chain (fullchain.pem) of an authority that Telegram trusts'

type Certificate = { validTo: string; problem?: string } | { unreached: string }

function certificateOf({ hostname, port }: URL): Promise<Certificate> {
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    // Looked at even where it is not trusted; what is sent over it is nothing.
    const socket = connect({
      host,
      port: Number(port || 443),
      ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    })
    const end = (certificate: Certificate) => {
      socket.destroy()
      resolve(certificate)
    }
    socket.once('secureConnect', () => {
      const { valid_to: validTo = '' }: Partial<PeerCertificate> = socket.getPeerCertificate()
      const problem = socket.authorized ? {} : { problem: String(socket.authorizationError) }
      end({ validTo, ...problem })
    })
    socket.once('timeout', () => end({ unreached: 'no answer' }))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end({ unreached: error.code ?? error.message })
    })
  })
}

const Health = z.object({
  status: z.string(),
  version: z.string().default(''),
  checks: z.record(z.string(), z.string()).default({}),
})

export const health: Check = {
  async look(facts) {
    if (facts.telegram instanceof ConfigError) return unseen('config')
    const baseUrl = await baseUrlOf(facts)
    if (baseUrl === undefined) return unseen('webhook-url')
    await sweepSeen(facts)
    try {
      const { statusCode, body } = await request(`${baseUrl}/health`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      return findingOf(statusCode, await body.text())
    } catch (error) {
      // That it does not answer is the finding.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
      const isCertificate = /CERT|SELF_SIGNED|SIGNATURE|ALTNAME/.test(code)
      return fail(
        `${new URL(baseUrl).host} does not answer: ${code}`,
        'start the server, and look at its log; on Vercel: Project > Deployments',
        ...(isCertificate ? (['https'] as const) : []),
      )
    }
  },
}

/** Lets `cron` look first, for a moment: the call of /health makes the server sweep. */
async function sweepSeen({ database, sleep }: Facts): Promise<void> {
  const end = new AbortController()
  const moment = sleep(1_000, end.signal)
  // Either may reject: that the look was tried is enough.
  await Promise.race([database.duties(), moment]).catch(() => {})
  end.abort()
  await moment.catch(() => {})
}

function findingOf(statusCode: number, body: string) {
  const { data } = Health.safeParse(parseJson(body))
  if (data === undefined) {
    return fail(
      `/health answers ${statusCode}, and not as this product does`,
      'check WEBHOOK_URL; on Vercel, Project > Settings > Deployment Protection has to be off for it',
    )
  }
  if (statusCode === 200) return ok(`${data.status}, version ${data.version}`)
  const failedChecks = Object.entries(data.checks).filter(
    ([, state]) => !/^(ok|configured|unknown)\b/.test(state),
  )
  const names = failedChecks.map(([name]) => name)
  const causes = names.filter((name): name is CheckName =>
    CHECK_NAMES.some((checkName) => checkName === name),
  )
  return fail(
    failedChecks.map(([name, state]) => `${name}: ${state}`).join('; ') || data.status,
    'do what it says, where the server runs: its environment may differ from the one here',
    // What has no check of its own is said here.
    ...(causes.length === names.length ? causes : []),
  )
}
