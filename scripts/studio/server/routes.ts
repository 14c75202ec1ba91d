import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { ZodError } from 'zod'
import type { StoredFile } from '../telegram/files.ts'
import type { ClockMove } from '../view.ts'
import { ActBody, ClockBody, LearnerBody } from './acts.ts'
import type { StudioLearners } from './learners.ts'

/** What answers a request of the page; what it throws is told to the page as a sentence. */
export type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<void> | void

/** Routes by method and path; a path that ends in a slash is for all below it. */
export type Routes = Readonly<Record<string, Route>>

export type StudioDesk = {
  act: StudioLearners['act']
  sendVoice: StudioLearners['sendVoice']
  sendFile: StudioLearners['sendFile']
  addLearner(learner: { name: string; language: string }): void
  /** Resolves when the functions keep the new time. */
  moveClock(by: ClockMove): Promise<void>
  file(id: string): StoredFile | undefined
  newestUpdate: StudioLearners['newestUpdate']
  /** Sends everything to a page that has just been opened, and then what changes. */
  watch(response: ServerResponse): void
}

/** What the chat's page asks of its server. */
export function chatRoutes(desk: StudioDesk): Routes {
  return {
    'GET /studio/chats': (_request, response) => desk.watch(response),

    async 'POST /studio/act'(request, response) {
      const { learnerId, act } = ActBody.parse(await jsonOf(request))
      await desk.act(learnerId, act)
      sendJson(response, {})
    },

    async 'POST /studio/voice'(request, response, url) {
      const { learnerId, bytes, replyTo } = await uploadOf(request, url)
      await desk.sendVoice(learnerId, bytes, replyTo)
      sendJson(response, {})
    },

    async 'POST /studio/file'(request, response, url) {
      const { learnerId, bytes, replyTo } = await uploadOf(request, url)
      desk.sendFile(learnerId, bytes, url.searchParams.get('name') ?? 'file', replyTo)
      sendJson(response, {})
    },

    async 'POST /studio/learners'(request, response) {
      desk.addLearner(LearnerBody.parse(await jsonOf(request)))
      sendJson(response, {})
    },

    async 'POST /studio/clock'(request, response) {
      await desk.moveClock(ClockBody.parse(await jsonOf(request)).by)
      sendJson(response, {})
    },

    'GET /studio/files/'(_request, response, { pathname }) {
      const file = desk.file(decodeURIComponent(pathname.slice('/studio/files/'.length)))
      if (!file) return sendJson(response, { error: 'There is no such file' }, 404)
      const type = file.object.mime_type ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type, 'content-length': file.bytes.length })
      response.end(file.bytes)
    },
  }
}

/** Answers a request by its route, and false where it has none. Only pages of this very server are answered. */
export async function answerRoute(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://studio')
  if (!url.pathname.startsWith('/studio/')) return false
  const path = `${request.method} ${url.pathname}`
  const name = Object.keys(routes).find(
    (route) => route === path || (route.endsWith('/') && path.startsWith(route)),
  )
  const route = name === undefined ? undefined : routes[name]
  if (!route) return false
  try {
    if (isForeign(request)) throw new Error('Only the page of this server is answered')
    await route(request, response, url)
  } catch (error) {
    // The server's edge: the page shows why something cannot be done.
    if (!response.headersSent) sendJson(response, { error: sentenceOf(error) }, 400)
    else response.end()
  }
  return true
}

/** Whether another site's page makes the request, or one by a name that was made to lead here. */
function isForeign({ headers: { host = '', origin } }: IncomingMessage): boolean {
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
  return !isLocal || (origin !== undefined && origin !== `http://${host}`)
}

/** What a learner sends: its bytes are the body, who and in reply to what the query. */
async function uploadOf(request: IncomingMessage, { searchParams }: URL) {
  const replyTo = searchParams.get('replyTo')
  return {
    learnerId: Number(searchParams.get('learner')),
    replyTo: replyTo ? Number(replyTo) : undefined,
    bytes: new Uint8Array(await buffer(request)),
  }
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(String(await buffer(request)))
}

export function sendJson(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function sentenceOf(error: unknown): string {
  if (error instanceof ZodError) return error.issues.map(({ message }) => message).join('; ')
  return error instanceof Error ? error.message : String(error)
}
