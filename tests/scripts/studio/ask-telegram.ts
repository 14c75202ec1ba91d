import { serve } from 'srvx'
import { Agent, FormData, fetch, type RequestInit } from 'undici'
import { afterEach } from 'vitest'
import { isObject } from '../../../scripts/studio/telegram/objects.ts'
import {
  startTelegram,
  type TelegramOptions,
  type TelegramStandIn,
} from '../../../scripts/studio/telegram/stand-in.ts'

export const ANNA = { id: 501, first_name: 'Anna', language_code: 'ru' }
export const BORIS = { id: 502, first_name: 'Boris', language_code: 'uk' }
export const OGG = new Uint8Array([...Buffer.from('OggS'), 1, 2, 3])

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Starts the stand-in for one test: it is stopped when the test ends. */
export async function start(options: TelegramOptions = {}): Promise<TelegramStandIn> {
  const telegram = await startTelegram(options)
  closers.push(telegram.stop)
  return telegram
}

type ApiAnswer = {
  ok: boolean
  result?: unknown
  error_code?: number
  description?: string
  parameters?: { retry_after?: number }
}

/** Calls a method as a bot does, on a connection of its own. */
export async function ask(
  telegram: TelegramStandIn,
  method: string,
  payload: Record<string, unknown> | FormData | URLSearchParams = {},
  init: RequestInit = {},
): Promise<ApiAnswer & { status: number }> {
  const isForm = payload instanceof FormData || payload instanceof URLSearchParams
  const dispatcher = new Agent()
  closers.push(() => dispatcher.destroy())
  const response = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
    method: 'POST',
    body: isForm ? payload : JSON.stringify(payload),
    ...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
    dispatcher,
    ...init,
  })
  const body = await response.json()
  if (!isObject(body) || typeof body.ok !== 'boolean') throw new Error('no answer of the Bot API')
  return { ...body, ok: body.ok, status: response.status }
}

export async function refusalOf(...args: Parameters<typeof ask>): Promise<string | undefined> {
  return (await ask(...args)).description
}

export function form(fields: Record<string, string | Uint8Array<ArrayBuffer>>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') data.set(name, value)
    else data.set(name, new Blob([value]), `${name}.ogg`)
  }
  return data
}

type Delivered = { id: number; chat: number | undefined; secret: string | null; path: string }

/** Sets a webhook that answers with `answer`, and returns the live list of the updates delivered to it. */
export async function webhook(
  telegram: TelegramStandIn,
  answer: (delivery: Delivered, count: number) => Response | Promise<Response> = () =>
    new Response(),
  settings: { maxConnections?: number; allowedUpdates?: string[] } = {},
): Promise<Delivered[]> {
  const deliveries: Delivered[] = []
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    silent: true,
    async fetch(request) {
      const update: unknown = await request.json()
      if (!isObject(update)) throw new Error('no update')
      const { message } = update
      const chat = isObject(message) && isObject(message.chat) ? message.chat.id : undefined
      const delivery = {
        id: Number(update.update_id),
        chat: typeof chat === 'number' ? chat : undefined,
        secret: request.headers.get('x-telegram-bot-api-secret-token'),
        path: new URL(request.url).pathname,
      }
      deliveries.push(delivery)
      return answer(delivery, deliveries.length)
    },
  })
  await server.ready()
  closers.push(() => server.close(true))
  telegram.setWebhook(`${server.url ?? ''}webhook`, 'the-secret', settings)
  return deliveries
}

/** A clock that each wait moves forward at once, and the waits so far, in ms. */
export function clock() {
  const waits: number[] = []
  let time = Date.UTC(2026, 10, 23, 12)
  return {
    waits,
    now: () => time,
    delay: async (ms: number) => {
      waits.push(ms)
      time += ms
    },
  }
}
