import type { WebSocket } from 'ws'
import { apiErrorOf, badRequest, type Fault } from './faults.ts'
import { fieldOf } from './schema.ts'
import { bytesOf, momentOf, PIECE_SECONDS, speak } from './speech.ts'
import { openTimeline, type Timeline, until } from './timeline.ts'

export type SpeechLatency = {
  speechFirstByteMs: number
  /** Seconds of audio that come in one second; 0 for all at once. */
  speechRealtimeFactor: number
}

export type RealtimeOptions = {
  model: string
  latency: SpeechLatency
  /** Called for each requested response; returns its fault, if any. */
  begin(
    fields: {
      voice: string
      speed: number
      input: string
      instructions: string
    },
    timeline: Timeline,
  ): Fault | undefined
}

/** The faults by which a response ends before it is complete. */
const INCOMPLETE: Partial<Record<Fault['kind'], string>> = {
  'content-filter': 'content_filter',
  truncated: 'max_output_tokens',
}

/** PCM16 at 24 kHz: what one delta holds. */
const DELTA_BYTES = PIECE_SECONDS * 24_000 * 2
/** OpenAI's audio output: 1,200 tokens a minute. */
const TOKENS_PER_SECOND = 20

/** Talks the part of OpenAI's Realtime API that speech needs: text in, audio with its transcript out. */
export function serveRealtime(socket: WebSocket, options: RealtimeOptions): void {
  let session: object = { type: 'realtime', model: options.model, output_modalities: ['audio'] }
  let events = 0
  const conversation: unknown[] = []

  function send(type: string, fields: object) {
    events += 1
    socket.send(JSON.stringify({ type, event_id: `event_${events}`, ...fields }))
  }

  async function receive(event: unknown): Promise<void> {
    switch (fieldOf(event, 'type')) {
      case 'session.update': {
        const update = fieldOf(event, 'session')
        const problem = problemWith(update)
        if (problem !== undefined) return send('error', { error: badRequest(problem).error })
        session = { ...session, ...Object(update) }
        return send('session.updated', { session })
      }
      case 'conversation.item.create':
        conversation.push(fieldOf(event, 'item'))
        return send('conversation.item.added', { item: fieldOf(event, 'item') })
      case 'response.create':
        return respond(fieldOf(event, 'response'))
      default: {
        const message = `Invalid value: '${fieldOf(event, 'type')}'.`
        return send('error', { error: badRequest(message).error })
      }
    }
  }

  async function respond(response: unknown): Promise<void> {
    const timeline = openTimeline()
    const request = {
      voice: String(fieldOf(session, 'audio', 'output', 'voice') ?? 'alloy'),
      speed: Number(fieldOf(session, 'audio', 'output', 'speed') ?? 1),
      instructions: String(
        fieldOf(response, 'instructions') ?? fieldOf(session, 'instructions') ?? '',
      ),
      input: textOf(fieldOf(response, 'input') ?? conversation),
    }
    const fault = options.begin(request, timeline)
    if (fault?.kind === 'hang') return
    const id = `resp_${events}`
    const failure = apiErrorOf(fault)
    send('response.created', {
      response: { id, object: 'realtime.response', status: 'in_progress' },
    })
    if (failure !== undefined) {
      const { code, type, message } = failure.error
      const details = { type: 'failed', error: { type, code: code ?? 'server_error', message } }
      const response = {
        id,
        object: 'realtime.response',
        status: 'failed',
        status_details: details,
      }
      return send('response.done', { response: response })
    }

    if (fault?.kind === 'invalid-json') return socket.send('{"type":"response.output_audio.del')

    const transcript =
      fault?.kind === 'reworded' ? (fault.as ?? `Tak jo. ${request.input}`) : request.input
    const pcm = bytesOf(await speak(transcript, request.voice, request.speed))
    const audio = fault?.kind === 'empty-audio' ? pcm.subarray(0, 0) : pcm
    const part = { response_id: id, item_id: `item_${id}`, output_index: 0, content_index: 0 }
    timeline.audioSeconds = (audio.length / DELTA_BYTES) * PIECE_SECONDS
    const reaches = (audioSeconds: number) =>
      until(momentOf(audioSeconds, timeline, options.latency))
    await reaches(0)
    timeline.firstByteAt = Date.now()
    for (let at = 0; at < audio.length; at += DELTA_BYTES) {
      if (fault?.kind === 'reset' && at > 0) return socket.terminate()
      await reaches((at / DELTA_BYTES) * PIECE_SECONDS)
      const delta = Buffer.from(audio.subarray(at, at + DELTA_BYTES)).toString('base64')
      send('response.output_audio.delta', { ...part, delta })
    }
    await reaches(timeline.audioSeconds)
    for (const delta of transcript.match(/\S+\s*/g) ?? [])
      send('response.output_audio_transcript.delta', { ...part, delta })
    send('response.output_audio.done', part)
    send('response.output_audio_transcript.done', { ...part, transcript })
    const reason = fault && INCOMPLETE[fault.kind]
    const status = reason === undefined ? 'completed' : 'incomplete'
    send('response.done', {
      response: {
        id,
        object: 'realtime.response',
        status,
        status_details: { type: status, ...(reason && { reason }) },
        usage: usageOf(`${request.instructions} ${request.input}`, transcript, audio.length),
      },
    })
    timeline.endAt = Date.now()
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

/** The last text among the items of a conversation. */
function textOf(items: unknown): string {
  const texts = [items]
    .flat()
    .flatMap((item) => [fieldOf(item, 'content')].flat())
    .map((content) => fieldOf(content, 'text'))
  return String(texts.at(-1) ?? '')
}

function usageOf(input: string, transcript: string, audioBytes: number) {
  const inputTokens = Math.ceil(input.length / 4)
  const textTokens = Math.ceil(transcript.length / 4)
  const audioTokens = Math.ceil((audioBytes / DELTA_BYTES) * PIECE_SECONDS * TOKENS_PER_SECOND)
  return {
    total_tokens: inputTokens + textTokens + audioTokens,
    input_tokens: inputTokens,
    input_token_details: { text_tokens: inputTokens, audio_tokens: 0, cached_tokens: 0 },
    output_tokens: textTokens + audioTokens,
    output_token_details: { text_tokens: textTokens, audio_tokens: audioTokens },
  }
}
