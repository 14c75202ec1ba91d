import type { Expectations } from '../../app/expectations.ts'
import type { KeptLessons } from '../../app/lesson/kept-lessons.ts'
import type { RetakeDeps } from '../../app/lesson/retake.ts'
import type { ChatDeps } from '../context.ts'
import type { Feature } from '../feature.ts'
import type { HeldLessonDeps } from './held-lesson.ts'
import { morePress } from './more.ts'
import { retakePress, retakeReply, withdrawPress } from './retake.ts'
import { showPress } from './try-first.ts'

/** What a learner can do with a verdict. */
export const verdictPresses: Feature<
  ChatDeps & RetakeDeps & HeldLessonDeps & { keptLessons: KeptLessons; expectations: Expectations }
> = {
  commands: [],
  presses: [morePress, retakePress, withdrawPress, showPress],
  replies: [retakeReply],
}
