import type { EventStream } from './event-stream.ts'
import type { Problem } from './problem.ts'

/** What a handler returns where it has no problem. `answering` makes the response of it. */
export type Answer = {
  kind: 'answer'
  /** 200 by default. */
  status?: number
  /** Sent as JSON; no body by default. */
  body?: object
  /** Sent as it is in place of a body; the headers say what it is. */
  text?: string
  headers?: Record<string, string>
  /** Also has the request id as `x-request-id`, as every problem does. */
  isTraceable?: boolean
}

/** An answer sent as events while it is made; the last event is its outcome, `done` or `error`. */
export type EventsAnswer = {
  kind: 'events'
  headers?: Record<string, string>
  /** Keeps the work going beside the response, which is returned before it is over. */
  runBeside(work: () => Promise<void>): void
  /** Sends the events, and resolves with what the last one says. */
  send(stream: EventStream): Promise<Answer | Problem>
}
