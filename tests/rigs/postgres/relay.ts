import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { listenLocally, locally } from '../listening.ts'
import { breakUp, type Fate, linkUp, type Statement } from './link.ts'
import { fatal } from './wire.ts'

export type PostgresRelay = {
  /** The address of the database behind it, through the relay. */
  url: string
  /** Every statement since the relay was last told what to do, oldest first. */
  statements: readonly Statement[]
  /** What is to become of each statement from now on; nothing happens to any by default. */
  decide(fateOf?: (statement: Statement) => Fate | Promise<Fate>): void
  /** Breaks all connections; with a SQLSTATE the server says so before. */
  cutAll(sqlstate?: string): void
  /** Lets no new connection come about, for so many attempts: cut, or refused with a SQLSTATE. */
  close(times?: number, sqlstate?: string): void
  /** Lets new connections come about again. */
  open(): void
  /** Refuses connections beyond so many, as a server whose places are taken; any number without. */
  limit(connections?: number): void
  /** How many statements and attempts to connect have not got through since it was last told what to do. */
  harmCount(): number
  stop(): Promise<void>
}

/**
 * Puts a relay in front of a PostgreSQL: what its network, its server and its administrator do becomes a
 * matter of order, not of time or luck. It knows just enough of the protocol to tell statements apart.
 */
export async function openPostgresRelay(target: string): Promise<PostgresRelay> {
  const upstreamAt = new URL(target)
  const clients = new Map<Socket, Socket>()
  let statements: Statement[] = []
  let fateOf: (statement: Statement) => Fate | Promise<Fate> = () => ({ kind: 'passed' })
  let closure: { times: number; sqlstate: string | undefined } = { times: 0, sqlstate: undefined }
  let maxConnections = Number.POSITIVE_INFINITY
  let harmCount = 0

  /** True where the connection is not to come about. */
  function turnsAway(client: Socket): boolean {
    const isFull = clients.size > maxConnections
    if (closure.times === 0 && !isFull) return false
    const { sqlstate } = closure.times === 0 ? { sqlstate: '53300' } : closure
    if (closure.times > 0) closure.times -= 1
    harmCount += 1
    if (sqlstate === undefined) client.destroy()
    else client.end(fatal(sqlstate))
    return true
  }

  async function judge(statement: Statement): Promise<Fate> {
    statements.push(statement)
    const fate = await fateOf(statement)
    if (fate.kind !== 'passed') harmCount += 1
    return fate
  }

  const relay = createServer({ noDelay: true }, (client) => {
    const server = connect({
      port: Number(upstreamAt.port || 5432),
      host: upstreamAt.hostname,
      noDelay: true,
    })
    clients.set(client, server)
    client.on('close', () => clients.delete(client))
    linkUp(client, server, { turnsAway, fateOf: judge })
  })

  return {
    url: locally(target, await listenLocally(relay)),
    get statements() {
      return statements
    },
    decide(nextFateOf = () => ({ kind: 'passed' })) {
      statements = []
      harmCount = 0
      fateOf = nextFateOf
    },
    cutAll(sqlstate) {
      harmCount += clients.size
      for (const [client, server] of clients) breakUp(client, server, sqlstate)
    },
    close(times = Number.POSITIVE_INFINITY, sqlstate) {
      closure = { times, sqlstate }
    },
    open() {
      closure = { times: 0, sqlstate: undefined }
    },
    limit(connections = Number.POSITIVE_INFINITY) {
      maxConnections = connections
    },
    harmCount: () => harmCount,
    async stop() {
      for (const [client, server] of clients) breakUp(client, server)
      relay.close()
      await once(relay, 'close')
    },
  }
}
