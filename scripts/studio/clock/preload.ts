import { readFileSync } from 'node:fs'
import { isClockMessage } from './clock.ts'

/**
 * Loaded into the functions' process by `--import`: its clock, and by that PGlite's, runs ahead of the machine's. Timers
 * and deadlines go on as they were.
 *
 * The way ahead is read from the file that the query `?file=` of this module's URL names, and then taken from messages.
 */
const MachineDate = Date
const file = new URL(import.meta.url).searchParams.get('file') ?? ''
let aheadMs = Number(readFileSync(file, 'utf8'))

class StudioDate extends MachineDate {
  constructor(...args: [] | [number | string | Date]) {
    if (args.length === 0) super(StudioDate.now())
    // A date of several numbers has no overload that a rest parameter fits.
    else super(...(args as [number]))
  }
  static override now(): number {
    return MachineDate.now() + aheadMs
  }
}

globalThis.Date = StudioDate as DateConstructor
process.on('message', (message) => {
  if (!isClockMessage(message)) return
  aheadMs = message.aheadMs
  process.send?.(message)
})
// The channel alone does not keep the process.
process.channel?.unref()
