import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import type { EventRecorder } from '../events/recorder.ts'
import type { createFaultSwitches } from '../faults/faults.ts'
import type { FaultName } from '../faults/view.ts'
import { type Routes, sendJson } from './routes.ts'

type Switches = ReturnType<typeof createFaultSwitches>

/** What the panel beside the chat asks of its server: the events that have been and that come, and faults. */
export function wayRoutes({ events, faults }: { events: EventRecorder; faults: Switches }): Routes {
  const Body = z.object({ name: z.enum(faults.names as [FaultName, ...FaultName[]]) })
  return {
    'GET /studio/events'(_request, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const silence = events.listen((event) => {
        response.write(`data: ${JSON.stringify(event)}\n\n`)
      })
      response.once('close', silence)
    },

    'GET /studio/faults'(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(faults.list()))
    },

    async 'POST /studio/faults'(request, response) {
      const { name } = Body.parse(JSON.parse(String(await buffer(request))))
      faults.press(name)
      events.noteFault(name)
      sendJson(response, {})
    },
  }
}
