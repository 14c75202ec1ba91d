import { type Problem, problem } from '../problem.ts'

/**
 * The problem of a request that changes something and may come from another site's page; undefined for one of our own
 * page's, and for a program's. A page elsewhere can send no JSON without asking first, and is refused by name besides.
 */
export function foreignPageProblem(request: Request): Problem | undefined {
  const { headers } = request
  const site = headers.get('sec-fetch-site')
  const isForeign = site === null ? isOfOtherHost(request) : site !== 'same-origin'
  if (isForeign)
    return problem('forbidden', { detail: 'This is for the page at /dashboard alone.' })
  const isJson = /^application\/json\b/i.test(headers.get('content-type') ?? '')
  if (isJson || request.method === 'DELETE') return undefined
  const errors = [{ field: 'content-type', message: 'must be application/json' }]
  return problem('invalid_request', { detail: 'The request is to be JSON.', errors })
}

/** For browsers that send only the origin, as all do where the connection is not encrypted. */
function isOfOtherHost(request: Request): boolean {
  const origin = request.headers.get('origin')
  if (origin === null) return false
  const ownHosts = [
    request.headers.get('x-forwarded-host'),
    request.headers.get('host'),
    new URL(request.url).host,
  ]
  return !URL.canParse(origin) || !ownHosts.includes(new URL(origin).host)
}
