import { getDeps } from '../lib/deps.ts'
import { healthOf } from '../lib/http/health.ts'

/** `GET /health`. */
export default { fetch: healthOf(getDeps) }
