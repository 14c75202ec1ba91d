import type { ReplySoFar, Tutor, TutorAnswer, TutorRequest } from '../../app/lesson/tutor.ts'
import type { Now } from '../../app/ports.ts'
import type { PaidWork } from '../../app/usage.ts'
import { COMPLAINTS } from '../../domain/lesson/complaints.ts'
import { type CorrectionFault, faultOf } from '../../domain/lesson/correction-check.ts'
import { cacheKeyShards } from './cache-key-shards.ts'
import { type Completion, estimatedInput, readCompletion } from './completion.ts'
import { completionBody, lowerablesOf } from './completion-request.ts'
import { withLowering } from './lowering.ts'
import { paidRequest } from './paid-call.ts'
import { loadVendor, retryingStage, type StageOptions } from './stage.ts'
import { readAnswer, replyFinder } from './tutor-answer.ts'
import { countUnusable, MAX_UNUSABLE, unusableAnswers } from './unusable-answers.ts'

/**
 * Answers by one streamed completion of OpenAI's `/chat/completions`, or another vendor's of that
 * shape; 25 s at most, repair and retries counted.
 *
 * A reply that was given out is final: every later call asks only for the corrections to it.
 */
export function openaiTutor(options: TutorOptions): Tutor {
  const shardOf = cacheKeyShards(options.now)
  return {
    async answer(tutorRequest, onReply, work, storedReply) {
      const request = { ...tutorRequest, cacheKey: shardOf(tutorRequest.cacheKey) }
      // Kept across attempts, because a failed call may have given a reply out.
      const calls: CallsSoFar = { outlet: replyOutlet(storedReply, onReply), unusable: 0 }
      const answer = await retryingStage('reply', options, work, (callWork) =>
        askUntilUsable(options, calls, request, callWork),
      )
      if (answer !== undefined) return answer
      throw unusableAnswers(calls.unusable)
    },
  }
}

type TutorOptions = StageOptions & {
  now: Now
  /** Sees each answer that is not to be believed, before it is asked for again: the evaluation counts them. */
  onDoubtedAnswer?(answer: DoubtedAnswer): void
}

/** What the calls for one answer have brought so far. */
type CallsSoFar = {
  outlet: ReplyOutlet
  unusable: number
  /** The last answer whose correction is not to be believed, which stands where no better one comes. */
  doubtedAnswer?: DoubtedAnswer
}

export type DoubtedAnswer = TutorAnswer & { fault: CorrectionFault }

async function askUntilUsable(
  options: TutorOptions,
  calls: CallsSoFar,
  request: TutorRequest,
  work: PaidWork,
): Promise<TutorAnswer | undefined> {
  const { outlet } = calls
  while (calls.unusable < MAX_UNUSABLE) {
    const { content, isCut } = await complete(options, outlet, complainedOf(request, calls), work)
    const reading = readAnswer(content, outlet.givenReply())
    if (reading.kind === 'answer') {
      outlet.give({ text: reading.answer.reply, isComplete: true })
      const fault = faultOf(request.said, reading.answer, request.nativeLanguage)
      if (fault === undefined) return reading.answer
      calls.doubtedAnswer = { ...reading.answer, fault }
      options.onDoubtedAnswer?.(calls.doubtedAnswer)
    }
    calls.unusable += 1
    countUnusable(work)
    options.log.warn('reply_unusable', {
      unusable: calls.unusable,
      is_cut: isCut,
      issues: reading.kind === 'answer' ? [calls.doubtedAnswer?.fault] : reading.issues,
    })
  }
  return calls.doubtedAnswer
}

/** The request that says what was wrong with the last corrections. */
function complainedOf(request: TutorRequest, { doubtedAnswer }: CallsSoFar): TutorRequest {
  if (doubtedAnswer === undefined) return request
  const complaint = COMPLAINTS[doubtedAnswer.fault]
  return { ...request, correctionsOnly: `${request.correctionsOnly} ${complaint}` }
}

/** One completion, in the richest form that the vendor takes. */
async function complete(
  options: TutorOptions,
  outlet: ReplyOutlet,
  request: TutorRequest,
  work: PaidWork,
): Promise<Completion> {
  const { endpoint, model, traits, log } = options
  const vendor = await loadVendor('reply', options)
  const bodyWithout = (refusedTraits: ReadonlySet<string>) =>
    completionBody(model, request, outlet.givenReply(), refusedTraits)
  return withLowering(
    { vendor, traits, log },
    (refusedTraits) => lowerablesOf(bodyWithout(refusedTraits)),
    (refusedTraits) => {
      const findReply = replyFinder()
      const body = bodyWithout(refusedTraits)
      const estimate = { inputTokens: estimatedInput(body) }
      return paidRequest(endpoint, work, vendor, estimate, (client, meter) =>
        readCompletion(client, body, { signal: work.signal, meter }, (soFar) =>
          outlet.give(findReply(soFar)),
        ),
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
