import type { Audio } from './audio.ts'
import type { Usage } from './usage.ts'

export type Transcript = {
  text: string
  /** ISO 639-1 of what was detected, most likely first; empty where the provider does not say. */
  languages: string[]
  usage: Usage
}

export type Transcriber = {
  /** Transcribes word for word. Throws AppError 'provider-*'; 'audio-rejected' where it cannot read the audio. */
  transcribe(audio: Audio, nativeLanguage: string, signal: AbortSignal): Promise<Transcript>
}
