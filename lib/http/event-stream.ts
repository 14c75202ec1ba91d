/** Sends one event: its name, and its data as JSON. */
export type SendEvent = (event: string, data: unknown) => void

export type EventStream = {
  body: ReadableStream<Uint8Array>
  send: SendEvent
  /** Keeps the connection alive while there is no event to send. */
  idle(): void
  end(): void
  hasLeft(): boolean
}

const encoder = new TextEncoder()

/** Opens a body of server-sent events; after its end, or after its client has left, sending does nothing. */
export function eventStream(): EventStream {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let hasEnded = false
  let hasLeft = false
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      controller = stream
    },
    cancel() {
      hasLeft = true
    },
  })
  // The lesson goes on for other clients: what it still tells this one must not fail.
  const isOpen = () => !hasEnded && !hasLeft
  const write = (text: string) => {
    if (isOpen()) controller?.enqueue(encoder.encode(text))
  }
  return {
    body,
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    idle: () => write(': waiting\n\n'),
    end() {
      if (isOpen()) controller?.close()
      hasEnded = true
    },
    hasLeft: () => hasLeft,
  }
}

/** Tells whether a request asks to be answered by events. */
export function wantsEvents(request: Request): boolean {
  return /(^|,)\s*text\/event-stream\s*(;(?!\s*q=0(\.0+)?\s*(,|$))|,|$)/i.test(
    request.headers.get('accept') ?? '',
  )
}
