import { z } from 'zod'
import type { Interpreter } from '../../app/aside/interpreter.ts'
import type { Cache } from '../../app/cache.ts'
import { AppError } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { Log, Random, Sleep } from '../../app/ports.ts'
import type { PaidWork } from '../../app/usage.ts'
import { findLanguage } from '../../domain/learner/languages.ts'
import { readyAnswersPrompt, translationPrompt } from '../../domain/prompts/aside.ts'
import { storable } from '../../domain/storable.ts'
import { answerObjects } from './answer-object.ts'
import type { Endpoint } from './client.ts'
import { estimatedInput, readCompletion } from './completion.ts'
import { lowerablesOf, type Prompt, promptBody } from './completion-request.ts'
import { withLowering } from './lowering.ts'
import { loadClient, paidRequest } from './paid-call.ts'
import { retrying } from './retry.ts'
import { format } from './tutor-answer.ts'
import { type VendorTraits, vendorOf } from './vendor-traits.ts'

/** An unusable answer is paid for, so it is asked for once more and no oftener. */
const MAX_UNUSABLE = 2
const UNUSABLE = { stage: 'reply', code: 'provider-unusable' } as const
const READY_ANSWERS = 2

const Filled = z
  .string()
  .overwrite((text) => storable(text).trim())
  .refine((text) => text !== '')
const Translation = z.object({ reply_translation: Filled })
const ReadyAnswers = z.object({
  ready_answers: z.array(z.object({ czech: Filled, translation: Filled })).min(READY_ANSWERS),
})
const TRANSLATION = format('translation', Translation)
const READY_ANSWERS_FORMAT = format('ready_answers', ReadyAnswers)

type Options = {
  endpoint: Endpoint
  model: string
  traits: VendorTraits
  cache: Cache
  log: Log
  sleep: Sleep
  random: Random
}

/** Interprets by the model that tutors, in short completions; 25 s at most each, retries counted. */
export function openaiInterpreter(options: Options): Interpreter {
  return {
    async translate(reply, { nativeLanguage }, work) {
      const { cache, endpoint, model } = options
      const instructions = translationPrompt(nameOf(nativeLanguage))
      const { host } = vendorOf('reply', endpoint, model)
      const request = [host, model, instructions, reply]
      cache.prepare()
      const cachedTranslation = await cache.find('translation', request)
      if (cachedTranslation !== undefined) return new TextDecoder().decode(cachedTranslation)

      const prompt = {
        system: { shared: instructions, own: '' },
        turns: [{ role: 'user' as const, content: reply }],
        format: TRANSLATION,
        cacheKey: 'translation',
      }
      const { reply_translation: translation } = await ask(options, prompt, Translation, work)
      cache.store('translation', request, new TextEncoder().encode(translation))
      return translation
    },

    async readyAnswers({ said, reply }, learner, work) {
      const prompt = {
        system: { shared: readyAnswersPrompt(learner, nameOf(learner.nativeLanguage)), own: '' },
        turns: [
          { role: 'user' as const, content: `The learner: ${said}\nThe last turn: ${reply}` },
        ],
        format: READY_ANSWERS_FORMAT,
        cacheKey: 'ready-answers',
      }
      const answer = await ask(options, prompt, ReadyAnswers, work)
      return answer.ready_answers.slice(0, READY_ANSWERS)
    },
  }
}

function nameOf(nativeLanguage: string): string {
  return findLanguage(nativeLanguage)?.english ?? 'English'
}

async function ask<Schema extends z.ZodType>(
  options: Options,
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
        log.warn('aside_unusable', { unusable, form: prompt.cacheKey })
      }
      return undefined
    },
  )
  if (answer !== undefined) return answer
  throw new AppError('provider-unusable', `reply: ${unusable} answers could not be used`)
}

/** One completion, in the richest form that the vendor takes. */
async function complete(
  { endpoint, model, traits, log }: Options,
  prompt: Prompt,
  work: PaidWork,
): Promise<string> {
  const vendor = vendorOf('reply', endpoint, model)
  // Both take time at a cold start, and neither waits for the other.
  await Promise.all([loadClient(endpoint), traits.of(vendor)])
  return withLowering(
    { vendor, traits, log },
    (refused) => lowerablesOf(promptBody(model, prompt, refused)),
    async (refused) => {
      const body = promptBody(model, prompt, refused)
      const estimate = { inputTokens: estimatedInput(body) }
      const { content } = await paidRequest(endpoint, work, vendor, estimate, (client, meter) =>
        readCompletion(client, body, { signal: work.signal, meter }, () => {}),
      )
      return content
    },
  )
}
