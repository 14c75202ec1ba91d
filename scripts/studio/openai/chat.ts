import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { type ChatCompletionRequest, LLMock, type TextResponse } from '@copilotkit/aimock'
import { answerTo, type UnknownSentences } from './answers.ts'
import { asksForFacts, factsIn } from './facts.ts'
import type { Fault } from './faults.ts'
import { conform, fieldOf } from './schema.ts'
import { endTimeline, type Timeline, until } from './timeline.ts'
import type { ReplyManner, Vendor } from './vendors/vendor.ts'

export type ChatLatency = { firstTokenMs: number; tokensPerSecond: number }

export type Chat = {
  /** Answers one request for a completion, streamed or whole, and notes when each token went out. */
  complete(
    body: object,
    fault: Fault | undefined,
    response: ServerResponse,
    timeline: Timeline,
  ): Promise<void>
  stop(): Promise<void>
}

/** About a token of Czech: what one chunk holds. */
const CHUNK_CHARACTERS = 4
/** Where a reset breaks the stream: inside the reply. */
const CHUNKS_BEFORE_RESET = 6

/** Opens a model behind aimock, which does the protocol: chunks, usage, whole answers. The pace is ours. */
export async function openChat(
  latency: ChatLatency,
  {
    isTerse = false,
    vendor,
    unknownSentences = 'right',
  }: { isTerse?: boolean; vendor?: Vendor; unknownSentences?: UnknownSentences } = {},
): Promise<Chat> {
  const manner = vendor?.reply
  const respond = (request: ChatCompletionRequest) => responseTo(request, manner, unknownSentences)
  const mock = new LLMock({
    port: 0,
    host: '127.0.0.1',
    chunkSize: CHUNK_CHARACTERS,
    logLevel: 'silent',
    journalMaxEntries: 1,
  })
  mock.on({ predicate: (request) => faultOf(request) === 'reset' }, respond, {
    truncateAfterChunks: CHUNKS_BEFORE_RESET,
  })
  mock.on({ predicate: () => true }, respond)
  const url = await mock.start()

  return {
    complete: (body, fault, response, timeline) =>
      fault?.kind === 'refusal'
        ? refuse(body, response)
        : forward(
            url,
            { ...body, ...wholeIf(manner), [FAULT]: fault?.kind, [TERSE]: isTerse },
            response,
            { latency, timeline, manner },
          ),
    stop: () => mock.stop(),
  }
}

/** Carries the fault from our server to aimock's fixtures, which see only the body. */
const FAULT = 'studio_fault'
/** Carries there, in the same way, whether to reply by one sentence only. */
const TERSE = 'studio_terse'

function faultOf(request: ChatCompletionRequest): unknown {
  return request[FAULT]
}

function wholeIf(manner: ReplyManner | undefined): { stream?: false } {
  return manner?.sends === 'whole' ? { stream: false } : {}
}

function responseTo(
  request: ChatCompletionRequest,
  manner: ReplyManner | undefined,
  unknownSentences: UnknownSentences,
): TextResponse {
  const answer = contentFor(request, unknownSentences)
  const content = manner?.writes?.(answer) ?? answer
  const corrections = content.indexOf('"corrected_text"')
  switch (faultOf(request)) {
    case 'invalid-json':
      return { content: `${content.slice(0, corrections)}oops` }
    case 'schema-violated':
      return { content: content.replace(/"corrected_text":/, '"correctedText":') }
    case 'truncated':
      return { content: content.slice(0, corrections + 30), finishReason: 'length' }
    case 'content-filter':
      return { content: content.slice(0, 12), finishReason: 'content_filter' }
    default:
      return { content }
  }
}

function contentFor(request: ChatCompletionRequest, unknownSentences: UnknownSentences): string {
  const turns = request.messages.map(({ role, content }) => ({ role, text: textOf(content) }))
  const instructions = turns.map(({ role, text }) => (role === 'system' ? text : '')).join('\n')
  // Without a system role they open the first turn.
  const [opening = '', firstTurn] = (turns[0]?.text ?? '').split(CONVERSATION)
  const systemPrompt = instructions.trim() === '' ? opening : instructions
  const schema = fieldOf(request.response_format, 'json_schema', 'schema') ?? schemaIn(systemPrompt)
  const said = turns.filter(({ role }) => role === 'user').map(({ text }) => text)
  if (firstTurn !== undefined) said[0] = firstTurn
  // Asked for the corrections alone, the last turn is the program's.
  const isRepair = isObject(schema) && fieldOf(schema, 'properties', 'reply') === undefined
  const utterance = said.at(isRepair && said.length > 1 ? -2 : -1)
  if (isObject(schema) && asksForFacts(schema)) {
    return JSON.stringify(factsIn(utterance ?? '', systemPrompt))
  }
  const fullAnswer = answerTo(utterance ?? '', systemPrompt, unknownSentences)
  const answer =
    request[TERSE] === true ? { ...fullAnswer, reply: firstSentence(fullAnswer.reply) } : fullAnswer
  if (!isObject(schema)) return answer.reply
  return JSON.stringify(conform(schema, answer))
}

/** A message's text, whole or in parts. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return String(content)
  return content.map((part: unknown) => String(fieldOf(part, 'text') ?? '')).join('')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** What parts the instructions from the first turn where they are one. */
const CONVERSATION = '\n\n# The conversation\n\n'

/** The schema that a prompt has where it may not be a field. */
function schemaIn(prompt: string): unknown {
  const [, schema] = /Its JSON Schema:\n(\{.*\})/.exec(prompt) ?? []
  return schema && JSON.parse(schema)
}

function firstSentence(reply: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(reply)?.[0] ?? reply
}

async function forward(
  url: string,
  body: object,
  response: ServerResponse,
  pace: { latency: ChatLatency; timeline: Timeline; manner: ReplyManner | undefined },
): Promise<void> {
  const request = httpRequest(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  })
  response.once('close', () => request.destroy())
  request.end(JSON.stringify(body))
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject)
    })
    const { text, isWhole } = await collect(answer)
    response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] })
    const events = text.split(/(?<=\n\n)/)
    await writePaced(pace.manner?.sends === 'parts' ? events.map(inParts) : events, response, pace)
    if (isWhole) response.end()
    else response.destroy()
    endTimeline(pace.timeline)
  } catch {
    // Either side hung up: a broken connection is all that the caller can still be shown.
    response.destroy()
  }
}

/** Reads all that aimock sends, which comes at once; not whole where it breaks off. */
async function collect(answer: IncomingMessage): Promise<{ text: string; isWhole: boolean }> {
  let text = ''
  answer.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  const isWhole = await new Promise<boolean>((resolve) => {
    answer.once('end', () => resolve(true)).once('error', () => resolve(false))
  })
  return { text, isWhole }
}

/** Writes a stream's events at a model's pace: the first token after its time, the others at their rate. */
async function writePaced(
  events: readonly string[],
  response: ServerResponse,
  { latency, timeline }: { latency: ChatLatency; timeline: Timeline },
): Promise<void> {
  const beginMoment = timeline.at + latency.firstTokenMs
  const msPerToken = latency.tokensPerSecond > 0 ? 1_000 / latency.tokensPerSecond : 0
  await until(beginMoment)
  timeline.firstByteAt = Date.now()
  for (const event of events) {
    const token = tokenIn(event)
    if (token !== undefined) {
      await until(beginMoment + timeline.tokens.length * msPerToken)
      timeline.tokens.push({ at: Date.now(), text: token })
    }
    if (response.destroyed) return
    response.write(event)
  }
}

/** An event whose content is a list: what the model thinks, and what it says. */
function inParts(event: string): string {
  if (tokenIn(event) === undefined) return event
  return event.replace(/"content":("(?:[^"\\]|\\.)*")/, (_, text: string) => {
    const thought = '{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]}'
    return `"content":[${thought},{"type":"text","text":${text}}]`
  })
}

/** The text in one event of a stream; undefined for an event without text. */
function tokenIn(event: string): string | undefined {
  return /^data: \{.*"delta":\{"content":/.test(event)
    ? String(fieldOf(JSON.parse(event.slice('data: '.length)), 'choices', '0', 'delta', 'content'))
    : undefined
}

/** A refusal as OpenAI gives it: a message with `refusal` and no content. */
async function refuse(body: object, response: ServerResponse): Promise<void> {
  const refusal = 'S tímhle nemůžu pomoct.'
  const isStreamed = fieldOf(body, 'stream') === true
  const commonFields = { id: 'chatcmpl-refusal', created: 0, model: fieldOf(body, 'model') }
  response.writeHead(200, { 'content-type': isStreamed ? 'text/event-stream' : 'application/json' })
  if (!isStreamed) {
    const message = { role: 'assistant', content: null, refusal }
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    response.end(JSON.stringify({ ...commonFields, object: 'chat.completion', choices }))
    return
  }
  const chunks = [
    { index: 0, delta: { role: 'assistant', content: null, refusal }, finish_reason: null },
    { index: 0, delta: {}, finish_reason: 'stop' },
  ]
  for (const choice of chunks) {
    const chunk = { ...commonFields, object: 'chat.completion.chunk', choices: [choice] }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}
