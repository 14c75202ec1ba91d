import assert from 'node:assert/strict'
import fc from 'fast-check'
import { answering } from '../../../lib/http/answering.ts'
import { changeJob } from '../../../lib/http/dashboard/dashboard.ts'
import { hasSession, sessionCookie } from '../../../lib/http/dashboard/session.ts'
import { signIn } from '../../../lib/http/dashboard/sign-in.ts'
import { hostileJson } from './json.ts'
import { SILENT } from './provider.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

const ADMIN_TOKEN = 'an-admin-token-of-the-fuzz-rig'
const NOW = new Date('2026-11-28T12:00:00Z')
const page = new Request('https://bot.example/dashboard')
const signedCookie = sessionCookie(page, ADMIN_TOKEN, NOW).split(';', 1).join()

/** Any header, and the right one with a part of it changed. */
const cookie = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e]{0,200}$/),
  fc.stringMatching(/^[\x21-\x7e]{0,120}$/).map((value) => `mluv_dashboard=${value}`),
  fc
    .tuple(fc.nat({ max: signedCookie.length - 1 }), fc.stringMatching(/^[\w.;= -]{0,3}$/))
    .map(([at, part]) => `${signedCookie.slice(0, at)}${part}${signedCookie.slice(at + 1)}`),
)

/** What comes to the operator's page. */
export const DASHBOARD_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'dashboard cookies',
    fact: 'no cookie opens the dashboard but the one that was signed',
    weight: 3,
    arbitrary: cookie,
    holds(text) {
      const request = new Request(page, { headers: { cookie: text } })
      const isSigned = text.split(';').some((pair) => pair.trim() === signedCookie)
      assert.equal(hasSession(request, ADMIN_TOKEN, NOW), isSigned)
    },
  }),
  fuzzTarget({
    name: 'dashboard sign-in',
    fact: 'no body signs an operator in but one with the admin token',
    weight: 10,
    arbitrary: fc.oneof(
      hostileText(),
      hostileJson(),
      hostileJson().map((token) => `{"token":${token}}`),
      fc
        .tuple(hostileText(2), hostileText(2))
        .map(([before, suffix]) => JSON.stringify({ token: before + ADMIN_TOKEN + suffix })),
    ),
    async holds(body) {
      const signInAttempts = { begin: async () => ({ kind: 'allowed' as const }), async clear() {} }
      const dashboard = async () => ({ signInAttempts })
      const deps = {
        config: { adminToken: ADMIN_TOKEN, showsTracebacks: false },
        log: SILENT,
        now: () => NOW,
        dashboard,
      }
      const fetch = answering(async () => deps, { POST: signIn })
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(new Request(page, { method: 'POST', headers, body }))
      const isToken = tokenIn(body)?.trim() === ADMIN_TOKEN
      assert.equal(response.status === 200, isToken, `It is answered ${response.status}.`)
      assert.equal(response.headers.has('set-cookie'), isToken)
      assert.ok(
        [200, 400, 401, 413].includes(response.status),
        `It is answered ${response.status}.`,
      )
    },
  }),
  fuzzTarget({
    name: 'dashboard commands',
    fact: 'whatever an operator’s browser sends is done or refused, and fails nothing',
    weight: 2,
    arbitrary: fc.oneof(
      hostileText(),
      hostileJson(),
      fc
        .tuple(fc.constantFrom('retry', 'discard', 'other'), hostileJson())
        .map(([action, job]) => `{"action":"${action}","job":${job}}`),
    ),
    async holds(body, subject) {
      const { deps } = await subject.product()
      const config = { ...deps.config, adminToken: ADMIN_TOKEN }
      const fetch = answering(async () => ({ ...deps, config, now: () => NOW }), {
        POST: changeJob,
      })
      const headers = { 'content-type': 'application/json', cookie: signedCookie }
      const { status } = await fetch(new Request(page, { method: 'POST', headers, body }))
      assert.ok(status === 200 || status === 400, `It is answered ${status}.`)
    },
  }),
]

/** The token of a body as anyone reads it. */
function tokenIn(body: string): string | undefined {
  try {
    const token: unknown = JSON.parse(body)?.token
    return typeof token === 'string' ? token : undefined
  } catch {
    // It is no JSON, or null.
    return undefined
  }
}
