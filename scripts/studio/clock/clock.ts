import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ClockMove } from '../view.ts'

const DAY_MS = 86_400_000
const ZONE = 'Europe/Prague'

/** Sets the clock of the functions' process, which sends it back when it is set. */
export type ClockMessage = { kind: 'studio-clock'; aheadMs: number }

export function isClockMessage(message: unknown): message is ClockMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'studio-clock'
  )
}

/**
 * A clock that runs ahead of the machine's, as far as its file says. It never goes back: the database has seen that
 * time.
 */
export function openClock(file: string) {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) writeFileSync(file, '0')
  let aheadMs = Number(readFileSync(file, 'utf8'))
  const preload = new URL('./preload.ts', import.meta.url)
  preload.searchParams.set('file', file)

  return {
    now: (): number => Date.now() + aheadMs,
    aheadMs: (): number => aheadMs,
    /** The module that makes a process keep this time. */
    preload,
    /** Moves it, and returns what tells the functions' process. */
    move(step: ClockMove): ClockMessage {
      aheadMs += moveMs(step, Date.now() + aheadMs)
      writeFileSync(file, String(aheadMs))
      return { kind: 'studio-clock', aheadMs }
    },
  }
}

export type Clock = ReturnType<typeof openClock>

/** How many milliseconds a move takes the clock on from `now`. */
export function moveMs(step: ClockMove, now: number): number {
  if (step === 'day') return DAY_MS
  if (step === 'week') return 7 * DAY_MS
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: ZONE,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(now)
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const minutesLeft = 23 * 60 + 59 - value('hour') * 60 - value('minute')
  // In the last minute of a day it is already there.
  return minutesLeft * 60_000
}
