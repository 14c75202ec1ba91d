import { AppError } from '../../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../../app/jobs/timings.ts'
import type { Speaker, Voice } from '../../../app/lesson/speaker.ts'
import type { Usage } from '../../../app/lesson/usage.ts'
import { costMicroUsd } from '../../../domain/lesson/prices.ts'
import { encodeSound, type OpusRate, type OpusSound } from '../../audio/opus-encoder.ts'
import { type Pcm, resample } from '../../audio/pcm.ts'
import { readSpeech } from '../../audio/speech-file.ts'
import type { VoiceNote } from '../../audio/voice-note.ts'
import { openaiClient } from '../client.ts'
import { withLowering } from '../lowering.ts'
import { withProviderErrors } from '../provider-error.ts'
import { retrying } from '../retry.ts'
import { vendorOf } from '../vendor-traits.ts'
import { fingerprintOf, MAX_SPEECH_SECONDS, type RestSpeakerOptions } from './options.ts'
import { speakPieces } from './pieces.ts'
import { lowerablesOf, speechBody } from './speech-request.ts'

/** Speaks over any OpenAI-shaped `POST <base>/audio/speech`. */
export function restSpeaker(options: RestSpeakerOptions): Speaker {
  const { model, log, sleep, random } = options
  const stage = {
    stage: 'speak',
    deadlineMs: STAGE_DEADLINES_MS.speak,
    log,
    sleep,
    random,
  } as const
  return {
    fingerprint: (voice) => fingerprintOf(options, voice),

    async speak(pieces, voice, signal, onPages) {
      const { note, usages } = await speakPieces(
        pieces,
        signal,
        async (text, signal) => {
          const sound = await retrying({ ...stage, signal }, async (callSignal) =>
            toOpus(await fetchSpeech(options, text, voice, callSignal)),
          )
          // Thrown outside `retrying`: another call would be paid for and bring the same format.
          if ('unusable' in sound)
            throw new AppError(
              'provider-failed',
              `speak: the provider sent ${sound.unusable} where Ogg/Opus was asked for, and there is no decoder for it`,
            )
          return { sound, usage: text.length }
        },
        onPages,
      )
      const characters = usages.reduce((sum, length) => sum + length, 0)
      return { ...note, usage: usageOf(model, characters, note) }
    },
  }
}

/** `format` is what was asked for. */
type Speech = { bytes: Uint8Array; contentType: string; format?: string | undefined }

async function fetchSpeech(
  options: RestSpeakerOptions,
  text: string,
  voice: Voice,
  signal: AbortSignal,
): Promise<Speech> {
  const { endpoint, model, traits, log } = options
  const vendor = vendorOf('speak', endpoint, model)
  const bodyWithout = (refused: ReadonlySet<string>) => speechBody(options, text, voice, refused)
  return withLowering(
    { vendor, traits, log },
    (refused) => lowerablesOf(bodyWithout(refused)),
    (refused) =>
      withProviderErrors('speak', async () => {
        const client = await openaiClient(endpoint)
        // By path, since the SDK's type of the body has no `voice_id`; it would send the same.
        const body = bodyWithout(refused)
        const response = await client
          .post('/audio/speech', {
            body,
            signal,
            headers: { accept: 'application/octet-stream' },
          })
          .asResponse()
        return { ...(await speechIn(response)), format: body.response_format }
      }),
  )
}

async function speechIn(response: Response): Promise<Speech> {
  const contentType = response.headers.get('content-type') ?? ''
  return { bytes: new Uint8Array(await response.arrayBuffer()), contentType }
}

/** Takes Ogg/Opus as it is and encodes the rest; names a format that it cannot use. Throws where there is no sound. */
async function toOpus({
  bytes,
  contentType,
  format,
}: Speech): Promise<OpusSound | { unusable: string }> {
  if (bytes.length === 0) throw new AppError('provider-failed', 'speak: the answer is empty')
  // Some servers call the samples that they were asked for octets.
  const isUnnamedPcm = format === 'pcm' && !/^audio\/|text|json|xml|html/i.test(contentType)
  const type = isUnnamedPcm ? 'audio/pcm' : contentType
  const speech = await readSpeech(bytes, type, MAX_SPEECH_SECONDS)
  switch (speech.kind) {
    case 'opus':
      return speech.sound
    case 'pcm':
      return encodePcm(speech.pcm)
    case 'undecodable':
      return { unusable: speech.format }
    case 'too-long':
      // A code that is not retried: another attempt would be paid for again.
      throw new AppError(
        'provider-rejected',
        `speak: ${Math.round(speech.seconds)} s for one reply`,
      )
    case 'no-sound':
      throw new AppError('provider-failed', 'speak: the answer is no audio, or damaged')
  }
}

const OPUS_RATES: readonly OpusRate[] = [8_000, 12_000, 16_000, 24_000, 48_000]

function encodePcm(pcm: Pcm): Promise<OpusSound> {
  const rate = OPUS_RATES.find((rate) => rate >= pcm.sampleRate) ?? 48_000
  return encodeSound(resample(pcm, rate).samples, rate)
}

/** The endpoint reports no usage: the cost follows from what came back. */
function usageOf(model: string, characters: number, { durationSeconds }: VoiceNote): Usage {
  const amounts = { audioSeconds: durationSeconds, characters }
  return {
    stage: 'speak',
    model,
    audioSeconds: durationSeconds,
    costMicroUsd: costMicroUsd(model, amounts),
  }
}
