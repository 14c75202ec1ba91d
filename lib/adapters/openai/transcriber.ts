import { z } from 'zod'
import { AppError } from '../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../app/jobs/timings.ts'
import type { Audio } from '../../app/lesson/audio.ts'
import type { Transcriber, Transcript } from '../../app/lesson/transcriber.ts'
import type { Log, Random, Sleep } from '../../app/ports.ts'
import { NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import { costMicroUsd } from '../../domain/lesson/prices.ts'
import { storable } from '../../domain/storable.ts'
import { type Endpoint, openaiClient } from './client.ts'
import { withProviderErrors } from './provider-error.ts'
import { retrying } from './retry.ts'

/**
 * Asks a transcriber that is a language model not to correct what it hears: those mistakes are what
 * the lesson is about. In Czech, because the prompt should match the language of the audio.
 */
const VERBATIM =
  'Doslovný přepis řeči cizince, který se učí česky. Zapisuj přesně slova, která říká, i se všemi chybami v tvarech a pádech. Nic neopravuj, nepřekládej, nedoplňuj a nevynechávej.'

/** Given silence, such a model may answer with its prompt: a piece of it this long is no learner's sentence. */
const ECHO_CHARACTERS = 25

/** At most a day: a larger number is a mistake of the provider's, and would be charged. */
const Seconds = z.number().nonnegative().max(86_400)

/** The fields read from an answer; vendors differ in all but `text`. */
const Answer = z.object({
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

/** Hears speech by OpenAI's `/audio/transcriptions`, or another vendor's of that shape; 20 s at most. */
export function openaiTranscriber(options: {
  endpoint: Endpoint
  model: string
  log: Log
  sleep: Sleep
  random: Random
}): Transcriber {
  const { endpoint, model, log, sleep, random } = options
  return {
    transcribe(audio, nativeLanguage, signal) {
      const stage = {
        stage: 'transcribe',
        deadlineMs: STAGE_DEADLINES_MS.transcribe,
        signal,
        log,
        sleep,
        random,
      } as const
      return retrying(stage, async (callSignal) => {
        const client = await openaiClient(endpoint)
        const file = new File([Buffer.from(audio.bytes)], audio.fileName, { type: audio.mimeType })
        const body = { model, file, ...hints(model, nativeLanguage) }
        const response = await withProviderErrors('transcribe', async () =>
          client.audio.transcriptions.create(body, { signal: callSignal }),
        )
        return transcriptOf(model, audio, response)
      })
    },
  }
}

/** gpt-transcribe chooses among several languages and follows a prompt; the others want one language. */
function hints(model: string, nativeLanguage: string) {
  if (/^gpt-transcribe\b/.test(model))
    return { languages: [...new Set(['cs', nativeLanguage])], prompt: VERBATIM }
  return {
    language: 'cs',
    response_format: model.includes('whisper') ? 'verbose_json' : 'json',
  } as const
}

function transcriptOf(model: string, audio: Audio, response: unknown): Transcript {
  const answer = Answer.safeParse(response)
  if (!answer.success)
    throw new AppError('provider-failed', 'transcribe: the answer has no text', {
      cause: answer.error,
    })
  const { languages, language, duration, usage } = answer.data
  const text = storable(answer.data.text).trim()
  const audioSeconds = usage?.seconds ?? duration ?? audio.durationSeconds
  const amounts = {
    audioSeconds,
    ...(usage?.input_tokens === undefined ? {} : { inputTokens: usage.input_tokens }),
    ...(usage?.output_tokens === undefined ? {} : { outputTokens: usage.output_tokens }),
  }
  return {
    text: text.length >= ECHO_CHARACTERS && VERBATIM.includes(text) ? '' : text,
    languages: [languages?.map(({ code }) => code) ?? language ?? []]
      .flat()
      .flatMap((name) => languageCode(name) ?? []),
    usage: { stage: 'transcribe', model, ...amounts, costMicroUsd: costMicroUsd(model, amounts) },
  }
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
