import { join } from 'node:path'
import type { Environment } from '../../cli/env-file.ts'
import { openClock } from '../clock/clock.ts'
import { DEV_ADMIN_TOKEN, DEV_LOG, startDevProduct } from '../dev-product.ts'
import { portFrom } from '../port.ts'
import { openDesk } from './desk.ts'
import { chatRoutes } from './routes.ts'
import { startStudioServer } from './server.ts'

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
  const desk = openDesk({ outer, apiKey, clock })
  const product = await startDevProduct({
    outer,
    port: await portFrom('0'),
    isTelegramReal: false,
    telegramOptions: { now: clock.now, onEvent: desk.noteEvent },
    preload: [clock.preload],
    onRequest: desk.noteRequest,
    onLog: desk.noteLog,
    onListening: desk.noteListening,
    onMessage: desk.noteMessage,
    print: desk.notePrinted,
  })
  const server = await startStudioServer(options.port, chatRoutes(await desk.begin(product)))
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
