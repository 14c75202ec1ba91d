import type { PaidWork } from '../usage.ts'
import type { Audio } from './audio.ts'

export type Transcript = {
  text: string
  /** ISO 639-1 of what was detected, most likely first; empty where the provider does not say. */
  languages: string[]
  /** Words that the recogniser was not sure of, as spelled; none where it does not say. */
  unsureWords?: string[] | undefined
}

export type Transcriber = {
  /** Transcribes word for word. Throws AppError 'provider-*'; 'audio-rejected' where it cannot read the audio. */
  transcribe(audio: Audio, nativeLanguage: string, work: PaidWork): Promise<Transcript>
}
