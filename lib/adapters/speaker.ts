import type { Speaker } from '../app/ports.ts'
import { realtimeSpeaker } from './realtime-speech.ts'
import { restSpeaker } from './rest-speech.ts'
import type { SpeakerOptions } from './speech-options.ts'

/** The speaker for a model: OpenAI's realtime models speak only over a socket, all others over REST. */
export function speakerFor(options: SpeakerOptions): Speaker {
  return options.model.includes('realtime') ? realtimeSpeaker(options) : restSpeaker(options)
}
