import type { Lanes } from './lanes.ts'

/** Lets callers wait until every update of the lanes is acknowledged or dropped. */
export function createSettlement(lanes: Lanes) {
  const waiters: PromiseWithResolvers<void>[] = []

  return {
    wait(): Promise<void> {
      const waiter = Promise.withResolvers<void>()
      waiters.push(waiter)
      return waiter.promise
    },

    /** Ends the waits when no update is pending, and also, with an error, when no webhook will take those that are. */
    settle(hasWebhook: boolean): void {
      // Most calls find no waiter, and looking through the lanes has its price.
      if (waiters.length === 0) return
      const hasPending = lanes.hasPending()
      if (hasPending && hasWebhook) return
      for (const waiter of waiters.splice(0)) {
        if (hasPending) waiter.reject(new Error(unsettledText(lanes.pending().length)))
        else waiter.resolve()
      }
    },

    fail(error: Error): void {
      for (const waiter of waiters.splice(0)) waiter.reject(error)
    },
  }
}

function unsettledText(count: number): string {
  return `${count} updates wait, and no webhook is set to take them`
}
