import { createServer } from 'node:net'

const DEFAULT_PORT = 8000

/** The port that PORT asks for, or a free one for 0. Throws, in a sentence, where it cannot be had. */
export async function portFrom(variable: string | undefined): Promise<number> {
  const wantedPort = Number(variable || DEFAULT_PORT)
  if (!Number.isInteger(wantedPort) || wantedPort < 0 || wantedPort > 65_535) {
    throw new Error('PORT must be a whole number from 0 to 65535')
  }
  const server = createServer()
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve).listen(wantedPort, () => resolve(undefined))
  })
  if (problem !== undefined) {
    throw new Error(
      `${problem.code}: port ${wantedPort} cannot be had. Set PORT to another, or to 0.`,
    )
  }
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : wantedPort
}
