import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Chat } from './chat.ts'
import {
  apiError,
  apiErrorOf,
  badRequest,
  type Fault,
  type Stage,
  sendError,
  sendJson,
  sendRawAnswer,
} from './faults.ts'
import { emptyAac, sendPaced, silentMp3, speechFile, type Voice } from './speech.ts'
import { endTimeline, openTimeline, type Timeline, until } from './timeline.ts'
import { type Ear, sha256, transcriptionOf } from './transcription.ts'
import { refusalOf, type Vendor } from './vendors/vendor.ts'

/** How slow the stand-in is, in milliseconds and rates; 0 for no waiting at all. */
export type Latency = {
  transcribeMs: number
  firstTokenMs: number
  tokensPerSecond: number
  speechFirstByteMs: number
  /** Seconds of audio that come in one second, over the realtime socket and by REST. */
  speechRealtimeFactor: number
}

/** One request, without its key. */
export type RecordedRequest = {
  stage: Stage
  path: string
  headers: Record<string, string>
  fields: Record<string, unknown>
  /** The hash of the audio in a request to transcribe. */
  audioSha256?: string
  fault?: Fault['kind']
  /** It was not refused: it is paid for, whatever comes of its answer. */
  isPaid: boolean
  timeline: Timeline
}

/** The parts of the stand-in that answer a request. */
export type Desk = {
  latency: Latency
  ear: Ear
  chat: Chat
  speak: Voice
  /** Whom it plays; OpenAI without one. */
  vendor: Vendor | undefined
  /** Records a request and returns the fault that it meets. */
  begin(
    headers: IncomingMessage['headers'],
    request: Pick<RecordedRequest, 'stage' | 'path' | 'fields' | 'audioSha256' | 'timeline'>,
  ): Fault | undefined
}

type Route = (
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer<ArrayBuffer>,
) => Promise<void>

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/audio/transcriptions': transcribe,
  'POST /v1/chat/completions': complete,
  'POST /v1/audio/speech': say,
  'GET /v1/models': listModels,
}

const UNKNOWN_URL = apiError(404, 'unknown_url', 'invalid_request_error', 'Unknown request URL.')
const NO_KEY = apiError(401, 'invalid_api_key', 'invalid_request_error', 'No API key provided.')

/** Answers one HTTP request; a malformed one gets 400. */
export async function answer(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://stand-in')
  const body = await buffer(request)
  const route = ROUTES[`${request.method} ${pathname}`]
  if (route === undefined) return sendError(response, UNKNOWN_URL)
  if (!hasKey(request)) return sendError(response, NO_KEY)
  try {
    await route(desk, request, response, Buffer.from(body))
  } catch (error) {
    // What a route throws on is a malformed request; once an answer has begun, only a broken one can follow.
    if (response.headersSent) response.destroy()
    else sendError(response, badRequest(String(error)))
  }
}

export function hasKey(request: IncomingMessage): boolean {
  return /^Bearer \S+/.test(request.headers.authorization ?? '')
}

async function transcribe(...[desk, request, response, body]: Parameters<Route>): Promise<void> {
  const timeline = openTimeline()
  const contentType = request.headers['content-type'] ?? ''
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  const file = form.get('file')
  if (!(file instanceof File)) return sendError(response, badRequest("Missing parameter: 'file'."))
  const bytes = new Uint8Array(await file.arrayBuffer())
  const fileFields = { fileName: file.name, mimeType: file.type, bytes: bytes.length }
  const fields = { ...fieldsOf(form), ...fileFields }
  const fault = desk.begin(request.headers, {
    stage: 'transcribe',
    path: '/audio/transcriptions',
    fields,
    audioSha256: sha256(bytes),
    timeline,
  })
  if (isRefused(desk, 'transcribe', fields, response) || meet(fault, response)) return
  const manner = desk.vendor?.transcribe
  const transcript = desk.ear.listen(bytes)
  const text = manner?.hears?.(transcript.text) ?? transcript.text
  const format = manner?.sends ?? String(form.get('response_format'))
  const model = String(form.get('model'))
  const transcription = await transcriptionOf({ ...transcript, text }, { model, format }, bytes)
  await until(timeline.at + desk.latency.transcribeMs)
  endTimeline(timeline)
  if (typeof transcription === 'string') response.end(transcription)
  else sendJson(response, 200, transcription)
}

async function complete(...[desk, request, response, body]: Parameters<Route>): Promise<void> {
  const timeline = openTimeline()
  const fields = JSON.parse(body.toString())
  const context = { stage: 'reply', path: '/chat/completions', fields, timeline } as const
  const fault = desk.begin(request.headers, context)
  if (isRefused(desk, 'reply', fields, response)) return
  // A reset breaks off inside the answer, which only the completion itself can do.
  if (fault?.kind !== 'reset' && meet(fault, response)) return
  await desk.chat.complete(fields, fault, response, timeline)
}

async function say(...[desk, request, response, body]: Parameters<Route>): Promise<void> {
  const timeline = openTimeline()
  const fields = JSON.parse(body.toString())
  const context = { stage: 'speak', path: '/audio/speech', fields, timeline } as const
  const fault = desk.begin(request.headers, context)
  if (isRefused(desk, 'speak', fields, response) || meet(fault, response)) return
  const { input, voice, response_format: format = 'mp3', speed = 1 } = fields
  const manner = desk.vendor?.speak
  const pcm = await desk.speak(String(input), String(voice), Number(speed))
  const ownFormat = manner?.sends === 'wav' ? 'wav' : undefined
  const wrongFormat = fault?.kind === 'wrong-format' ? fault.format : ownFormat
  const file =
    wrongFormat === 'mp3'
      ? silentMp3(1)
      : wrongFormat === 'aac'
        ? emptyAac()
        : await speechFile(pcm, wrongFormat ?? String(format))
  if (file === undefined)
    return sendError(response, badRequest(`The stand-in has no encoder for ${format}.`))
  const share = fault?.kind === 'empty-audio' ? 0 : fault?.kind === 'truncated' ? 0.5 : 1
  timeline.audioSeconds = pcm.samples.length / pcm.sampleRate
  if (manner?.sends === 'base64')
    return sendJson(response, 200, { audio_data: Buffer.from(file.bytes).toString('base64') })
  response.writeHead(200, { 'content-type': file.contentType })
  const bytes = file.bytes.subarray(0, file.bytes.length * share)
  await sendPaced(response, bytes, desk.latency, timeline)
}

/** Answers as the vendor that is played refuses; false where it serves the request. */
function isRefused(
  { vendor }: Desk,
  stage: Stage,
  fields: Record<string, unknown>,
  response: ServerResponse,
): boolean {
  const refusal = refusalOf(vendor, stage, fields)
  if (refusal !== undefined) sendRawAnswer(response, { kind: 'answer', ...refusal })
  return refusal !== undefined
}

/** Answers as the fault says, or never; false where the fault leaves the answer to the caller. */
function meet(fault: Fault | undefined, response: ServerResponse): boolean {
  const error = apiErrorOf(fault)
  if (error !== undefined) sendError(response, error)
  else if (fault?.kind === 'answer') sendRawAnswer(response, fault)
  else if (fault?.kind === 'reset') {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 1_000 })
    response.write('OggS', () => response.destroy())
  } else if (fault?.kind !== 'hang') return false
  return true
}

/** The text fields of a form; those named `...[]` as lists. */
function fieldsOf(form: FormData): Record<string, unknown> {
  const names = [...new Set(form.keys())].filter((name) => name !== 'file')
  return Object.fromEntries(
    names.map((name) =>
      name.endsWith('[]') ? [name.slice(0, -2), form.getAll(name)] : [name, form.get(name)],
    ),
  )
}

/** Some of OpenAI's models, with the days on which they shut down as of November 2026. */
const MODELS: Readonly<Record<string, string | null>> = {
  'gpt-transcribe': null,
  'gpt-6-luna': null,
  'gpt-realtime-2.1-mini': null,
  'gpt-4o-mini-tts': '2027-01-06',
  'gpt-4o-mini-transcribe': '2027-02-26',
  'gpt-4o-mini': '2027-01-14',
}

async function listModels(...[, , response]: Parameters<Route>): Promise<void> {
  const data = Object.entries(MODELS).map(([id, shutdownDate]) => ({
    id,
    object: 'model',
    created: 1_750_000_000,
    owned_by: 'openai',
    shutdown_date: shutdownDate,
  }))
  sendJson(response, 200, { object: 'list', data })
}
