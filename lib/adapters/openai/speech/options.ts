import type { Cache } from '../../../app/cache.ts'
import type { Voice } from '../../../app/lesson/speaker.ts'
import type { Character } from '../../../domain/learner/learner.ts'
import type { StageOptions } from '../stage.ts'

/** What either speaker is made of. */
export type SpeakerOptions = Omit<StageOptions, 'traits'> & {
  /** The provider's name of each character's voice. */
  voices: Readonly<Record<Character, string>>
  cache: Cache
}

/** The REST endpoint has many vendors, and each takes something else. */
export type RestSpeakerOptions = SpeakerOptions & StageOptions

/** Longer than any reply takes to be said: a thousand characters take two minutes at the slowest speed. */
export const MAX_SPEECH_SECONDS = 180

/** Who speaks, for models that can be told. */
export const MANNERS: Readonly<Record<Character, string>> = {
  honzik:
    'Honzík, a cheerful young man from Prague who talks to a friend learning Czech: warm, lively, clearly pronounced',
  novakova:
    'paní Nováková, a courteous older Czech lady behind an office counter: calm, polite, clearly pronounced',
}

/** Names what decides how speech sounds. */
export function fingerprintOf(options: SpeakerOptions, voice: Voice): string {
  return [options.model, options.voices[voice.character], voice.speedFactor].join(':')
}
