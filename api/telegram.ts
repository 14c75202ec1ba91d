import { getDeps } from '../lib/deps.ts'
import { answering } from '../lib/http/answering.ts'
import { takeDelivery } from '../lib/http/webhook/delivery.ts'

/** `POST /webhook`: Telegram's deliveries. */
export default { fetch: answering(getDeps, { POST: takeDelivery }) }
