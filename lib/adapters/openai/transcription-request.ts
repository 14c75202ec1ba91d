import { type Lowerable, named } from './lowering.ts'

/**
 * Asks a transcriber that is a language model not to correct what it hears: those mistakes are what
 * the lesson is about. In Czech, because the prompt should match the language of the audio.
 */
export const VERBATIM =
  'Doslovný přepis řeči cizince, který se učí česky. Zapisuj přesně slova, která říká, i se všemi chybami v tvarech a pádech. Nic neopravuj, nepřekládej, nedoplňuj a nevynechávej.'

type Format = 'verbose_json' | 'json' | 'text'

/** The fields of a request to transcribe, besides the file and the model. */
export type Hints = {
  languages?: string[]
  language?: string
  prompt?: string
  response_format?: Format
  include?: ['logprobs']
}

/**
 * What a recogniser is told, without the `refusedTraits` of its vendor.
 *
 * gpt-transcribe chooses among several languages and follows a prompt; the others want one language. Whisper names the
 * language, and how sure it is, in `verbose_json` only; gpt-4o-transcribe says how sure it is of each piece where it is
 * asked. Neither takes it longer; the times of whisper's words would.
 */
export function hintsFor(
  model: string,
  nativeLanguage: string,
  refusedTraits: ReadonlySet<string>,
): Hints {
  const isListening = /(^|\/)gpt-transcribe\b/.test(model)
  const takesLanguages = isListening && !refusedTraits.has('languages')
  const format = isListening ? undefined : formatFor(model, refusedTraits)
  return {
    ...(takesLanguages ? { languages: [...new Set(['cs', nativeLanguage])] } : {}),
    ...(takesLanguages || refusedTraits.has('language') ? {} : { language: 'cs' }),
    ...(isListening && !refusedTraits.has('prompt') ? { prompt: VERBATIM } : {}),
    ...(format === undefined ? {} : { response_format: format }),
    ...(format === 'json' && TELLS_LOGPROBS.test(model) && !refusedTraits.has('include')
      ? { include: ['logprobs'] }
      : {}),
  }
}

/** By their names, alone or behind a gateway's prefix; the one that tells speakers apart does not. */
const TELLS_LOGPROBS = /(^|\/)gpt-4o(-mini)?-transcribe(?!-diarize)/

function formatFor(model: string, refusedTraits: ReadonlySet<string>): Format | undefined {
  const formats: Format[] = [
    ...(model.includes('whisper') ? (['verbose_json'] as const) : []),
    'json',
    'text',
  ]
  return formats.find((format) => !refusedTraits.has(`response_format=${format}`))
}

/** The parts of these hints that a vendor may refuse, first what is missed least. */
export function lowerableHints(hints: Hints): readonly Lowerable[] {
  const { response_format: format } = hints
  return [
    ...('include' in hints ? [{ trait: 'include', names: named('include', 'logprobs') }] : []),
    ...(format === undefined
      ? []
      : [
          {
            trait: `response_format=${format}`,
            names: /response.?format|verbose|\bjson\b|timestamp/i,
          },
        ]),
    ...(['prompt', 'languages', 'language'] as const)
      .filter((name) => name in hints)
      .map((name) => ({ trait: name, names: named(name) })),
  ]
}
