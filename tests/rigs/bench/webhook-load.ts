import { Pool } from 'undici'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'

/** Deliveries come from so many chats, one after another. */
export const CHATS = 10_000

let updates = 0

/** An update that makes next to no work: Telegram tells that a chat is called something else now. */
export function newTitleUpdate(): Update {
  updates += 1
  const id = 1 + (updates % CHATS)
  const person = { id, first_name: 'Olena' }
  return {
    update_id: updates,
    message: {
      message_id: updates,
      from: { ...person, is_bot: false },
      chat: { ...person, type: 'private' },
      date: Math.floor(Date.now() / 1000),
      new_chat_title: 'Kurz češtiny',
    },
  }
}

/**
 * Delivers updates over so many connections, as fast as they are acknowledged: how long each took, in ms,
 * and how many were delivered again, which is in their time.
 */
export async function deliverAll(
  target: { url: string; secret: string },
  connections: number,
  deliveries: number,
): Promise<{ latencies: number[]; redeliveries: number }> {
  const pool = new Pool(target.url, { connections, pipelining: 1 })
  const headers = {
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': target.secret,
  }
  const latencies: number[] = []
  let remainingCount = deliveries
  let redeliveries = 0
  async function deliver(): Promise<void> {
    while (remainingCount > 0) {
      remainingCount -= 1
      const body = JSON.stringify(newTitleUpdate())
      const startedAt = performance.now()
      const status = await post(body).catch((error: unknown) => {
        // A connection that the server has closed or refused: Telegram would try again, too.
        if (!isConnections(error)) throw error
        redeliveries += 1
        return post(body)
      })
      latencies.push(performance.now() - startedAt)
      if (status !== 200) throw new Error(`A delivery was answered ${status}.`)
    }
  }
  async function post(body: string): Promise<number> {
    const answer = await pool.request({ method: 'POST', path: '/webhook', headers, body })
    await answer.body.dump()
    return answer.statusCode
  }
  await Promise.all(Array.from({ length: connections }, deliver))
  await pool.close()
  return { latencies, redeliveries }
}

function isConnections(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code)
}
