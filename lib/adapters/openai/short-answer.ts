import type { z } from 'zod'
import type { PaidWork } from '../../app/usage.ts'
import { answerObjects } from './answer-object.ts'
import { estimatedInput, readCompletion } from './completion.ts'
import { lowerablesOf, type Prompt, promptBody } from './completion-request.ts'
import { withLowering } from './lowering.ts'
import { paidRequest } from './paid-call.ts'
import { loadVendor, retryingStage, type StageOptions } from './stage.ts'
import { countUnusable, MAX_UNUSABLE, unusableAnswers } from './unusable-answers.ts'

/**
 * Asks the model that tutors for a short answer of a schema; 25 s at most, retries counted. Throws AppError 'provider-*';
 * 'provider-unusable' where no answer could be used.
 */
export async function askShortly<Schema extends z.ZodType>(
  options: StageOptions,
  prompt: Prompt,
  schema: Schema,
  work: PaidWork,
): Promise<z.output<Schema>> {
  let unusable = 0
  const answer = await retryingStage('reply', options, work, async (callWork) => {
    while (unusable < MAX_UNUSABLE) {
      const content = await complete(options, prompt, callWork)
      for (const object of answerObjects(content)) {
        const reading = schema.safeParse(object)
        if (reading.success) return reading.data
      }
      unusable += 1
      countUnusable(work)
      options.log.warn('short_answer_unusable', { unusable, form: prompt.cacheKey })
    }
    return undefined
  })
  if (answer !== undefined) return answer
  throw unusableAnswers(unusable)
}

/** One completion, in the richest form that the vendor takes. */
async function complete(options: StageOptions, prompt: Prompt, work: PaidWork): Promise<string> {
  const { endpoint, model, traits, log } = options
  const vendor = await loadVendor('reply', options)
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
