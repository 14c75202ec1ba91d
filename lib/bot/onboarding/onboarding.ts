import type { ChatDeps } from '../context.ts'
import type { Feature } from '../feature.ts'
import { genderPress } from '../gender.ts'
import { nativeLanguagePress, nativePagePress } from './language.ts'
import { levelPress } from './level.ts'
import { greet } from './start.ts'

/** The first steps: which language to explain in, and how well the learner speaks Czech. */
export const onboarding: Feature<ChatDeps> = {
  commands: [{ name: 'start', description: 'command.start', run: greet }],
  presses: [nativeLanguagePress, nativePagePress, levelPress, genderPress],
}
