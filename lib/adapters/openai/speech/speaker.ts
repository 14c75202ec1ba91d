import type { Speaker } from '../../../app/lesson/speaker.ts'
import type { RestSpeakerOptions } from './options.ts'
import { realtimeSpeaker } from './realtime.ts'
import { restSpeaker } from './rest.ts'

/** The speaker for a model: OpenAI's realtime models speak only over a socket, all others over REST. */
export function speakerFor(options: RestSpeakerOptions): Speaker {
  return options.model.includes('realtime') ? realtimeSpeaker(options) : restSpeaker(options)
}
