import { getDeps } from '../lib/deps.ts'
import { answering } from '../lib/http/answering.ts'
import { scrapeMetrics } from '../lib/http/metrics/scrape.ts'

/** `GET /metrics`: for Prometheus. */
export default { fetch: answering(getDeps, { GET: scrapeMetrics }) }
