import type OpenAI from 'openai'
import { AppError } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { ReplySoFar, Tutor, TutorAnswer, TutorRequest } from '../../app/lesson/tutor.ts'
import type { Usage } from '../../app/lesson/usage.ts'
import type { Log, Random, Sleep } from '../../app/ports.ts'
import { costMicroUsd } from '../../domain/lesson/prices.ts'
import { type Endpoint, openaiClient } from './client.ts'
import { CompletionChunk, type CompletionUsage } from './completion-chunk.ts'
import { providerError } from './provider-error.ts'
import { retrying } from './retry.ts'
import { CORRECTIONS, jsonIn, readAnswer, replyFinder, WHOLE_ANSWER } from './tutor-answer.ts'

/**
 * Room for 2,000 characters corrected, eight mistakes explained in two languages, and the reply.
 * gpt-6-luna writes 130 tokens a second: more would not fit the deadline.
 */
const MAX_OUTPUT_TOKENS = 3_000

/** 20 characters a token: a longer text is no answer, and may never end by itself. */
const MAX_ANSWER_LENGTH = 60_000

/** An unusable answer is paid for, so it is asked for once more and no oftener. */
const MAX_UNUSABLE = 2

/**
 * Answers by one streamed completion of OpenAI's `/chat/completions`, or another vendor's of that
 * shape; 25 s at most, repair and retries counted.
 *
 * A reply that was given out is final: every later call asks only for the corrections to it.
 */
export function openaiTutor(options: TutorOptions): Tutor {
  return {
    async answer(request, onReply, signal, storedReply) {
      const { log, sleep, random } = options
      const deadlineMs = STAGE_DEADLINES_MS.reply
      // Kept across attempts, because a failed call may have given a reply out.
      const calls: CallsSoFar = {
        usage: [],
        outlet: replyOutlet(storedReply, onReply),
        unusable: 0,
      }
      const answer = await retrying(
        { stage: 'reply', deadlineMs, signal, log, sleep, random },
        async (callSignal) => askUntilUsable(options, calls, request, callSignal),
      )
      if (answer === undefined)
        throw new AppError('provider-failed', `reply: ${calls.unusable} answers could not be used`)
      return { answer, usage: calls.usage }
    },
  }
}

type TutorOptions = {
  endpoint: Endpoint
  model: string
  log: Log
  sleep: Sleep
  random: Random
}

/** What the calls for one answer have cost and brought so far. */
type CallsSoFar = { usage: Usage[]; outlet: ReplyOutlet; unusable: number }

async function askUntilUsable(
  { endpoint, model, log }: TutorOptions,
  calls: CallsSoFar,
  request: TutorRequest,
  signal: AbortSignal,
): Promise<TutorAnswer | undefined> {
  const { outlet, usage } = calls
  const client = await openaiClient(endpoint)
  while (calls.unusable < MAX_UNUSABLE) {
    const findReply = replyFinder()
    const body = bodyOf(model, request, outlet.givenReply())
    const { content, tokens } = await readCompletion(client, body, signal, (soFar) =>
      outlet.give(findReply(soFar)),
    )
    if (tokens !== undefined) usage.push(usageOf(model, tokens))
    const reading = readAnswer(content, outlet.givenReply())
    if (reading.kind === 'answer') {
      outlet.give({ text: reading.answer.reply, isComplete: true })
      return reading.answer
    }
    calls.unusable += 1
    log.warn('reply_unusable', { unusable: calls.unusable, issues: reading.issues })
  }
  return undefined
}

type ReplyOutlet = ReturnType<typeof replyOutlet>

/** Passes replies on to `onReply`; after a complete one only the language of what was said, and no other reply. */
function replyOutlet(storedReply: string | undefined, onReply: (reply: ReplySoFar) => void) {
  let givenReply = storedReply
  return {
    givenReply: () => givenReply,
    give(reply: ReplySoFar | undefined): void {
      if (reply === undefined) return
      const addsLanguage = reply.saidLanguage !== undefined && reply.text === givenReply
      if (givenReply !== undefined && !addsLanguage) return
      if (reply.isComplete) givenReply = reply.text
      onReply(reply)
    },
  }
}

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming

function bodyOf(model: string, request: TutorRequest, givenReply: string | undefined): Body {
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: request.system },
      ...request.history.flatMap(({ said, reply }) => [
        { role: 'user' as const, content: said },
        { role: 'assistant' as const, content: reply },
      ]),
      { role: 'user', content: request.said },
      ...(givenReply === undefined
        ? []
        : [
            { role: 'assistant' as const, content: givenReply },
            { role: 'system' as const, content: request.correctionsOnly },
          ]),
    ],
    response_format: givenReply === undefined ? WHOLE_ANSWER : CORRECTIONS,
    ...dialect(model, request.cacheKey),
  }
}

/** What only OpenAI's own models take: other vendors reject fields that they do not know. */
function dialect(model: string, cacheKey: string): Partial<Body> {
  if (!/^(openai\/)?(gpt-\d|chatgpt-|o\d)/.test(model)) return { max_tokens: MAX_OUTPUT_TOKENS }
  return {
    max_completion_tokens: MAX_OUTPUT_TOKENS,
    prompt_cache_key: cacheKey,
    store: false,
    // Thinking would delay the first word; models before 5.1 know no effort `none`.
    ...(/gpt-(5\.\d|[6-9])/.test(model) ? { reasoning_effort: 'none' } : {}),
  }
}

/** Reads one completion to its end; `onContent` gets the whole text so far with each chunk. */
async function readCompletion(
  client: OpenAI,
  request: Body,
  signal: AbortSignal,
  onContent: (soFar: string) => void,
): Promise<{ content: string; tokens: CompletionUsage | undefined }> {
  let content = ''
  let isRefused = false
  let finish: string | undefined
  let tokens: CompletionUsage | undefined
  for await (const chunk of chunks(client, request, signal)) {
    tokens = chunk.usage ?? tokens
    const choice = chunk.choices?.[0]
    if (choice === undefined) continue
    finish = choice.finish_reason ?? finish
    isRefused ||= Boolean(choice.delta?.refusal) || finish === 'content_filter'
    if (!choice.delta?.content || isRefused) continue
    content += choice.delta.content
    if (content.length > MAX_ANSWER_LENGTH) return { content, tokens }
    onContent(content)
  }
  if (isRefused) throw new AppError('provider-refused', 'reply: the model refused to answer')
  if (finish === undefined && jsonIn(content) === undefined) {
    // The SDK ends an aborted stream without an error, as it does one that the other side closed.
    signal.throwIfAborted()
    throw new AppError('provider-failed', 'reply: the stream ended in the middle of the answer')
  }
  return { content, tokens }
}

/** Yields the completion's chunks; translates the provider's errors, but not those of the loop that reads them. */
async function* chunks(client: OpenAI, request: Body, signal: AbortSignal) {
  try {
    for await (const chunk of await client.chat.completions.create(request, { signal }))
      yield CompletionChunk.parse(chunk)
  } catch (error) {
    // Not by `withProviderErrors`: that would map what the reader's loop throws, too.
    throw providerError(error, 'reply')
  }
}

function usageOf(model: string, tokens: CompletionUsage): Usage {
  const inputTokens = tokens.prompt_tokens
  const outputTokens = tokens.completion_tokens
  const cachedTokens = tokens.prompt_tokens_details?.cached_tokens ?? 0
  const cacheWriteTokens = tokens.prompt_tokens_details?.cache_write_tokens ?? 0
  return {
    stage: 'reply',
    model,
    inputTokens,
    cachedTokens,
    outputTokens,
    costMicroUsd: costMicroUsd(model, {
      inputTokens,
      cachedTokens,
      cacheWriteTokens,
      outputTokens,
    }),
  }
}
