import { AppError } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { ReplySoFar, Tutor, TutorAnswer, TutorRequest } from '../../app/lesson/tutor.ts'
import type { Usage } from '../../app/lesson/usage.ts'
import type { Log, Now, Random, Sleep } from '../../app/ports.ts'
import { costMicroUsd } from '../../domain/lesson/prices.ts'
import { cacheKeyShards } from './cache-key-shards.ts'
import { type Endpoint, openaiClient } from './client.ts'
import { type Completion, readCompletion } from './completion.ts'
import type { CompletionUsage } from './completion-chunk.ts'
import { completionBody, lowerablesOf } from './completion-request.ts'
import { withLowering } from './lowering.ts'
import { retrying } from './retry.ts'
import { readAnswer, replyFinder } from './tutor-answer.ts'
import { type VendorTraits, vendorOf } from './vendor-traits.ts'

/** An unusable answer is paid for, so it is asked for once more and no oftener. */
const MAX_UNUSABLE = 2

/**
 * Answers by one streamed completion of OpenAI's `/chat/completions`, or another vendor's of that
 * shape; 25 s at most, repair and retries counted.
 *
 * A reply that was given out is final: every later call asks only for the corrections to it.
 */
export function openaiTutor(options: TutorOptions): Tutor {
  const shardOf = cacheKeyShards(options.now)
  return {
    async answer(tutorRequest, onReply, signal, storedReply) {
      const request = { ...tutorRequest, cacheKey: shardOf(tutorRequest.cacheKey) }
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
  traits: VendorTraits
  log: Log
  now: Now
  sleep: Sleep
  random: Random
}

/** What the calls for one answer have cost and brought so far. */
type CallsSoFar = { usage: Usage[]; outlet: ReplyOutlet; unusable: number }

async function askUntilUsable(
  options: TutorOptions,
  calls: CallsSoFar,
  request: TutorRequest,
  signal: AbortSignal,
): Promise<TutorAnswer | undefined> {
  const { model, log } = options
  const { outlet, usage } = calls
  while (calls.unusable < MAX_UNUSABLE) {
    const { content, tokens } = await complete(options, outlet, request, signal)
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

/** One completion, in the richest form that the vendor takes. */
async function complete(
  { endpoint, model, traits, log }: TutorOptions,
  outlet: ReplyOutlet,
  request: TutorRequest,
  signal: AbortSignal,
): Promise<Completion> {
  const vendor = vendorOf('reply', endpoint, model)
  // Both take time at a cold start, and neither waits for the other.
  const [client] = await Promise.all([openaiClient(endpoint), traits.of(vendor)])
  const bodyWithout = (refused: ReadonlySet<string>) =>
    completionBody(model, request, outlet.givenReply(), refused)
  return withLowering(
    { vendor, traits, log },
    (refused) => lowerablesOf(bodyWithout(refused)),
    (refused) => {
      const findReply = replyFinder()
      return readCompletion(client, bodyWithout(refused), signal, (soFar) =>
        outlet.give(findReply(soFar)),
      )
    },
  )
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
