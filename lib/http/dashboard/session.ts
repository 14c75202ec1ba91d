import { createHmac, randomBytes } from 'node:crypto'
import { isSecret } from '../secret.ts'

/** How long an operator stays signed in. */
export const SESSION_SECONDS = 12 * 3_600

const COOKIE = 'mluv_dashboard'
const PATH = '/api/dashboard'

/** The `Set-Cookie` that begins a session. It is keyed by the admin token: another token ends all sessions. */
export function sessionCookie(request: Request, adminToken: string, now: Date): string {
  const endsAt = Math.floor(now.getTime() / 1000) + SESSION_SECONDS
  const claim = `${endsAt}.${randomBytes(16).toString('base64url')}`
  return cookie(request, `${claim}.${signatureOf(claim, adminToken)}`, SESSION_SECONDS)
}

/** The `Set-Cookie` that takes the session off the browser. */
export function endedSessionCookie(request: Request): string {
  return cookie(request, '', 0)
}

/** Tells whether a request comes from a browser that is signed in. */
export function hasSession(request: Request, adminToken: string | undefined, now: Date): boolean {
  return (
    adminToken !== undefined &&
    valuesOf(request).some((value) => isSession(value, adminToken, now.getTime() / 1000))
  )
}

function isSession(value: string, adminToken: string, nowSeconds: number): boolean {
  const [, claim = '', ends = '', signature = ''] =
    /^((\d{10})\.[\w-]{22})\.([\w-]{43})$/.exec(value) ?? []
  const isSigned = isSecret(signature, signatureOf(claim, adminToken))
  return isSigned && Number(ends) > nowSeconds && Number(ends) <= nowSeconds + SESSION_SECONDS
}

function signatureOf(claim: string, adminToken: string): string {
  return createHmac('sha256', adminToken).update(`dashboard session ${claim}`).digest('base64url')
}

/** Every value under the name: a page of a neighbouring host can set one of its own beside ours. */
function valuesOf(request: Request): string[] {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  return pairs.flatMap((pair) =>
    pair.startsWith(`${COOKIE}=`) ? [pair.slice(COOKIE.length + 1)] : [],
  )
}

function cookie(request: Request, value: string, seconds: number): string {
  const fields = [`${COOKIE}=${value}`, `Path=${PATH}`, `Max-Age=${seconds}`]
  return [...fields, 'HttpOnly', 'SameSite=Strict', ...(isSecure(request) ? ['Secure'] : [])].join(
    '; ',
  )
}

/** The browser's connection: where a proxy ends it, the proxy says what it was. */
function isSecure(request: Request): boolean {
  const forwardedProtocol = request.headers.get('x-forwarded-proto')?.split(',', 1).join().trim()
  return (forwardedProtocol ?? new URL(request.url).protocol.slice(0, -1)) === 'https'
}
