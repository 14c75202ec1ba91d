import { getDeps } from '../lib/deps.ts'
import { answering } from '../lib/http/answering.ts'
import { changeJob, showDashboard } from '../lib/http/dashboard/dashboard.ts'

/** `/api/dashboard`: what the operator's page shows and does; the page itself is a file. */
export default { fetch: answering(getDeps, { GET: showDashboard, POST: changeJob }) }
