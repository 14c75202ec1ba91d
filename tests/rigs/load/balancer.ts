import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { listenLocally } from '../listening.ts'
import type { Instance } from '../processes.ts'

/** One address for several instances: each request goes to the next of them in turn. */
export type Balancer = {
  url: string
  /** Sends requests to these from now on. */
  lead(instances: readonly Pick<Instance, 'url'>[]): void
  stop(): Promise<void>
}

/** Opens a balancer that knows nothing of its instances' health: one that is gone is 502. */
export async function openBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  let targets: readonly Pick<Instance, 'url'>[] = []
  let next = 0

  const server = createServer((request, response) => {
    const target = targets[next % Math.max(1, targets.length)]
    next += 1
    if (target === undefined) return void response.writeHead(503).end()
    forward(target.url, request).then(
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        // A side that breaks off destroys the other, which is all that its peer has to see of it.
        pipeline(answer, response).catch(() => {})
      },
      () => response.writeHead(502).end(),
    )
  })

  function forward(base: string, request: IncomingMessage): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, headers } = request
      const passedOn = httpRequest(`${base}${request.url}`, { agent, method, headers })
      passedOn.once('response', resolve).once('error', reject)
      pipeline(request, passedOn).catch(reject)
    })
  }

  return {
    url: `http://127.0.0.1:${await listenLocally(server)}`,
    lead(instances) {
      targets = [...instances]
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await once(server, 'close')
    },
  }
}
