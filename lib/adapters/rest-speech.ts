import { AppError } from '../app/error.ts'
import type { Speaker, SpokenReply, Usage, Voice } from '../app/ports.ts'
import { STAGE_DEADLINES_MS } from '../app/timings.ts'
import { costMicroUsd } from '../domain/prices.ts'
import { type AudioFile, inspectAudio } from './audio-file.ts'
import { encodeVoiceNote, type OpusRate, type VoiceNote } from './ogg-opus.ts'
import { openaiClient } from './openai-client.ts'
import { type Pcm, readWav, resample, samplesOf } from './pcm.ts'
import { providerError } from './provider-error.ts'
import { retrying } from './retry.ts'
import {
  fingerprintOf,
  MANNERS,
  MAX_SPEECH_SECONDS,
  type SpeakerOptions,
} from './speech-options.ts'

/** Speaks over any OpenAI-shaped `POST <base>/audio/speech`. */
export function restSpeaker(options: SpeakerOptions): Speaker {
  const { log, sleep, random } = options
  return {
    fingerprint: (voice) => fingerprintOf(options, voice),
    async speak(text, voice, signal) {
      const spoken = await retrying(
        { stage: 'speak', deadlineMs: STAGE_DEADLINES_MS.speak, signal, log, sleep, random },
        async (signal) => toVoiceNote(await fetchSpeech(options, text, voice, signal)),
      )
      // Not among what is retried: another call would be paid for and bring the same format.
      if ('unusable' in spoken)
        throw new AppError(
          'provider-failed',
          `speak: the provider sent ${spoken.unusable} where Ogg/Opus was asked for, and there is no decoder for it`,
        )
      return { ...spoken, usage: usageOf(options.model, text, spoken) }
    },
  }
}

type Speech = { bytes: Uint8Array; contentType: string }

async function fetchSpeech(
  options: SpeakerOptions,
  text: string,
  voice: Voice,
  signal: AbortSignal,
): Promise<Speech> {
  const { endpoint, model, voices } = options
  try {
    const client = await openaiClient(endpoint)
    const response = await client.audio.speech.create(
      {
        model,
        voice: voices[voice.character],
        input: text,
        response_format: 'opus',
        // Both are optional, and other vendors refuse fields that they do not know.
        ...(voice.speedFactor === 1 ? {} : { speed: voice.speedFactor }),
        ...(model.startsWith('gpt-')
          ? { instructions: `You are ${MANNERS[voice.character]}.` }
          : {}),
      },
      { signal },
    )
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { bytes, contentType: response.headers.get('content-type') ?? '' }
  } catch (error) {
    throw providerError(error, 'speak')
  }
}

/** Passes Ogg/Opus on and encodes PCM; what it cannot use it names. Throws where nothing can be heard. */
async function toVoiceNote({
  bytes,
  contentType,
}: Speech): Promise<VoiceNote | { unusable: string }> {
  if (bytes.length === 0) throw new AppError('provider-failed', 'speak: the answer is empty')
  if (/^audio\/(pcm|l16)\b/i.test(contentType)) {
    // OpenAI's `pcm`: 24 kHz, 16 bits, mono, without a header that could say otherwise.
    return encodePcm({ samples: samplesOf(bytes), sampleRate: 24_000 })
  }
  const file = await inspectAudio(bytes)
  if (file === undefined)
    throw new AppError('provider-failed', 'speak: the answer is no audio, or damaged')
  refuseEndless(file.durationSeconds)
  if (file.format === 'ogg' && file.codec === 'opus')
    return { ogg: bytes, durationSeconds: file.durationSeconds }
  const pcm = file.format === 'wav' ? await readWav(bytes) : undefined
  return pcm === undefined ? { unusable: nameOf(file) } : encodePcm(pcm)
}

const OPUS_RATES: readonly OpusRate[] = [8_000, 12_000, 16_000, 24_000, 48_000]

async function encodePcm(pcm: Pcm): Promise<VoiceNote> {
  if (pcm.samples.length === 0) throw new AppError('provider-failed', 'speak: no audio came')
  refuseEndless(pcm.samples.length / pcm.sampleRate)
  const rate = OPUS_RATES.find((rate) => rate >= pcm.sampleRate) ?? 48_000
  return encodeVoiceNote(resample(pcm, rate).samples, rate)
}

/** Encoding takes a thirtieth of the time that it plays, in which nothing else is done. */
function refuseEndless(seconds: number): void {
  // Not among what is retried: it would be paid for again.
  if (seconds > MAX_SPEECH_SECONDS)
    throw new AppError('provider-rejected', `speak: ${Math.round(seconds)} s for one reply`)
}

function nameOf(file: AudioFile): string {
  return file.format === file.codec ? file.format : `${file.format} with ${file.codec}`
}

/** The endpoint reports no usage: the cost follows from what came back. */
function usageOf(
  model: string,
  text: string,
  { durationSeconds }: Pick<SpokenReply, 'durationSeconds'>,
): Usage {
  const used = { audioSeconds: durationSeconds, characters: text.length }
  return {
    stage: 'speak',
    model,
    audioSeconds: durationSeconds,
    costMicroUsd: costMicroUsd(model, used),
  }
}
