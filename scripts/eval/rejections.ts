import { AsyncLocalStorage } from 'node:async_hooks'
import type { Fields, Log } from '../../lib/app/ports.ts'

/**
 * A log for a tutor that tells for which question it asked again: why an answer could not be used, or which fault its
 * correction had. Calls overlap, so each question's lines are told apart by their asynchronous context.
 */
export function rejectionLog() {
  const contexts = new AsyncLocalStorage<string[]>()
  function warn(event: string, { issues }: Fields = {}): void {
    if (event === 'reply_unusable' && Array.isArray(issues))
      contexts.getStore()?.push(issues.join(', '))
  }
  const log: Log = { debug() {}, info() {}, warn, error() {} }
  return {
    log,
    /** Does work, and lists the rejections that it logged. */
    async listening<T>(work: () => Promise<T>): Promise<{ value: T; rejections: string[] }> {
      const rejections: string[] = []
      return { value: await contexts.run(rejections, work), rejections }
    },
  }
}
