/** Sends one event: its name, and what it tells as JSON. */
export type SendEvent = (event: string, data: unknown) => void

export type EventStream = {
  response: Response
  send: SendEvent
  /** Keeps the connection alive where nothing is to be told. */
  idle(): void
  end(): void
  hasLeft(): boolean
}

const encoder = new TextEncoder()

/** Opens a response of server-sent events; nothing is sent any more to a client that has left. */
export function eventStream(headers: Record<string, string>): EventStream {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let hasLeft = false
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      controller = stream
    },
    cancel() {
      hasLeft = true
    },
  })
  const write = (text: string) => {
    if (!hasLeft) controller?.enqueue(encoder.encode(text))
  }
  return {
    response: new Response(body, {
      // Proxies that gather answers (nginx) are asked not to.
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', ...headers },
    }),
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    idle: () => write(': waiting\n\n'),
    end() {
      if (!hasLeft) controller?.close()
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
