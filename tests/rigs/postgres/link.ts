import type { Socket } from 'node:net'
import {
  CANCEL,
  ENCRYPTION,
  fatal,
  type Message,
  messagesOf,
  parametersIn,
  raising,
  STARTUP,
  sqlIn,
} from './wire.ts'

/** A statement on its way to the server. */
export type Statement = {
  /** Its SQL on one line, parameters as $1, $2, ... */
  sql: string
  /** In their order, as text. */
  parameters: readonly string[]
}

/** What becomes of a statement. */
export type Fate =
  | { kind: 'passed' }
  /**
   * Its connection breaks: before the server has seen it, or after the server has done it and before
   * its answer is back. `done` is waited for just before.
   */
  | { kind: 'cut'; when: 'before' | 'after'; done?: () => Promise<void> }
  /** The server raises an error of this SQLSTATE in its place; one that ends the connection does. */
  | { kind: 'refused'; sqlstate: string }
  /** The server does it, and its answer is kept back until then. */
  | { kind: 'held'; until: Promise<unknown> }

export type Rules = {
  /** True where the connection is not to come about; then it has been ended. */
  turnsAway(client: Socket): boolean
  fateOf(statement: Statement): Fate | Promise<Fate>
}

/** SQLSTATEs that a server sends before it ends the connection: shutdowns, and no place left. */
const FATAL = /^(57P..|53300|08...)$/

/** Leads what a client and a server say to each other, each statement as the rules will have it. */
export function linkUp(client: Socket, server: Socket, rules: Rules): void {
  const link: Link = { fate: { kind: 'passed' } }
  // A broken connection ends the reading loop of its side, which then ends the other side.
  client.on('error', () => {})
  server.on('error', () => {})
  client.on('close', () => server.destroy())
  void fromClient(client, server, link, rules).finally(() => server.end())
  void fromServer(client, server, link).finally(() => client.end())
}

/** Breaks a connection; with a SQLSTATE the server says so before. */
export function breakUp(client: Socket, server: Socket, sqlstate?: string): void {
  server.destroy()
  if (sqlstate === undefined) client.resetAndDestroy()
  else client.end(fatal(sqlstate))
}

/** What the two directions know of each other: the fate of the statement under way. */
type Link = { fate: Fate }

async function fromClient(
  client: Socket,
  server: Socket,
  link: Link,
  { turnsAway, fateOf }: Rules,
): Promise<void> {
  let unit: Buffer[] = []
  let sql: string | undefined
  let parameters: string[] = []
  for await (const message of messagesOf(client, 'client')) {
    if (message.type === ENCRYPTION) {
      client.write('N')
      continue
    }
    if (message.type === CANCEL) return
    if (message.type === STARTUP && turnsAway(client)) return
    unit.push(message.bytes)
    sql ??= sqlIn(message)?.replace(/\s+/g, ' ').trim()
    parameters = parametersIn(message) ?? parameters
    if (sql !== undefined && !endsStatement(message)) continue
    const request = Buffer.concat(unit)
    if (sql === undefined) server.write(request)
    else await forward(request, await fateOf({ sql, parameters }), client, server, link)
    unit = []
    sql = undefined
    parameters = []
  }
}

// Of the extended protocol's messages Sync is the last; a simple Query is the only one.
function endsStatement({ type }: Message): boolean {
  return type === 'S' || type === 'Q'
}

async function forward(
  request: Buffer,
  fate: Fate,
  client: Socket,
  server: Socket,
  link: Link,
): Promise<void> {
  link.fate = fate
  if (fate.kind === 'cut' && fate.when === 'before') {
    await fate.done?.()
    breakUp(client, server)
  } else if (fate.kind === 'refused' && FATAL.test(fate.sqlstate)) {
    breakUp(client, server, fate.sqlstate)
  } else {
    server.write(fate.kind === 'refused' ? raising(fate.sqlstate) : request)
  }
}

async function fromServer(client: Socket, server: Socket, link: Link): Promise<void> {
  for await (const { type, bytes } of messagesOf(server, 'server')) {
    const { fate } = link
    const isReady = type === 'Z'
    if (fate.kind === 'held') await fate.until
    if (fate.kind === 'cut') {
      if (!isReady) continue
      await fate.done?.()
      return breakUp(client, server)
    }
    client.write(bytes)
    if (isReady) link.fate = { kind: 'passed' }
  }
}
