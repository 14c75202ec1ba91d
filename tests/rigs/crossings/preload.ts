import { subscribe } from 'node:diagnostics_channel'
import { openSync, writeSync } from 'node:fs'
import { type IncomingMessage, ServerResponse } from 'node:http'
import pg from 'pg'
import { WebSocket } from 'ws'
import { callName, isTimed, LEFT_TO_OTHERS, SWEEP, SWEPT, statementName } from './crossing-names.ts'

/**
 * Loaded into `npm start` by `--import`: names each crossing between the process and its neighbours, and
 * stops the process at one of them.
 *
 * A statement is crossed twice: before it is sent, and when its answer is there but no code of the product
 * has seen it. A call over HTTP four times: before it is sent, when it is sent, when its answer begins and
 * when that is complete. Between two crossings nothing happens that another process could see. Counting begins
 * with the first request. Work of timers is no crossing. Sweeps of this process fail, so that only the
 * other instance sweeps: a sweep here would start a second run that competes with the first. Environment:
 *
 * - `CROSSING_TRACE`: the file that gets a line for each crossing, before the process goes on
 * - `CROSSING_STOP`: the crossing to stop at, as the trace names it: `<name> #<occurrence>`
 * - `CROSSING_SIGNAL`: how, `SIGKILL` or `SIGSTOP`
 * - `CROSSING_SWEEPS`: `own` where sweeps do not fail once counting has begun: they find the job that is stopped
 */
const { CROSSING_TRACE, CROSSING_STOP, CROSSING_SIGNAL = 'SIGKILL', CROSSING_SWEEPS } = process.env
const trace = CROSSING_TRACE === undefined ? undefined : openSync(CROSSING_TRACE, 'a')
const occurrences = new Map<string, number>()
let isCounting = false
let hasSwept = false

/** Parts of one stream after the first are alike: nothing is stored or sent because of them alone. */
type CrossingOptions = { isPart?: boolean }

function cross(name: string, { isPart = false }: CrossingOptions = {}): void {
  if (!isCounting) return
  const occurrence = (occurrences.get(name) ?? 0) + 1
  occurrences.set(name, occurrence)
  if (isPart && occurrence > 1) return
  const crossing = `${name} #${occurrence}`
  // Synchronous: the line is written before the process is gone, and nothing else happens in between.
  if (trace !== undefined) writeSync(trace, `${crossing}\n`)
  if (crossing === CROSSING_STOP) process.kill(process.pid, CROSSING_SIGNAL)
}

/** Traces the first sweep: a run whose sweeps were not recognised would not be stopped from sweeping. */
function noteSweep(): void {
  if (trace !== undefined && !hasSwept) writeSync(trace, `${SWEPT}\n`)
  hasSwept = true
}

function nameStatements(): void {
  const { query } = pg.Client.prototype
  function namedQuery(this: pg.Client, ...args: unknown[]): unknown {
    const [sql, values] = args
    const name = statementName(stackHere(), String(sql), Array.isArray(values) ? values : [])
    if (name === SWEEP) {
      noteSweep()
      const isLeft = CROSSING_SWEEPS !== 'own' || !isCounting
      if (isLeft) return Promise.reject(new Error(LEFT_TO_OTHERS))
    }
    if (isTimed(name)) return Reflect.apply(query, this, args)
    cross(`${name}, to be sent`)
    const answer: unknown = Reflect.apply(query, this, args)
    return answer instanceof Promise ? answer.finally(() => cross(`${name}, answered`)) : answer
  }
  Object.defineProperty(pg.Client.prototype, 'query', { value: namedQuery })
}

/** The stack of the callers, with the async ones that wait. */
function stackHere(): string {
  const holder = { stack: '' }
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  Error.captureStackTrace(holder)
  Error.stackTraceLimit = stackTraceLimit
  return holder.stack
}

/** Of undici 8 and of Node's own fetch alike: both tell of their requests on these channels. */
function nameCalls(): void {
  const states = { create: 'to be sent', bodySent: 'sent', headers: 'answer begins' }
  for (const [event, state] of Object.entries({ ...states, trailers: 'answered' })) {
    subscribe(`undici:request:${event}`, (message) => {
      crossCall(message, state)
    })
  }
  subscribe('undici:request:bodyChunkReceived', (message) => {
    crossCall(message, 'answer arrives', { isPart: true })
  })
}

function crossCall(message: unknown, state: string, options?: CrossingOptions): void {
  const { request } = message as { request: { path: string } }
  const name = callName(request.path)
  if (name !== undefined) cross(`${name}, ${state}`, options)
}

function nameSockets(): void {
  subscribe('http.client.request.start', () => cross('socket: handshake, sent'))
  const { send, emit } = WebSocket.prototype
  function namedSend(this: WebSocket, ...args: unknown[]): void {
    const name = `socket: ${typeOf(args[0])}`
    cross(`${name}, to be sent`)
    Reflect.apply(send, this, args)
    cross(`${name}, sent`)
  }
  function namedEmit(this: WebSocket, ...args: unknown[]): unknown {
    const [event, data] = args
    if (event === 'open' || event === 'close') cross(`socket: ${event}`)
    if (event === 'message') cross(`socket: ${typeOf(data)}, arrives`, { isPart: true })
    return Reflect.apply(emit, this, args)
  }
  Object.defineProperty(WebSocket.prototype, 'send', { value: namedSend })
  Object.defineProperty(WebSocket.prototype, 'emit', { value: namedEmit })
}

function typeOf(message: unknown): string {
  return /"type":"([\w.]+)"/.exec(String(message))?.[1] ?? 'message'
}

function nameRequests(): void {
  const nameOf = (message: unknown) => {
    const { request } = message as { request: IncomingMessage }
    return `${request.method} ${request.url}`
  }
  subscribe('http.server.request.start', (message) => {
    isCounting = true
    cross(`${nameOf(message)}, taken`)
  })
  subscribe('http.server.response.finish', (message) => cross(`${nameOf(message)}, answered`))
  const { writeHead } = ServerResponse.prototype
  function namedWriteHead(this: ServerResponse, ...args: unknown[]): unknown {
    cross(`${this.req.method} ${this.req.url}, to be answered`)
    return Reflect.apply(writeHead, this, args)
  }
  Object.defineProperty(ServerResponse.prototype, 'writeHead', { value: namedWriteHead })
}

nameStatements()
nameCalls()
nameSockets()
nameRequests()
