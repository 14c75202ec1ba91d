import type { Kysely } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { moveClock, moveClockOfTheLiving } from '../database-clock.ts'

/** The time of a world, shared by its stand-ins, instances and database; it runs, and can be moved forwards. */
export type ModelClock = {
  /** Milliseconds since the epoch, as clocks show that have not been set wrong. */
  now(): number
  /** As the instances' clocks show: `skew` away from the others. */
  instanceNow(): Date
  /** Sets the instances' clocks forwards or, where negative, back. */
  jump(ms: number): void
  /** Sets the instances' clocks right again. */
  setRight(): void
  /** Lets time pass while no process is at work: leases lapse. */
  pass(ms: number): Promise<void>
  /** Lets time pass while an instance waits and the others keep their leases. */
  sleep(ms: number): Promise<void>
  /** 0 <= x < 1, the same ones again for the same seed. */
  random(): number
}

/** Makes the clock of a world whose database has one that can be moved. */
export function modelClock(db: () => Kysely<Tables>, seed: number): ModelClock {
  let aheadMs = 0
  let skewMs = 0
  let state = seed
  const now = () => Date.now() + aheadMs
  return {
    now,
    instanceNow: () => new Date(now() + skewMs),
    jump(ms) {
      skewMs += ms
    },
    setRight() {
      skewMs = 0
    },
    async pass(ms) {
      aheadMs += ms
      await moveClock(db(), ms)
    },
    async sleep(ms) {
      aheadMs += ms
      await moveClockOfTheLiving(db(), ms)
    },
    random() {
      // Park and Miller's.
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    },
  }
}
