import { AppError } from '../../../app/error.ts'
import { STAGE_DEADLINES_MS } from '../../../app/jobs/timings.ts'
import type { Speaker, Voice } from '../../../app/lesson/speaker.ts'
import type { Usage } from '../../../app/lesson/usage.ts'
import { parseJson } from '../../../domain/json.ts'
import { costMicroUsd } from '../../../domain/lesson/prices.ts'
import { type AudioFile, inspectAudio } from '../../audio/file.ts'
import { readOggOpus } from '../../audio/ogg-reader.ts'
import { encodeSound, type OpusRate, type OpusSound } from '../../audio/opus-encoder.ts'
import { type Pcm, readWav, resample, samplesOf } from '../../audio/pcm.ts'
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

/** The fields in which servers that answer with JSON put their sound, as base64. */
const SOUND_FIELDS = ['audio_data', 'audio', 'data', 'audio_content', 'b64_json']

async function speechIn(response: Response): Promise<Speech> {
  const contentType = response.headers.get('content-type') ?? ''
  if (!/\bjson\b/i.test(contentType))
    return { bytes: new Uint8Array(await response.arrayBuffer()), contentType }
  const body = parseJson(await response.text())
  const sounds = SOUND_FIELDS.map((name) =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined,
  )
  const sound = sounds.find((value) => typeof value === 'string')
  return { bytes: Buffer.from(sound ?? '', 'base64'), contentType: '' }
}

/** Takes Ogg/Opus as it is and encodes PCM; names a format that it cannot use. Throws where there is no sound. */
async function toOpus({
  bytes,
  contentType,
  format,
}: Speech): Promise<OpusSound | { unusable: string }> {
  if (bytes.length === 0) throw new AppError('provider-failed', 'speak: the answer is empty')
  if (/^audio\/(pcm|l16)\b/i.test(contentType)) {
    // OpenAI's `pcm`: 24 kHz, 16 bits, mono, without a header that could say otherwise.
    return encodePcm({ samples: samplesOf(bytes), sampleRate: 24_000 })
  }
  const file = await inspectAudio(bytes)
  // Some servers call what they send octets.
  const isUnnamedPcm = format === 'pcm' && !/text|json|xml|html/i.test(contentType)
  if (file === undefined && isUnnamedPcm)
    return encodePcm({ samples: samplesOf(bytes), sampleRate: 24_000 })
  if (file === undefined)
    throw new AppError('provider-failed', 'speak: the answer is no audio, or damaged')
  refuseEndless(file.durationSeconds)
  if (file.format === 'ogg') return readOggOpus(bytes) ?? { unusable: nameOf(file) }
  const pcm = file.format === 'wav' ? await readWav(bytes) : undefined
  return pcm === undefined ? { unusable: nameOf(file) } : encodePcm(pcm)
}

const OPUS_RATES: readonly OpusRate[] = [8_000, 12_000, 16_000, 24_000, 48_000]

async function encodePcm(pcm: Pcm): Promise<OpusSound> {
  if (pcm.samples.length === 0) throw new AppError('provider-failed', 'speak: no audio came')
  refuseEndless(pcm.samples.length / pcm.sampleRate)
  const rate = OPUS_RATES.find((rate) => rate >= pcm.sampleRate) ?? 48_000
  return encodeSound(resample(pcm, rate).samples, rate)
}

/** Encoding blocks the event loop and takes memory, so endless speech is refused. */
function refuseEndless(seconds: number): void {
  // A code that is not retried: another attempt would be paid for again.
  if (seconds > MAX_SPEECH_SECONDS)
    throw new AppError('provider-rejected', `speak: ${Math.round(seconds)} s for one reply`)
}

function nameOf(file: AudioFile): string {
  return file.format === file.codec ? file.format : `${file.format} with ${file.codec}`
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
