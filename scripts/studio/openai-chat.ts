import { request as httpRequest, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { type ChatCompletionRequest, LLMock, type TextResponse } from '@copilotkit/aimock'
import { answerTo } from './openai-answers.ts'
import type { Fault } from './openai-faults.ts'
import { conform, fieldOf } from './openai-schema.ts'

export type ChatLatency = { firstTokenMs: number; tokensPerSecond: number }

export type Chat = {
  /** Answers one request for a completion, streamed or whole. */
  complete(body: object, fault: Fault | undefined, response: ServerResponse): Promise<void>
  stop(): Promise<void>
}

/** About a token of Czech; aimock paces by chunks. */
const CHUNK_CHARACTERS = 4
/** Where a reset breaks the stream: inside the reply. */
const CHUNKS_BEFORE_RESET = 6

/** Opens a model behind aimock, which does the protocol: chunks and their pace, usage, whole answers. */
export async function openChat(latency: ChatLatency): Promise<Chat> {
  const mock = new LLMock({
    port: 0,
    host: '127.0.0.1',
    chunkSize: CHUNK_CHARACTERS,
    logLevel: 'silent',
    journalMaxEntries: 1,
  })
  const streamingProfile = {
    ttft: latency.firstTokenMs,
    ...(latency.tokensPerSecond > 0 ? { tps: latency.tokensPerSecond } : {}),
  }
  mock.on({ predicate: (request) => faultOf(request) === 'reset' }, respond, {
    streamingProfile,
    truncateAfterChunks: CHUNKS_BEFORE_RESET,
  })
  mock.on({ predicate: () => true }, respond, { streamingProfile })
  const url = await mock.start()

  return {
    complete: (body, fault, response) =>
      fault?.kind === 'refusal'
        ? refuse(body, response)
        : forward(url, { ...body, [FAULT]: fault?.kind }, response),
    stop: () => mock.stop(),
  }
}

/** Carries the fault from our server to aimock's fixtures, which see only the body. */
const FAULT = 'studio_fault'

function faultOf(request: ChatCompletionRequest): unknown {
  return request[FAULT]
}

function respond(request: ChatCompletionRequest): TextResponse {
  const content = contentFor(request)
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

function contentFor({ messages, response_format: format }: ChatCompletionRequest): string {
  const systemPrompt = messages
    .map(({ role, content }) => (role === 'system' ? content : ''))
    .join('\n')
  const said = messages.findLast(({ role }) => role === 'user')?.content
  const answer = answerTo(typeof said === 'string' ? said : '', systemPrompt)
  const schema = fieldOf(format, 'json_schema', 'schema')
  if (typeof schema !== 'object' || schema === null) return answer.reply
  return JSON.stringify(conform(schema, answer))
}

async function forward(url: string, body: object, response: ServerResponse): Promise<void> {
  const request = httpRequest(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  })
  response.once('close', () => request.destroy())
  request.end(JSON.stringify(body))
  try {
    const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject)
    })
    response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] })
    await pipeline(answer, response)
  } catch {
    // One side hung up: the other one must see that, and there is nobody left to tell.
    response.destroy()
  }
}

/** A refusal as OpenAI gives it: a message with `refusal` and no content. */
async function refuse(body: object, response: ServerResponse): Promise<void> {
  const refusal = 'S tímhle nemůžu pomoct.'
  const isStreamed = fieldOf(body, 'stream') === true
  const common = { id: 'chatcmpl-refusal', created: 0, model: fieldOf(body, 'model') }
  response.writeHead(200, { 'content-type': isStreamed ? 'text/event-stream' : 'application/json' })
  if (!isStreamed) {
    const message = { role: 'assistant', content: null, refusal }
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    response.end(JSON.stringify({ ...common, object: 'chat.completion', choices }))
    return
  }
  const chunks = [
    { index: 0, delta: { role: 'assistant', content: null, refusal }, finish_reason: null },
    { index: 0, delta: {}, finish_reason: 'stop' },
  ]
  for (const choice of chunks) {
    const chunk = { ...common, object: 'chat.completion.chunk', choices: [choice] }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}
