import type { Character, VoiceSpeed } from '../../domain/learner/learner.ts'
import type { Fence } from '../jobs/job.ts'
import type { ReplyKey } from './kept-lessons.ts'
import type { Speech } from './speaker.ts'
import type { LessonMessages } from './stores.ts'

/** What comes of the lessons whose correction is held back until the learner has tried. */
export type Attempts = {
  /** Gives the star of a right attempt, once a lesson; the learner's total after it. Undefined where there is no such lesson. */
  reward(fence: Fence, lesson: ReplyKey): Promise<number | undefined>
  /**
   * Notes where the messages of a lesson are by now, and forgets the speech that was held back for them. False where it has
   * been withdrawn meanwhile.
   */
  conclude(fence: Fence, lesson: ReplyKey, messages: LessonMessages): Promise<boolean>
}

/** The speech that a lesson's job holds back, and how it was spoken; without sound where it could not be, or was spared. */
export type HeldSpeech = Partial<Speech> & {
  speed: VoiceSpeed
  character: Character
  /** One of the version before does not say it. */
  isSpared?: boolean
}
