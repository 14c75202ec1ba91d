import type { Voice } from '../../../app/lesson/speaker.ts'
import { type Lowerable, named } from '../lowering.ts'
import { MANNERS, type SpeakerOptions } from './options.ts'

/** What is asked for in turn: Opus needs no work of ours, WAV and PCM are whole, MP3 every server has. */
const FORMATS = ['opus', 'wav', 'pcm', 'mp3'] as const

const VOICE = 'voice'

export type SpeechBody = {
  model: string
  voice?: string
  /** What Mistral calls it. */
  voice_id?: string
  input: string
  response_format?: (typeof FORMATS)[number]
  speed?: number
  instructions?: string
}

/** A request for speech, without the `refusedTraits` of its vendor; without a format where all formats are refused. */
export function speechBody(
  { model, voices }: SpeakerOptions,
  text: string,
  { character, speedFactor }: Voice,
  refusedTraits: ReadonlySet<string>,
): SpeechBody {
  const format = FORMATS.find((name) => !refusedTraits.has(`response_format=${name}`))
  // Both are optional, and other vendors refuse fields that they do not know.
  const isPaced = speedFactor !== 1 && !refusedTraits.has('speed')
  const isDirected = model.startsWith('gpt-') && !refusedTraits.has('instructions')
  return {
    model,
    ...(refusedTraits.has(VOICE) ? { voice_id: voices[character] } : { voice: voices[character] }),
    input: text,
    ...(format === undefined ? {} : { response_format: format }),
    ...(isPaced ? { speed: speedFactor } : {}),
    ...(isDirected ? { instructions: `You are ${MANNERS[character]}.` } : {}),
  }
}

/** The parts of such a request that a vendor may refuse, first what is missed least. */
export function lowerablesOf(body: SpeechBody): readonly Lowerable[] {
  const { response_format: format } = body
  return [
    ...(format === undefined
      ? []
      : [
          {
            trait: `response_format=${format}`,
            names: new RegExp(
              `(response|output|audio).?format|\\b${format}\\b|codec|container`,
              'i',
            ),
          },
        ]),
    ...(['instructions', 'speed'] as const)
      .filter((name) => name in body)
      .map((name) => ({ trait: name, names: named(name) })),
    ...('voice' in body ? [{ trait: VOICE, names: /\bvoice_id\b/ }] : []),
  ]
}
