import { z } from 'zod'
import type { Dashboard } from '../../app/dashboard/dashboard.ts'
import type { Now } from '../../app/ports.ts'
import type { Answer } from '../answer.ts'
import type { BaseDeps } from '../answering.ts'
import { readBytes, readJson } from '../body.ts'
import { type Problem, problem } from '../problem.ts'
import { isSecret } from '../secret.ts'
import { foreignPageProblem } from './own-page.ts'
import { endedSessionCookie, sessionCookie } from './session.ts'

export type SignInDeps = BaseDeps & {
  config: { adminToken: string | undefined }
  now: Now
  dashboard(): Promise<Pick<Dashboard, 'signInAttempts'>>
}

const MAX_BYTES = 4_096
const Credentials = z.object({ token: z.string() })

/** `POST /api/dashboard/session`: begins a session for the admin token; wrong ones are slowed down. */
export async function signIn(request: Request, deps: SignInDeps): Promise<Answer | Problem> {
  const foreign = foreignPageProblem(request)
  if (foreign !== undefined) return foreign
  const { adminToken } = deps.config
  if (adminToken === undefined) {
    return problem('misconfigured', {
      detail: 'ADMIN_TOKEN is not set: set it to 16 characters or more, and start anew.',
    })
  }
  const { bytes } = await readBytes(request, MAX_BYTES)
  const { data } = Credentials.safeParse(readJson(bytes))
  if (data === undefined) {
    const errors = [{ field: 'token', message: 'is required' }]
    return problem('invalid_request', { detail: 'Send {"token": "..."}.', errors })
  }
  return answerTo(data.token.trim(), adminToken, request, deps)
}

async function answerTo(
  token: string,
  adminToken: string,
  request: Request,
  { dashboard, now, log }: SignInDeps,
): Promise<Answer | Problem> {
  const { signInAttempts } = await dashboard()
  // The place is taken before the token is looked at: requests that come at once are counted, too.
  const attempt = await signInAttempts.begin()
  if (attempt.kind === 'refused') {
    const { retryAfterSeconds } = attempt
    const seconds = Math.ceil(retryAfterSeconds)
    const detail = `Too many wrong tokens. Try again in ${seconds} s.`
    return problem('too_many_attempts', { detail, retryAfterSeconds })
  }
  if (!isSecret(token, adminToken)) {
    return problem('unauthorized', { detail: 'This is not the ADMIN_TOKEN of this deployment.' })
  }
  await signInAttempts.clear()
  log.info('dashboard_signed_in')
  return {
    kind: 'answer',
    body: { signedIn: true },
    headers: { 'set-cookie': sessionCookie(request, adminToken, now()) },
  }
}

/** `DELETE /api/dashboard/session`: takes the session off the browser. */
export async function signOut(request: Request): Promise<Answer | Problem> {
  return (
    foreignPageProblem(request) ?? {
      kind: 'answer',
      body: { signedIn: false },
      headers: { 'set-cookie': endedSessionCookie(request) },
    }
  )
}
