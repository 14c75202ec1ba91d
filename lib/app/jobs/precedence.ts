import { setImmediate as nextIteration } from 'node:timers/promises'
import type { Sleep } from '../ports.ts'
import { pause } from './pause.ts'

export type Precedence = {
  /** Does work whose result a caller is waiting for. */
  first<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when no such work is under way, or a piece of work may begin all the same. */
  calm(): Promise<void>
}

/**
 * Lets work that can wait begin, one piece after another, while no urgent work is under way. Where some always
 * is, one piece begins every `everyMs` all the same.
 */
export function precedence({ sleep, everyMs }: { sleep: Sleep; everyMs: number }): Precedence {
  const waiters: (() => void)[] = []
  let urgentCount = 0
  let calmness = Promise.withResolvers<void>()
  let isLettingIn = false

  async function letIn(): Promise<void> {
    isLettingIn = true
    for (let letBegin = waiters.shift(); letBegin !== undefined; letBegin = waiters.shift()) {
      if (urgentCount > 0) await Promise.race([calmness.promise, pause(sleep, everyMs)])
      letBegin()
      // Urgent work that has come in meanwhile is counted first.
      await nextIteration()
    }
    isLettingIn = false
  }

  return {
    async first(work) {
      urgentCount += 1
      try {
        return await work()
      } finally {
        urgentCount -= 1
        if (urgentCount === 0) {
          calmness.resolve()
          calmness = Promise.withResolvers()
        }
      }
    },
    calm() {
      const calm = new Promise<void>((resolve) => waiters.push(resolve))
      if (!isLettingIn) void letIn()
      return calm
    },
  }
}
