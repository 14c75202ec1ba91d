import type { WebSocket } from 'ws'
import { badRequest, type Fault } from './faults.ts'
import { respond, type SpeechRequest } from './realtime-response.ts'
import { fieldOf } from './schema.ts'
import type { SpeechLatency, Voice } from './speech.ts'
import { openTimeline, type Timeline } from './timeline.ts'

export type RealtimeOptions = {
  model: string
  latency: SpeechLatency
  speak: Voice
  /** Called for each requested response; returns its fault, if any. */
  begin(request: SpeechRequest, timeline: Timeline): Fault | undefined
}

/** Serves the part of OpenAI's Realtime API that speech needs: text in, audio with its transcript out. */
export function serveRealtime(
  socket: WebSocket,
  { model, latency, speak, begin }: RealtimeOptions,
): void {
  let session: object = { type: 'realtime', model, output_modalities: ['audio'] }
  let events = 0
  const conversation: unknown[] = []

  function send(type: string, fields: object): void {
    events += 1
    socket.send(JSON.stringify({ type, event_id: `event_${events}`, ...fields }))
  }

  async function receive(event: unknown): Promise<void> {
    switch (fieldOf(event, 'type')) {
      case 'session.update':
        return updateSession(fieldOf(event, 'session'))
      case 'conversation.item.create':
        conversation.push(fieldOf(event, 'item'))
        return send('conversation.item.added', { item: fieldOf(event, 'item') })
      case 'response.create':
        return createResponse(fieldOf(event, 'response'))
      default:
        return sendError(`Invalid value: '${fieldOf(event, 'type')}'.`)
    }
  }

  function updateSession(update: unknown): void {
    const problem = problemWith(update)
    if (problem !== undefined) {
      sendError(problem)
    } else {
      session = { ...session, ...Object(update) }
      send('session.updated', { session })
    }
  }

  async function createResponse(response: unknown): Promise<void> {
    const timeline = openTimeline()
    const request = requestOf(session, response, conversation)
    const fault = begin(request, timeline)
    await respond({ id: `resp_${events}`, request, fault, timeline, latency, speak, socket, send })
  }

  function sendError(message: string): void {
    send('error', { error: badRequest(message).error })
  }

  send('session.created', { session })
  let work = Promise.resolve()
  socket.on('message', (data) => {
    // One after the other, as the real server answers them.
    work = work
      .then(() => receive(JSON.parse(String(data))))
      .catch((error: unknown) => socket.close(1011, String(error).slice(0, 100)))
  })
}

/** Why the real server would refuse a session; undefined where it is valid. */
function problemWith(session: unknown): string | undefined {
  if (fieldOf(session, 'type') !== 'realtime') return "Missing required parameter: 'session.type'."
  const format = fieldOf(session, 'audio', 'output', 'format', 'type')
  if (format !== undefined && format !== 'audio/pcm') return `The stand-in has no ${format}.`
  const speed = fieldOf(session, 'audio', 'output', 'speed') ?? 1
  if (!(Number(speed) >= 0.25 && Number(speed) <= 1.5))
    return `Invalid 'session.audio.output.speed': ${speed}.`
  return undefined
}

/** The text to speak and how, from the response where it says so, else from the session and the conversation. */
function requestOf(session: object, response: unknown, conversation: unknown[]): SpeechRequest {
  return {
    voice: String(fieldOf(session, 'audio', 'output', 'voice') ?? 'alloy'),
    speed: Number(fieldOf(session, 'audio', 'output', 'speed') ?? 1),
    instructions: String(
      fieldOf(response, 'instructions') ?? fieldOf(session, 'instructions') ?? '',
    ),
    input: textOf(fieldOf(response, 'input') ?? conversation),
  }
}

/** The last text among the items of a conversation. */
function textOf(items: unknown): string {
  const texts = [items]
    .flat()
    .flatMap((item) => [fieldOf(item, 'content')].flat())
    .map((content) => fieldOf(content, 'text'))
  return String(texts.at(-1) ?? '')
}
