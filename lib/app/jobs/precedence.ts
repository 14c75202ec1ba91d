import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sleep } from '../ports.ts'

export type Precedence = {
  /** Does what somebody is waiting for. */
  first<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when nothing of that kind is under way, or its turn has come all the same. */
  turn(): Promise<void>
}

/**
 * Lets work that can wait begin, one piece after another, while nobody is waiting for an answer. Where
 * somebody always is, one piece begins every `everyMs` all the same.
 */
export function precedence({ sleep, everyMs }: { sleep: Sleep; everyMs: number }): Precedence {
  const waiting: (() => void)[] = []
  let underWay = 0
  let calm = Promise.withResolvers<void>()
  let isLettingIn = false

  async function letIn(): Promise<void> {
    isLettingIn = true
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // Nobody is kept waiting by a sleep that fails.
      if (underWay > 0) await Promise.race([calm.promise, sleep(everyMs).catch(() => {})])
      next()
      // What has come in meanwhile is seen first.
      await nextTurn()
    }
    isLettingIn = false
  }

  return {
    async first(work) {
      underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
        if (underWay === 0) {
          calm.resolve()
          calm = Promise.withResolvers()
        }
      }
    },
    turn() {
      const turn = new Promise<void>((resolve) => waiting.push(resolve))
      if (!isLettingIn) void letIn()
      return turn
    },
  }
}
