import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from '../../../db/open.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { jobOfDelivery } from '../../../lib/http/webhook/update.ts'

/** What the bare servers share: only the product's insert, through the same kind of pool. */

export const { WEBHOOK_SECRET = '', DATABASE_URL } = process.env

/** As no bot's: neither library shall ask Telegram who it is. */
export const BOT = { token: '12345:bare', id: 12345, username: 'bare_bot', first_name: 'Bare' }

/** Opens the database, and returns what stores one update. */
export async function openBareInbox(): Promise<(update: object) => Promise<void>> {
  const { db } = await openDatabase({ url: DATABASE_URL, pgliteDir: '' })
  const inbox = pgInbox(db, { leaseSeconds: 20 })
  return async (update) => {
    await inbox.add(jobOfDelivery(String(BOT.id), Buffer.from(JSON.stringify(update))))
  }
}

/** Listens on any port, and says so as `npm start` does. */
export function listen(handle: RequestListener): void {
  const server = createServer(handle).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    console.log(`listening on http://127.0.0.1:${port}`)
  })
}
