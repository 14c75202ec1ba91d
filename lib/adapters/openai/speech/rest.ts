import { AppError } from '../../../app/error.ts'
import type { Speaker, Voice } from '../../../app/lesson/speaker.ts'
import type { PaidWork } from '../../../app/usage.ts'
import { estimatedSeconds } from '../../../domain/lesson/prices.ts'
import { encodeSound, OPUS_CLOCK, type OpusRate, type OpusSound } from '../../audio/opus-encoder.ts'
import { type Pcm, resample } from '../../audio/pcm.ts'
import { readSpeech } from '../../audio/speech-file.ts'
import { withLowering } from '../lowering.ts'
import { paidRequest } from '../paid-call.ts'
import { withProviderErrors } from '../provider-error.ts'
import { retryingStage } from '../stage.ts'
import { vendorOf } from '../vendor-traits.ts'
import { findSound, storeSound } from './cached-sound.ts'
import { fingerprintOf, MAX_SPEECH_SECONDS, type RestSpeakerOptions } from './options.ts'
import { speakPieces } from './pieces.ts'
import { lowerablesOf, speechBody } from './speech-request.ts'

/** Speaks over any OpenAI-shaped `POST <base>/audio/speech`. */
export function restSpeaker(options: RestSpeakerOptions): Speaker {
  return {
    fingerprint: (voice) => fingerprintOf(options, voice),

    speak(pieces, voice, { signal, ...work }, onPages) {
      options.cache.prepare()
      return speakPieces(
        pieces,
        signal,
        async (text, signal) => {
          const sound = await retryingStage('speak', options, { ...work, signal }, (callWork) =>
            fetchSpeech(options, text, voice, callWork),
          )
          // Thrown outside `retrying`: another call would be paid for and bring the same format.
          if ('unusable' in sound)
            throw new AppError(
              'provider-failed',
              `speak: the provider sent ${sound.unusable} where Ogg/Opus was asked for, and there is no decoder for it`,
            )
          return sound
        },
        onPages,
      )
    },
  }
}

type Sound = OpusSound | { unusable: string }

/** `format` is what was asked for. */
type Speech = { bytes: Uint8Array; contentType: string; format?: string | undefined }

async function fetchSpeech(
  options: RestSpeakerOptions,
  text: string,
  voice: Voice,
  work: PaidWork,
): Promise<Sound> {
  const { endpoint, model, traits, cache, log } = options
  const vendor = vendorOf('speak', endpoint, model)
  const bodyWithout = (refusedTraits: ReadonlySet<string>) =>
    speechBody(options, text, voice, refusedTraits)
  return withLowering(
    { vendor, traits, log },
    (refusedTraits) => lowerablesOf(bodyWithout(refusedTraits)),
    async (refusedTraits) => {
      const body = bodyWithout(refusedTraits)
      const request = [vendor.host, JSON.stringify(body)]
      const cachedSound = await findSound(cache, request, work)
      if (cachedSound !== undefined) return cachedSound
      const characters = text.length
      const estimate = { characters, audioOutSeconds: estimatedSeconds(text, voice.speedFactor) }
      return paidRequest(endpoint, work, vendor, estimate, async (client, meter) => {
        const speech = await withProviderErrors('speak', async () => {
          // By path, since the SDK's type of the body has no `voice_id`; it would send the same.
          const response = await client
            .post('/audio/speech', {
              body,
              signal: work.signal,
              headers: { accept: 'application/octet-stream' },
            })
            .asResponse()
          return { ...(await speechIn(response)), format: body.response_format }
        })
        const sound = await toOpus(speech)
        // The endpoint reports no usage: the cost follows from what came back.
        if (!('unusable' in sound)) {
          meter.used({ characters, audioOutSeconds: secondsOf(sound) })
          storeSound(cache, request, sound)
        }
        return sound
      })
    },
  )
}

async function speechIn(response: Response): Promise<Speech> {
  const contentType = response.headers.get('content-type') ?? ''
  return { bytes: new Uint8Array(await response.arrayBuffer()), contentType }
}

/** Takes Ogg/Opus as it is and encodes the rest; names a format that it cannot use. Throws where there is no sound. */
async function toOpus({ bytes, contentType, format }: Speech): Promise<Sound> {
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

function secondsOf({ preSkip, endsAt }: OpusSound): number {
  return (endsAt - preSkip) / OPUS_CLOCK
}
