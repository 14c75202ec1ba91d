import type OpenAI from 'openai'
import { AppError } from '../../app/error.ts'
import { parseJson } from '../../domain/json.ts'
import { type Amounts, estimatedTokens } from '../../domain/lesson/prices.ts'
import { answerObjects } from './answer-object.ts'
import { CompletionChunk, type CompletionUsage } from './completion-chunk.ts'
import type { CompletionBody } from './completion-request.ts'
import type { Meter } from './paid-call.ts'
import { providerError } from './provider-error.ts'

/** 20 characters a token: a longer text is no answer, and may never end by itself. */
const MAX_ANSWER_LENGTH = 60_000

export type Completion = {
  content: string
  /** It ended because it had become too long. */
  isCut: boolean
}

/**
 * Reads one completion to its end; `onContent` gets the whole text so far with each chunk.
 *
 * Throws AppError 'provider-*', 'provider-refused' where the model declines.
 */
export async function readCompletion(
  client: OpenAI,
  request: CompletionBody,
  { signal, meter }: { signal: AbortSignal; meter: Meter },
  onContent: (soFar: string) => void,
): Promise<Completion> {
  let content = ''
  let isRefused = false
  let finish: string | undefined
  const inputTokens = estimatedInput(request)
  for await (const chunk of chunks(client, request, signal)) {
    if (chunk.usage?.prompt_tokens) meter.used(amountsOf(chunk.usage))
    const choice = chunk.choices?.[0]
    if (choice === undefined) continue
    finish = choice.finish_reason ?? finish
    const { content: piece, refusal } = choice.delta ?? choice.message ?? {}
    isRefused ||= Boolean(refusal) || finish === 'content_filter'
    if (!piece || isRefused) continue
    content += piece
    meter.usedSoFar({ inputTokens, outputTokens: estimatedTokens(content) })
    if (content.length > MAX_ANSWER_LENGTH) return { content, isCut: true }
    onContent(content)
  }
  if (isRefused) throw new AppError('provider-refused', 'reply: the model refused to answer')
  const isBroken = finish === undefined || finish === 'error'
  if (isBroken && answerObjects(content).length === 0) {
    // The SDK ends an aborted stream without an error, as it does one that the other side closed.
    signal.throwIfAborted()
    throw new AppError('provider-failed', 'reply: the stream ended in the middle of the answer')
  }
  return { content, isCut: finish === 'length' }
}

/** Tokens that a request may have. */
export function estimatedInput({ messages }: CompletionBody): number {
  return estimatedTokens(JSON.stringify(messages))
}

function amountsOf(usage: CompletionUsage): Amounts {
  return {
    inputTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    outputTokens: usage.completion_tokens,
  }
}

/** Yields the completion's chunks; translates the provider's errors, but not those of the loop that reads them. */
async function* chunks(client: OpenAI, request: CompletionBody, signal: AbortSignal) {
  try {
    const { Stream } = await import('openai/streaming')
    const response = await client.chat.completions.create(request, { signal }).asResponse()
    const stream = Stream.fromSSEResponse<unknown>(
      new Response(await eventsOf(response), { headers: response.headers }),
      new AbortController(),
      client,
    )
    for await (const chunk of stream) yield CompletionChunk.parse(chunk)
  } catch (error) {
    // Not by `withProviderErrors`: that would map what the reader's loop throws, too.
    throw providerError(error, 'reply')
  }
}

/** An answer's events. A whole JSON answer is an event, and where each line is one, each line. */
async function eventsOf(response: Response): Promise<ReadableStream<Uint8Array> | string> {
  if (response.body === null) return ''
  const [start, body] = await startOf(response.body)
  if (!start.trimStart().startsWith('{')) return body
  const text = await new Response(body).text()
  const lines = parseJson(text) === undefined ? text.split('\n') : [text.replace(/[\r\n]+/g, ' ')]
  return lines.map((line) => `data: ${line}\n\n`).join('')
}

/** The first letters of a body, and all of it. */
async function startOf(
  body: ReadableStream<Uint8Array>,
): Promise<[start: string, all: ReadableStream<Uint8Array>]> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  const decoder = new TextDecoder()
  let start = ''
  let isDone = false
  while (!isDone && start.trim() === '') {
    const next = await reader.read()
    isDone = next.done
    if (next.value === undefined) continue
    chunks.push(next.value)
    start += decoder.decode(next.value, { stream: true })
  }
  const wholeBody = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift() ?? (await reader.read()).value
      if (chunk === undefined) controller.close()
      else controller.enqueue(chunk)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return [start, wholeBody]
}
