import type { z } from 'zod'
import { AppError } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { Log, Random, Sleep } from '../../app/ports.ts'
import type { PaidWork } from '../../app/usage.ts'
import { answerObjects } from './answer-object.ts'
import type { Endpoint } from './client.ts'
import { estimatedInput, readCompletion } from './completion.ts'
import { lowerablesOf, type Prompt, promptBody } from './completion-request.ts'
import { withLowering } from './lowering.ts'
import { loadClient, paidRequest } from './paid-call.ts'
import { retrying } from './retry.ts'
import { type VendorTraits, vendorOf } from './vendor-traits.ts'

/** An unusable answer is paid for, so it is asked for once more and no oftener. */
const MAX_UNUSABLE = 2
const UNUSABLE = { stage: 'reply', code: 'provider-unusable' } as const

export type ShortAnswerOptions = {
  endpoint: Endpoint
  model: string
  traits: VendorTraits
  log: Log
  sleep: Sleep
  random: Random
}

/**
 * Asks the model that tutors for a short answer of a schema; 25 s at most, retries counted. Throws AppError 'provider-*';
 * 'provider-unusable' where no answer could be used.
 */
export async function askShortly<Schema extends z.ZodType>(
  options: ShortAnswerOptions,
  prompt: Prompt,
  schema: Schema,
  { signal, ...work }: PaidWork,
): Promise<z.output<Schema>> {
  const { log, sleep, random } = options
  const deadlineMs = STAGE_DEADLINES_MS.reply
  let unusable = 0
  const answer = await retrying(
    { stage: 'reply', deadlineMs, signal, log, sleep, random, measures: work.measures },
    async (callSignal) => {
      while (unusable < MAX_UNUSABLE) {
        const content = await complete(options, prompt, { ...work, signal: callSignal })
        for (const object of answerObjects(content)) {
          const reading = schema.safeParse(object)
          if (reading.success) return reading.data
        }
        unusable += 1
        work.measures?.count('provider_errors', UNUSABLE)
        log.warn('short_answer_unusable', { unusable, form: prompt.cacheKey })
      }
      return undefined
    },
  )
  if (answer !== undefined) return answer
  throw new AppError('provider-unusable', `reply: ${unusable} answers could not be used`)
}

/** One completion, in the richest form that the vendor takes. */
async function complete(
  { endpoint, model, traits, log }: ShortAnswerOptions,
  prompt: Prompt,
  work: PaidWork,
): Promise<string> {
  const vendor = vendorOf('reply', endpoint, model)
  // Both take time at a cold start, and neither waits for the other.
  await Promise.all([loadClient(endpoint), traits.of(vendor)])
  return withLowering(
    { vendor, traits, log },
    (refusedTraits) => lowerablesOf(promptBody(model, prompt, refusedTraits)),
    async (refusedTraits) => {
      const body = promptBody(model, prompt, refusedTraits)
      const estimate = { inputTokens: estimatedInput(body) }
      const { content } = await paidRequest(endpoint, work, vendor, estimate, (client, meter) =>
        readCompletion(client, body, { signal: work.signal, meter }, () => {}),
      )
      return content
    },
  )
}
