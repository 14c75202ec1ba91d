import type { ServerResponse } from 'node:http'

export type Broadcast = ReturnType<typeof createBroadcast>

/** Server-sent events to all open pages. */
export function createBroadcast() {
  const clients = new Set<ServerResponse>()

  return {
    /** Begins the stream of one page; `write` sends it what it has missed. */
    open(response: ServerResponse): void {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
      })
      clients.add(response)
      response.once('close', () => clients.delete(response))
    },

    /** Sends an event to one page, or to all. */
    send(name: string, value: unknown, onlyPage?: ServerResponse): void {
      const event = `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
      for (const client of onlyPage ? [onlyPage] : clients) client.write(event)
    },

    close(): void {
      for (const client of clients) client.end()
    },
  }
}
