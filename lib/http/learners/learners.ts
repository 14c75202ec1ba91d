import type { ApiKey, ApiKeys } from '../../app/api-keys.ts'
import type { Learners } from '../../app/learner/learners.ts'
import type { PersonalData } from '../../app/privacy/personal-data.ts'
import type { Answer } from '../answer.ts'
import type { BaseDeps } from '../answering.ts'
import { type Problem, problem } from '../problem.ts'
import { bearerOf } from '../secret.ts'

export type LearnersApiDeps = BaseDeps & {
  apiKeys: ApiKeys
  learners: Pick<Learners, 'findOfApiKey'>
  personalData(): Promise<PersonalData>
}

/** The path as the log may have it: a caller's id may be a name. */
const LEARNER_PATH = '/api/v1/learners/{user_id}'

/** `GET /api/v1/learners/{user_id}`: all that is kept of a learner. */
export function exportLearner(request: Request, deps: LearnersApiDeps): Promise<Answer | Problem> {
  return forLearner(request, deps, async (personalData, learnerId) => {
    const body = await personalData.exportOf({ learnerId })
    return { kind: 'answer', body, isTraceable: true }
  })
}

/** `DELETE /api/v1/learners/{user_id}`: deletes all that is kept of a learner; a lesson that runs ends without an answer. */
export function deleteLearner(request: Request, deps: LearnersApiDeps): Promise<Answer | Problem> {
  return forLearner(request, deps, async (personalData, learnerId) => {
    await personalData.delete({ learnerId })
    deps.log.info('learner_deleted', { learner_id: learnerId })
    return { kind: 'answer', status: 204, isTraceable: true }
  })
}

async function forLearner(
  request: Request,
  deps: LearnersApiDeps,
  act: (personalData: PersonalData, learnerId: number) => Promise<Answer>,
): Promise<Answer | Problem> {
  const apiKey = await deps.apiKeys.authenticate(bearerOf(request) ?? '')
  if (apiKey === undefined) {
    const detail = 'Send an API key as `Authorization: Bearer <key>`.'
    return logged(problem('unauthorized', { detail }, { 'www-authenticate': 'Bearer' }))
  }
  const learnerId = await learnerOf(deps, apiKey, userIdOf(request))
  if (typeof learnerId === 'object') return logged(learnerId, apiKey)
  return act(await deps.personalData(), learnerId)
}

async function learnerOf(
  { learners }: LearnersApiDeps,
  { id, telegramLearners }: ApiKey,
  userId: string | undefined,
): Promise<number | Problem> {
  if (telegramLearners) {
    const detail = 'Learners on Telegram ask for this themselves: /export_me and /delete_me.'
    return problem('forbidden', { detail })
  }
  if (userId === undefined) {
    const errors = [{ field: 'user_id', message: 'must be the last part of the path, URL-encoded' }]
    return problem('invalid_request', { detail: 'user_id is missing or not readable', errors })
  }
  const learner = await learners.findOfApiKey(id, userId)
  const detail = 'This key has no learner of that user_id.'
  return learner?.id ?? problem('unknown_learner', { detail })
}

function logged(refusal: Problem, apiKey?: ApiKey): Problem {
  return { ...refusal, logFields: { path: LEARNER_PATH, ...(apiKey && { api_key_id: apiKey.id }) } }
}

/** The last part of the path; or the parameter of that name, for ids such as `..` that no path can have. */
function userIdOf(request: Request): string | undefined {
  const { pathname, searchParams } = new URL(request.url)
  const encodedId = /^\/api\/v1\/learners\/([^/]+)$/.exec(pathname)?.[1]
  const userId = encodedId === undefined ? searchParams.get('user_id') : decoded(encodedId)
  // The database's text has no NUL, and no learner has an id with one.
  return userId === null || userId === '' || /\0/.test(userId) ? undefined : userId
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    // A `%` that begins no encoded byte: its caller is told so.
    return null
  }
}
