import { join } from 'node:path'
import type { Environment } from '../../cli/env-file.ts'
import { type Clock, openClock } from '../clock/clock.ts'
import { DEV_ADMIN_TOKEN, DEV_LOG, type DevProduct, startDevProduct } from '../dev-product.ts'
import { createEventRecorder, type EventRecorder } from '../events/recorder.ts'
import { createFaultSwitches } from '../faults/faults.ts'
import { portFrom } from '../port.ts'
import { type Desk, openDesk } from './desk.ts'
import { chatRoutes, type StudioDesk } from './routes.ts'
import { startStudioServer } from './server.ts'
import { wayRoutes } from './way-routes.ts'

const DATABASE_AWAY = new URL('../faults/preload.ts', import.meta.url)

export type StudioOptions = {
  outer: Environment
  /** Where the page is. */
  port: number
  apiKey: string
  /** Why no lesson can succeed, if that is so: asked of the vendors meanwhile. */
  vendorTrouble: Promise<string | undefined>
}

/** `npm run dev`: a page to talk to Honzík in a browser. Ends the process at Ctrl-C. */
export async function runStudio(options: StudioOptions): Promise<void> {
  const { outer, apiKey, vendorTrouble } = options
  const clock = openClock(join('.data', 'dev-clock'))
  const desk = await openDesk({ outer, apiKey, clock })
  const events = createEventRecorder(clock.aheadMs)
  const product = await startReportingProduct(outer, clock, desk, events)
  const studioDesk = await desk.begin(product)
  const faults = faultSwitches(product, desk, studioDesk)
  const server = await startStudioServer(options.port, {
    ...chatRoutes(studioDesk),
    ...wayRoutes({ events, faults }),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
  async function stop(): Promise<void> {
    desk.close()
    await Promise.all([server.stop(), product.stop()])
    process.exit(0)
  }

  console.log('Starting ...')
  const functionsUrl = await product.functions.ready
  console.log(`\nTalk to Honzík at ${server.url}`)
  console.log(`The dashboard: ${functionsUrl}/dashboard, with the token ${DEV_ADMIN_TOKEN}`)
  console.log(`\nLog: ${DEV_LOG}. Ctrl-C ends it.`)
  desk.noteTrouble(await vendorTrouble)
}

/** Starts the product; the desk and the recorder hear of all that happens in it. */
async function startReportingProduct(
  outer: Environment,
  clock: Clock,
  desk: Desk,
  events: EventRecorder,
): Promise<DevProduct> {
  return startDevProduct({
    outer,
    port: await portFrom('0'),
    isTelegramReal: false,
    telegramOptions: { now: clock.now, onEvent: desk.noteEvent, onAttempt: events.noteAttempt },
    preload: [clock.preload, DATABASE_AWAY],
    onRequest(request) {
      desk.noteRequest(request)
      // One that is refused has no answer to wait for.
      if (request.fault !== undefined) events.noteRequest(request)
      else request.timeline.onEnd = () => events.noteRequest(request)
    },
    onLog(line) {
      desk.noteLog(line)
      events.noteLog(line)
    },
    onListening: desk.noteListening,
    onMessage: desk.noteMessage,
    print: desk.notePrinted,
  })
}

function faultSwitches(
  { telegram, openai, functions }: DevProduct,
  desk: Desk,
  { newestUpdate }: StudioDesk,
) {
  if (!telegram) throw new Error('The studio needs the stand-in of Telegram')
  return createFaultSwitches({
    telegram,
    openai,
    send: functions.send,
    kill() {
      desk.noteAway()
      functions.kill()
    },
    newestUpdate,
  })
}
