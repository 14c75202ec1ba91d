import type { Update } from './objects.ts'
import { laneOf, lifetimeSeconds } from './updates.ts'

/** An update that waits for its acknowledgement, until `expiresAt` (ms since the epoch). */
export type Pending = {
  update: Update
  expiresAt: number
  failures: number
  delaySeconds: number
  isDropped: boolean
}

/**
 * Updates that are delivered one after the other.
 *
 * `ahead` is how far, in ms, the lane's clock has run ahead of `now` through waits that were scaled or skipped.
 */
export type Lane = { name: string; queue: Pending[]; ahead: number }

export type Lanes = ReturnType<typeof createLanes>

/** Keeps the pending updates in lanes. A lane is ready while its head is neither under way nor waits for a resend. */
export function createLanes() {
  const lanes = new Map<string, Lane>()
  let ready: Lane[] = []

  function pending(): Pending[] {
    return [...lanes.values()].flatMap(({ queue }) => queue.filter(({ isDropped }) => !isDropped))
  }

  /** Takes the dropped updates out of the ready lanes; a lane with its head under way does it when it advances. */
  function sweepDropped(): void {
    for (const lane of ready) lane.queue = lane.queue.filter(({ isDropped }) => !isDropped)
    for (const lane of ready) if (lane.queue.length === 0) lanes.delete(lane.name)
    ready = ready.filter(({ queue }) => queue.length > 0)
  }

  return {
    pending,

    hasPending(): boolean {
      for (const { queue } of lanes.values()) if (queue.some((item) => !item.isDropped)) return true
      return false
    },

    /** Appends an update to a lane, by default its chat's; `now` is ms since the epoch. */
    enqueue(update: Update, now: number, name = laneOf(update)): void {
      const standingLane = lanes.get(name)
      const lane: Lane = standingLane ?? { name, queue: [], ahead: 0 }
      const expiresAt = now + lane.ahead + lifetimeSeconds(update, now / 1000) * 1000
      lane.queue.push({ update, expiresAt, failures: 0, delaySeconds: 1, isDropped: false })
      if (standingLane) return
      lanes.set(name, lane)
      ready.push(lane)
    },

    takeReady: (): Lane | undefined => ready.shift(),

    makeReady(lane: Lane): void {
      ready.push(lane)
    },

    /** Removes the head of a lane, and the dropped updates behind it. */
    advance(lane: Lane): void {
      do lane.queue.shift()
      while (lane.queue[0]?.isDropped)
      if (lane.queue.length > 0) ready.push(lane)
      else lanes.delete(lane.name)
    },

    /** Drops every update; of one that is under way the attempt still ends. */
    dropAll(): void {
      const readyLanes = new Set(ready)
      ready = []
      for (const lane of lanes.values()) {
        // A lane that is ready has nothing under way; of any other the head is being posted or waits.
        if (readyLanes.has(lane)) lanes.delete(lane.name)
        else lane.queue.splice(1)
        for (const item of lane.queue) item.isDropped = true
      }
    },

    /** Drops the updates with an id below this one. */
    dropBefore(updateId: number): void {
      for (const { queue } of lanes.values()) {
        for (const item of queue) if (item.update.update_id < updateId) item.isDropped = true
      }
      sweepDropped()
    },

    forgetFailures(): void {
      for (const item of pending()) Object.assign(item, { failures: 0, delaySeconds: 1 })
    },
  }
}
