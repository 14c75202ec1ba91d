import { AppError } from '../error.ts'
import type { Breaker } from '../jobs/breaker.ts'
import { openBreaker } from '../jobs/open-breaker.ts'
import type { Log } from '../ports.ts'
import type { Speaker } from './speaker.ts'

/**
 * Does not ask a speaker while its provider refuses the key or has no quota left.
 *
 * Now and then one lesson asks it all the same, to find out. The speech of the others throws 'provider-parked', and
 * their replies go out in writing. While the provider speaks nothing is looked up.
 */
export function breakingSpeaker(speaker: Speaker, deps: { breaker: Breaker; log: Log }): Speaker {
  const { breaker } = deps
  let isOpen = false

  async function requireTurn(): Promise<void> {
    if (!isOpen) return
    const state = await breaker.probe('speak')
    isOpen = state !== 'closed'
    if (state === 'blocked') {
      throw new AppError('provider-parked', 'speak: an operator has to put its provider right', {
        stage: 'speak',
      })
    }
  }

  return {
    ...speaker,
    async speak(pieces, voice, work, onPages) {
      await requireTurn()
      try {
        const speech = await speaker.speak(pieces, voice, work, onPages)
        if (isOpen) await breaker.close(['speak'])
        isOpen = false
        return speech
      } catch (error) {
        // The lesson goes on without its speech; the next ones are not to find the same.
        if ((await openBreaker(deps, error)) !== undefined) isOpen = true
        throw error
      }
    },
  }
}
