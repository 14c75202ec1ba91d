import type { WebSocket } from 'ws'
import { type ApiError, apiErrorOf, type Fault } from './faults.ts'
import { bytesOf, momentOf, PIECE_SECONDS, type SpeechLatency, type Voice } from './speech.ts'
import { endTimeline, type Timeline, until } from './timeline.ts'

export type SpeechRequest = { voice: string; speed: number; input: string; instructions: string }

/** One requested response: what it is made of, and the socket that it goes out on. */
export type PendingResponse = {
  id: string
  request: SpeechRequest
  fault: Fault | undefined
  timeline: Timeline
  latency: SpeechLatency
  speak: Voice
  socket: WebSocket
  /** Sends an event of a type on the socket. */
  send(type: string, fields: object): void
}

type Speech = { transcript: string; audio: Uint8Array }

/** The faults by which a response ends before it is complete. */
const INCOMPLETE: Partial<Record<Fault['kind'], string>> = {
  'content-filter': 'content_filter',
  truncated: 'max_output_tokens',
}

/** PCM16 at 24 kHz: what one delta holds. */
const DELTA_BYTES = PIECE_SECONDS * 24_000 * 2
/** OpenAI's audio output: 1,200 tokens a minute. */
const TOKENS_PER_SECOND = 20

/** Speaks the input of a request over the socket, audio first and its transcript after it, or fails as its fault says. */
export async function respond(pendingResponse: PendingResponse): Promise<void> {
  const { id, fault, timeline, socket, send } = pendingResponse
  if (fault?.kind === 'hang') return
  send('response.created', {
    response: { id, object: 'realtime.response', status: 'in_progress' },
  })
  const failure = apiErrorOf(fault)
  if (failure !== undefined) return sendFailure(pendingResponse, failure)
  if (fault?.kind === 'invalid-json') return socket.send('{"type":"response.output_audio.del')

  const speech = await speechOf(pendingResponse)
  const isWhole = await streamAudio(pendingResponse, speech.audio)
  if (!isWhole) return socket.terminate()
  sendTranscript(pendingResponse, speech.transcript)
  sendDone(pendingResponse, speech)
  endTimeline(timeline)
}

function sendFailure({ id, send }: PendingResponse, { error }: ApiError): void {
  const { code, type, message } = error
  const details = { type: 'failed', error: { type, code: code ?? 'server_error', message } }
  send('response.done', {
    response: { id, object: 'realtime.response', status: 'failed', status_details: details },
  })
}

async function speechOf({ request, fault, speak }: PendingResponse): Promise<Speech> {
  const { input, voice, speed } = request
  const transcript = fault?.kind === 'reworded' ? (fault.as ?? `Tak jo. ${input}`) : input
  const pcm = bytesOf(await speak(transcript, voice, speed))
  return { transcript, audio: fault?.kind === 'empty-audio' ? pcm.subarray(0, 0) : pcm }
}

/** Sends the audio at its pace; false where a reset breaks it off after the first delta. */
async function streamAudio(pendingResponse: PendingResponse, audio: Uint8Array): Promise<boolean> {
  const { fault, timeline, latency, send } = pendingResponse
  const reach = (audioSeconds: number) => until(momentOf(audioSeconds, timeline, latency))
  timeline.audioSeconds = secondsOf(audio.length)
  await reach(0)
  timeline.firstByteAt = Date.now()
  for (let at = 0; at < audio.length; at += DELTA_BYTES) {
    if (fault?.kind === 'reset' && at > 0) return false
    await reach(secondsOf(at))
    const delta = Buffer.from(audio.subarray(at, at + DELTA_BYTES)).toString('base64')
    send('response.output_audio.delta', { ...partOf(pendingResponse), delta })
  }
  await reach(timeline.audioSeconds)
  return true
}

/** Sends the transcript word by word, then closes audio and transcript. */
function sendTranscript(pendingResponse: PendingResponse, transcript: string): void {
  const { send } = pendingResponse
  const part = partOf(pendingResponse)
  for (const delta of transcript.match(/\S+\s*/g) ?? [])
    send('response.output_audio_transcript.delta', { ...part, delta })
  send('response.output_audio.done', part)
  send('response.output_audio_transcript.done', { ...part, transcript })
}

/** Closes the response with its usage. */
function sendDone({ id, request, fault, send }: PendingResponse, speech: Speech): void {
  const reason = fault && INCOMPLETE[fault.kind]
  const status = reason === undefined ? 'completed' : 'incomplete'
  send('response.done', {
    response: {
      id,
      object: 'realtime.response',
      status,
      status_details: { type: status, ...(reason && { reason }) },
      usage: usageOf(`${request.instructions} ${request.input}`, speech),
    },
  })
}

/** Where in the response its only content belongs. */
function partOf({ id }: PendingResponse) {
  return { response_id: id, item_id: `item_${id}`, output_index: 0, content_index: 0 }
}

function secondsOf(audioBytes: number): number {
  return (audioBytes / DELTA_BYTES) * PIECE_SECONDS
}

function usageOf(input: string, { transcript, audio }: Speech) {
  const inputTokens = Math.ceil(input.length / 4)
  const textTokens = Math.ceil(transcript.length / 4)
  const audioTokens = Math.ceil(secondsOf(audio.length) * TOKENS_PER_SECOND)
  return {
    total_tokens: inputTokens + textTokens + audioTokens,
    input_tokens: inputTokens,
    input_token_details: { text_tokens: inputTokens, audio_tokens: 0, cached_tokens: 0 },
    output_tokens: textTokens + audioTokens,
    output_token_details: { text_tokens: textTokens, audio_tokens: audioTokens },
  }
}
