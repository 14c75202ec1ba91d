import type { LoadPart } from './part.ts'
import { playScenario, sendAtOnce } from './scenario.ts'

/** Every learner speaks at the same moment. */
export const LESSONS: LoadPart = {
  name: 'lessons',
  about: 'all chats send --notes voice notes at once to one instance (--instances: to so many)',
  run: (options) =>
    playScenario(
      {
        name: 'all at once',
        instances: options.instances ?? 1,
        isDisturbed: false,
        send: async (crowd) => sendAtOnce(crowd, options.notes),
      },
      options,
    ),
}
