/**
 * The answer of a lesson that was streamed as events: the data of its last event, with the status that it would
 * have had unstreamed. Throws where the last event is missing: the stream was cut off.
 */
export function streamedAnswer(events: string): { status: number; body: string } {
  const [, event, body = ''] = /(?:^|\n)event: (done|error)\ndata: (.*)\n\n$/.exec(events) ?? []
  if (event === undefined) throw new Error('The stream was cut off.')
  const { status = 200 } = JSON.parse(body) as { status?: number }
  return { status, body }
}

/** Tells whether an answer is a stream of events. */
export function isStreamed({ headers }: Response): boolean {
  return headers.get('content-type') === 'text/event-stream'
}
