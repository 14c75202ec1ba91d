import { AppError } from '../../app/error.ts'
import type { Audio } from '../../app/lesson/audio.ts'
import { decodeOggOpus } from '../audio/opus-decoder.ts'
import { wavFile } from '../audio/wav.ts'
import type { Lowerable } from './lowering.ts'

const OGG = 'file=ogg'

/** How recognisers say that they cannot read a file, for any reason. */
const FILE_WORDS =
  /(audio|media|file|input|sound).{0,20}(file|format|type|data|codec)|\b(ogg|opus|ffmpeg|libsndfile|soundfile|mime|content.?type)\b|decod|corrupt|unreadable|read audio|load audio|process.{0,12}audio/i

/** The part of the request that is the recording: an Ogg/Opus file can be sent as WAV instead. */
export function lowerableFile(
  audio: Audio,
  refusedTraits: ReadonlySet<string>,
): readonly Lowerable[] {
  const isOgg = audio.mimeType === 'audio/ogg' && !refusedTraits.has(OGG)
  return isOgg ? [{ trait: OGG, names: FILE_WORDS }] : []
}

/** The file to send. Throws AppError 'audio-rejected' where a WAV is due and the recording cannot be played. */
export async function fileUnder(audio: Audio, refusedTraits: ReadonlySet<string>): Promise<File> {
  if (audio.mimeType !== 'audio/ogg' || !refusedTraits.has(OGG))
    return new File([Buffer.from(audio.bytes)], audio.fileName, { type: audio.mimeType })
  const pcm = await decodeOggOpus(audio.bytes)
  if (pcm === undefined || pcm.samples.length === 0)
    throw new AppError('audio-rejected', 'transcribe: the recording cannot be played')
  return new File([wavFile(pcm)], 'voice.wav', { type: 'audio/wav' })
}

/**
 * Tells whether a recogniser's refusal is the recording's fault and not the vendor's.
 *
 * An Ogg/Opus file has been decoded here before, so it can be read: only a length that no recogniser takes is its own fault.
 * Of the other formats only the header has been looked at, so the recogniser is believed that says they are damaged.
 */
export function blamesRecording(audio: Audio, words: string | undefined): boolean {
  if (words === undefined) return false
  if (/too short|minimum (audio )?(length|duration)/i.test(words)) return true
  const isDamaged =
    /corrupt|damaged|truncated|unreadable|invalid data|could not (be )?decode|(fail|unable).{0,12}decode/i
  return audio.mimeType !== 'audio/ogg' && isDamaged.test(words)
}
