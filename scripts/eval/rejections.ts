import { AsyncLocalStorage } from 'node:async_hooks'
import type { DoubtedAnswer } from '../../lib/adapters/openai/tutor.ts'
import type { Fields, Log } from '../../lib/app/ports.ts'

/** What came of one question before its last answer. */
export type Rejections = {
  /** Why answers could not be used, or which fault their corrections had. */
  rejections: string[]
  /** Those that the guard did not believe; the last one stands where no better one came. */
  doubtedAnswers: DoubtedAnswer[]
}

/**
 * Hears from a tutor for which question it asked again, and what it was answered before. Calls overlap, so each
 * question's rejections are told apart by their asynchronous context.
 */
export function rejectionListener() {
  const contexts = new AsyncLocalStorage<Rejections>()
  function warn(event: string, { issues }: Fields = {}): void {
    if (event === 'reply_unusable' && Array.isArray(issues))
      contexts.getStore()?.rejections.push(issues.join(', '))
  }
  const log: Log = { debug() {}, info() {}, warn, error() {} }
  return {
    log,
    onDoubtedAnswer: (answer: DoubtedAnswer): void =>
      void contexts.getStore()?.doubtedAnswers.push(answer),
    /** Does work, and has what was rejected meanwhile. */
    async listening<T>(work: () => Promise<T>): Promise<Rejections & { value: T }> {
      const context: Rejections = { rejections: [], doubtedAnswers: [] }
      return { value: await contexts.run(context, work), ...context }
    },
  }
}
