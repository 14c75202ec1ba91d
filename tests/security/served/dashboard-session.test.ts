import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hasSession, SESSION_SECONDS, sessionCookie } from '../../../lib/http/dashboard/session.ts'
import { addFailedJob } from '../../dashboard/busy-month.ts'
import { SECRETS, type Served, serveFunctions } from '../served.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const TOKEN = 'an-admin-token-of-this-test'
const JSON_TYPE = { 'content-type': 'application/json' }

let server: Served
beforeAll(async () => {
  server = await serveFunctions()
})
afterAll(() => server.close())
beforeEach(() => sql`update sign_in set attempts = '{}'`.execute(server.db))

function signInWith(token: string, headers: Record<string, string> = {}, scheme = 'https') {
  const request = new Request(`${scheme}://bot.example/api/dashboard/session`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ token }),
  })
  return server.ask(request)
}

function withCookie(value: string): Request {
  const cookie = `theme=dark; mluv_dashboard=${value}`
  return new Request('https://bot.example/api/dashboard?period=24h', { headers: { cookie } })
}

function newValue(at = NOW, token = TOKEN): string {
  const cookie = sessionCookie(new Request('https://bot.example/'), token, at)
  return /=([^;]+)/.exec(cookie)?.[1] ?? ''
}

test('the cookie of a session is out of reach of scripts and other sites, and for encrypted connections where there is one', async () => {
  const cookieOf = async (...args: Parameters<typeof signInWith>) =>
    (await signInWith(...args)).headers.get('set-cookie')
  const plainCookie =
    /^mluv_dashboard=[\w.-]+; Path=\/api\/dashboard; Max-Age=43200; HttpOnly; SameSite=Strict$/
  expect(await cookieOf(SECRETS.ADMIN_TOKEN, {}, 'http')).toMatch(plainCookie)
  const secure = /; HttpOnly; SameSite=Strict; Secure$/
  expect(await cookieOf(SECRETS.ADMIN_TOKEN)).toMatch(secure)
  const proxyHeaders = { 'x-forwarded-proto': 'https' }
  expect(await cookieOf(SECRETS.ADMIN_TOKEN, proxyHeaders, 'http')).toMatch(secure)
  expect(await cookieOf('a-wrong-token')).toBeNull()
})

test('a session lasts twelve hours, and ends when the admin token is another one', () => {
  const request = withCookie(newValue())
  const timeAfter = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
  expect(hasSession(request, TOKEN, timeAfter(SESSION_SECONDS - 1))).toBe(true)
  expect(hasSession(request, TOKEN, timeAfter(SESSION_SECONDS))).toBe(false)
  expect(hasSession(request, `${TOKEN}2`, NOW)).toBe(false)
  expect(hasSession(request, undefined, NOW)).toBe(false)
})

test('a session that was altered, lasts too long or was signed with something else is none', () => {
  const [ends = '', nonce = '', signature = ''] = newValue().split('.')
  const laterEnd = String(Number(ends) + 60)
  const signedBy = (key: string, claim: string) =>
    createHmac('sha256', key).update(`dashboard session ${claim}`).digest('base64url')
  const wrongCookies = [
    '',
    `${laterEnd}.${nonce}.${signature}`,
    `${ends}.${nonce}.`,
    `${ends}.${nonce}`,
    `${ends}.${nonce}.${'A'.repeat(43)}`,
    `${ends}.${nonce}.${signature}=`,
    `${laterEnd}.${nonce}.${signedBy(TOKEN, `${laterEnd}.${nonce}`)}`,
    `${ends}.${nonce}.${signedBy('', `${ends}.${nonce}`)}`,
    TOKEN,
  ]
  for (const value of wrongCookies)
    expect([value, hasSession(withCookie(value), TOKEN, NOW)]).toEqual([value, false])
  // A neighbouring host can set a cookie of the same name beside ours.
  expect(hasSession(withCookie(`x; mluv_dashboard=${newValue()}`), TOKEN, NOW)).toBe(true)
})

test('after five wrong tokens in a minute no token is looked at, not even the right one, and sessions go on', async () => {
  const session = await server.newSession()
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    expect((await signInWith(`wrong-token-${attempt}`)).status).toBe(401)
  }
  const refusal = await signInWith(SECRETS.ADMIN_TOKEN)
  expect([refusal.status, refusal.headers.get('set-cookie')]).toEqual([429, null])
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(50)
  expect(await refusal.json()).toMatchObject({ code: 'too_many_attempts' })
  expect((await server.ask(withCookie(session))).status).toBe(200)
  await sql`update sign_in set attempts = array(select at - interval '1 minute' from unnest(attempts) as at)`.execute(
    server.db,
  )
  expect((await signInWith(SECRETS.ADMIN_TOKEN)).status).toBe(200)
})

test.each([
  ['another site by its name', { origin: 'https://elsewhere.example', ...JSON_TYPE }, 403],
  ['another site, as the browser says', { 'sec-fetch-site': 'cross-site', ...JSON_TYPE }, 403],
  ['a neighbouring host', { 'sec-fetch-site': 'same-site', ...JSON_TYPE }, 403],
  ['a page without an origin', { origin: 'null', ...JSON_TYPE }, 403],
  ['a form', { 'content-type': 'text/plain' }, 400],
  [
    'a form of another site',
    { origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' },
    403,
  ],
])(
  'a request of %s changes no job and signs nobody in, though the browser sends the cookie',
  async (_, headers, status) => {
    const id = await addFailedJob(server.db, { state: 'dead', lastError: 'provider-failed: reply' })
    const cookie = `mluv_dashboard=${await server.newSession()}`
    const body = JSON.stringify({ action: 'discard', job: id })
    const request = new Request('https://bot.example/api/dashboard', {
      method: 'POST',
      headers: { ...headers, cookie },
      body,
    })
    expect((await server.ask(request)).status).toBe(status)
    const { state } = await server.db
      .selectFrom('inbox')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(state).toBe('dead')
    const signIn = new Request('https://bot.example/api/dashboard/session', {
      method: 'POST',
      headers,
      body: JSON.stringify({ token: SECRETS.ADMIN_TOKEN }),
    })
    const response = await server.ask(signIn)
    expect([response.status, response.headers.get('set-cookie')]).toEqual([status, null])
  },
)

test('a job is retried and discarded once, however often it is asked, and one that there is not is unknown', async () => {
  const deadId = await addFailedJob(server.db, {
    state: 'dead',
    lastError: 'provider-failed: reply',
  })
  const poison = await addFailedJob(server.db, { state: 'poison', lastError: 'odd' })
  const headers = { ...JSON_TYPE, cookie: `mluv_dashboard=${await server.newSession()}` }
  const change = async (action: string, job: number) => {
    const body = JSON.stringify({ action, job })
    const response = await server.ask(
      new Request('https://bot.example/api/dashboard', { method: 'POST', headers, body }),
    )
    return ((await response.json()) as { change: { kind: string } }).change.kind
  }
  expect([await change('discard', poison), await change('discard', poison)]).toEqual([
    'changed',
    'unchanged',
  ])
  expect([await change('retry', deadId), await change('retry', deadId)]).toEqual([
    'changed',
    'unchanged',
  ])
  expect(await change('retry', 999_999)).toBe('unknown')
  await server.deps.idle()
  const { steps } = (await (
    await server.ask(new Request(`https://bot.example/api/dashboard?job=${deadId}`, { headers }))
  ).json()) as { steps: { step: string }[] }
  expect(steps.filter(({ step }) => step.startsWith('operator: retry at '))).toHaveLength(1)
})
