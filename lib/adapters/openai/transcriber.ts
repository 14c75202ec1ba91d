import { z } from 'zod'
import { AppError } from '../../app/error.ts'
import type { Audio } from '../../app/lesson/audio.ts'
import type { Transcriber, Transcript } from '../../app/lesson/transcriber.ts'
import type { PaidWork } from '../../app/usage.ts'
import { parseJson } from '../../domain/json.ts'
import { NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import type { Amounts } from '../../domain/lesson/prices.ts'
import { storable } from '../../domain/storable.ts'
import { withLowering } from './lowering.ts'
import { paidRequest } from './paid-call.ts'
import { withProviderErrors } from './provider-error.ts'
import { blamesRecording, fileUnder, lowerableFile } from './recording-file.ts'
import { refusalOf } from './refusal.ts'
import { loadVendor, retryingStage, type StageOptions } from './stage.ts'
import { hintsFor, lowerableHints, VERBATIM } from './transcription-request.ts'
import { Certainty, unsureWordsIn } from './word-probabilities.ts'

/** Given silence, such a model may answer with its prompt: a piece of it this long is no learner's sentence. */
const ECHO_CHARACTERS = 25

/** At most a day: a larger number is a mistake of the provider's, and would be charged. */
const Seconds = z.number().nonnegative().max(86_400)

/** The fields read from an answer; vendors differ in all but `text`. */
const Answer = Certainty.extend({
  text: z.string(),
  language: z.string().nullish().catch(undefined),
  languages: z
    .array(z.object({ code: z.string() }))
    .nullish()
    .catch(undefined),
  duration: Seconds.nullish().catch(undefined),
  usage: z
    .object({
      seconds: Seconds.optional(),
      input_tokens: z.int().nonnegative().optional(),
      output_tokens: z.int().nonnegative().optional(),
    })
    .nullish()
    .catch(undefined),
})
type Answer = z.output<typeof Answer>

/** Hears speech by OpenAI's `/audio/transcriptions`, or another vendor's of that shape; 20 s at most. */
export function openaiTranscriber(options: StageOptions): Transcriber {
  return {
    transcribe: (audio, nativeLanguage, work) =>
      retryingStage('transcribe', options, work, (callWork) =>
        ask(options, audio, nativeLanguage, callWork),
      ),
  }
}

/** The transcript by the fullest request that the vendor takes. */
async function ask(
  options: StageOptions,
  audio: Audio,
  nativeLanguage: string,
  work: PaidWork,
): Promise<Transcript> {
  const { endpoint, model, traits, log } = options
  const vendor = await loadVendor('transcribe', options)
  const hintsUnder = (refusedTraits: ReadonlySet<string>) =>
    hintsFor(model, nativeLanguage, refusedTraits)
  const lowerables = (refusedTraits: ReadonlySet<string>) => [
    ...lowerableHints(hintsUnder(refusedTraits)),
    ...lowerableFile(audio, refusedTraits),
  ]
  const estimate = { audioInSeconds: audio.durationSeconds }
  try {
    return await withLowering({ vendor, traits, log }, lowerables, async (refusedTraits) => {
      const file = await fileUnder(audio, refusedTraits)
      const body = { model, file, ...hintsUnder(refusedTraits) }
      return paidRequest(endpoint, work, vendor, estimate, async (client, meter) => {
        const response = await withProviderErrors(
          'transcribe',
          async (): Promise<unknown> =>
            client.audio.transcriptions.create(body, { signal: work.signal }),
        )
        const answer = answerOf(response)
        meter.used(amountsOf(answer, audio))
        return transcriptOf(answer)
      })
    })
  } catch (error) {
    // Mapped here, because only this stage sends a recording.
    if (!blamesRecording(audio, refusalOf(error)?.words)) throw error
    throw new AppError('audio-rejected', 'transcribe: the recording cannot be read')
  }
}

function answerOf(response: unknown): Answer {
  const answer = Answer.safeParse(typeof response === 'string' ? fieldsOf(response) : response)
  if (answer.success) return answer.data
  throw new AppError('provider-failed', 'transcribe: the answer has no text', {
    cause: answer.error,
  })
}

function amountsOf({ duration, usage }: Answer, audio: Audio): Amounts {
  return {
    // Some vendors report 0 of everything: what was recognised has a length all the same.
    audioInSeconds: usage?.seconds || duration || audio.durationSeconds,
    ...(usage?.input_tokens === undefined ? {} : { inputTokens: usage.input_tokens }),
    ...(usage?.output_tokens === undefined ? {} : { outputTokens: usage.output_tokens }),
  }
}

function transcriptOf(answer: Answer): Transcript {
  const text = storable(answer.text).trim()
  const { languages, language } = answer
  return {
    text: text.length >= ECHO_CHARACTERS && VERBATIM.includes(text) ? '' : text,
    languages: [languages?.map(({ code }) => code) ?? language ?? []]
      .flat()
      .flatMap((name) => languageCode(name) ?? []),
    unsureWords: unsureWordsIn(answer),
  }
}

/** The fields of an answer that did not say that it is JSON: it may be, or the plain transcript; a page is neither. */
function fieldsOf(response: string): unknown {
  if (/^\s*</.test(response) && !/^\s*<\|/.test(response)) return undefined
  return parseJson(response) ?? { text: response }
}

/** English names by which whisper calls languages, where ours differ. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['czech', 'cs'],
  ['slovenian', 'sl'],
  ['myanmar', 'my'],
  ['flemish', 'nl'],
  ['castilian', 'es'],
  ['valencian', 'ca'],
  ['moldavian', 'ro'],
  ['moldovan', 'ro'],
  ['sinhalese', 'si'],
  ['panjabi', 'pa'],
])

/** ISO 639-1 of a language given by name (`czech`) or by any code (`ces`, `cs-CZ`); undefined where it has none. */
export function languageCode(label: string): string | undefined {
  const name = label.trim().toLowerCase()
  const namedCode =
    OTHER_NAMES.get(name) ??
    NATIVE_LANGUAGES.find(({ english }) => english.toLowerCase() === name)?.code
  if (namedCode !== undefined) return namedCode
  if (!/^[a-z]{2,3}([-_].*)?$/.test(name)) return undefined
  // Intl knows that `ces` is `cs`.
  const code = new Intl.Locale(name.slice(0, name.search(/[-_]|$/))).language
  return code.length === 2 ? code : undefined
}
