import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { servePage } from './page.ts'
import { answerRoute, type Routes } from './routes.ts'

/** Serves the page and its routes, to this machine alone. */
export async function startStudioServer(port: number, routes: Routes) {
  const server = createServer((request, response) => {
    answerRoute(routes, request, response)
      .then((isAnswered) => {
        if (!isAnswered) page.middlewares(request, response)
      })
      .catch((error: unknown) => {
        // A bug of the studio's own must show where it was started.
        console.error(error)
        response.destroy()
      })
  })
  const page = await servePage(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo

  return {
    url: `http://localhost:${address.port}`,
    async stop(): Promise<void> {
      await page.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
