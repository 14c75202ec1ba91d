import { z } from 'zod'
import type { Interpreter } from '../../app/aside/interpreter.ts'
import type { Cache } from '../../app/cache.ts'
import { findLanguage } from '../../domain/learner/languages.ts'
import { readyAnswersPrompt, translationPrompt } from '../../domain/prompts/aside.ts'
import { storable } from '../../domain/storable.ts'
import { askShortly } from './short-answer.ts'
import type { StageOptions } from './stage.ts'
import { format } from './tutor-answer.ts'
import { vendorOf } from './vendor-traits.ts'

const READY_ANSWERS = 2

const NonEmptyText = z
  .string()
  .overwrite((text) => storable(text).trim())
  .refine((text) => text !== '')
const Translation = z.object({ reply_translation: NonEmptyText })
const ReadyAnswers = z.object({
  ready_answers: z
    .array(z.object({ czech: NonEmptyText, translation: NonEmptyText }))
    .min(READY_ANSWERS),
})
const TRANSLATION = format('translation', Translation)
const READY_ANSWERS_FORMAT = format('ready_answers', ReadyAnswers)

type Options = StageOptions & { cache: Cache }

/** Interprets by the model that tutors, in short completions; 25 s at most each, retries counted. */
export function openaiInterpreter(options: Options): Interpreter {
  return {
    async translate(reply, { nativeLanguage }, work) {
      const { cache, endpoint, model } = options
      const instructions = translationPrompt(nameOf(nativeLanguage))
      const { host } = vendorOf('reply', endpoint, model)
      const request = [host, model, instructions, reply]
      cache.prepare()
      const cachedTranslation = await cache.find('translation', request, work.measures)
      if (cachedTranslation !== undefined) return new TextDecoder().decode(cachedTranslation)

      const prompt = {
        system: { sharedPart: instructions, ownPart: '' },
        turns: [{ role: 'user' as const, content: reply }],
        format: TRANSLATION,
        cacheKey: 'translation',
      }
      const { reply_translation: translation } = await askShortly(
        options,
        prompt,
        Translation,
        work,
      )
      cache.store('translation', request, new TextEncoder().encode(translation))
      return translation
    },

    async readyAnswers({ said, reply }, learner, work) {
      const prompt = {
        system: {
          sharedPart: readyAnswersPrompt(learner, nameOf(learner.nativeLanguage)),
          ownPart: '',
        },
        turns: [
          { role: 'user' as const, content: `The learner: ${said}\nThe last turn: ${reply}` },
        ],
        format: READY_ANSWERS_FORMAT,
        cacheKey: 'ready-answers',
      }
      const answer = await askShortly(options, prompt, ReadyAnswers, work)
      return answer.ready_answers.slice(0, READY_ANSWERS)
    },
  }
}

function nameOf(nativeLanguage: string): string {
  return findLanguage(nativeLanguage)?.english ?? 'English'
}
