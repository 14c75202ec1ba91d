import { getDeps } from '../../lib/deps.ts'
import { answering } from '../../lib/http/answering.ts'
import { sweepNow } from '../../lib/http/sweep.ts'

/** `GET /api/cron/sweep`: for the platform's scheduler. */
export default { fetch: answering(getDeps, { GET: sweepNow }) }
