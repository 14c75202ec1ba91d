import { type Answer, answerOf, refusal } from './answer.ts'
import type { Fault } from './faults.ts'
import type { Files } from './files.ts'
import type { Method } from './message-methods.ts'
import type { Payload } from './objects.ts'
import { readPayload } from './request.ts'
import type { WebhookReply } from './webhook.ts'

/** One method call or download: its request, its effect, its answer. */
export type Call = {
  /** 0, 1, 2, ... in the order in which requests were complete. */
  order: number
  /** Milliseconds since the epoch. */
  at: number
  /** As Telegram spells it ('sendMessage'), or as the caller did where it is unknown; 'downloadFile' for a download. */
  method: string
  payload: Payload
  via: 'http' | 'webhook-reply'
  fault: Fault | null
  /** Whether the method was run: its effect, or its refusal, stands even if the caller never learned of it. */
  wasPerformed: boolean
  /** The method's answer; null when the method was not run, and for a download. */
  result: Answer | null
  /** The answer sent to the caller; null without one. `body` is null for a file, a string for what is not JSON. */
  response: { status: number; body: Answer | string | null } | null
  /** 'unobserved' is the end of a webhook's reply: Telegram does not tell the bot its result. */
  end: 'under-way' | 'answered' | 'reset' | 'caller-gone' | 'unobserved'
}

/** An answer to be put on the wire. */
export type Reply = { status: number; body: Answer | Uint8Array | string }

export type CallsWorld = {
  methods: Record<string, Method>
  files: Files
  now: () => number
}

export type Calls = ReturnType<typeof createCalls>

/** Records method calls and downloads, and performs them. */
export function createCalls({ methods: methodsByName, files, now }: CallsWorld) {
  const methods = new Map(Object.entries(methodsByName))
  const spelling = new Map([...methods.keys()].map((name) => [name.toLowerCase(), name]))
  const list: Call[] = []

  function record(name: string, payload: Payload, via: Call['via'] = 'http'): Call {
    const call: Call = {
      order: list.length,
      at: now(),
      method: spelling.get(name.toLowerCase()) ?? name,
      payload,
      via,
      fault: null,
      wasPerformed: false,
      result: null,
      response: null,
      end: 'under-way',
    }
    list.push(call)
    return call
  }

  function perform(call: Call): Reply {
    call.wasPerformed = true
    if (call.method === 'downloadFile') {
      const file = files.findByPath(String(call.payload.file_path))
      return file ? { status: 200, body: file.bytes } : refusalReply(404, 'Not Found')
    }
    const method = methods.get(call.method)
    if (!method) return refusalReply(404, 'Not Found: method not found')
    const answer = answerOf(() => method(call.payload, call.order))
    call.result = answer
    return { status: answer.ok ? 200 : answer.error_code, body: answer }
  }

  /** Runs the method that a webhook's answer calls, where Telegram allows it there. The bot does not get the result. */
  async function performReply({ contentType, body }: WebhookReply): Promise<void> {
    const query = new URLSearchParams()
    // Telegram ignores a body that it cannot read: the update is acknowledged all the same.
    const reading: Promise<Payload> = readPayload(query, contentType, body, files.keep)
    const { method, ...payload } = await reading.catch((): Payload => ({}))
    if (typeof method !== 'string' || method === '') return
    if (/^(get|setwebhook$|deletewebhook$|close$|logout$)/i.test(method)) return
    const call = record(method, payload, 'webhook-reply')
    perform(call)
    call.end = 'unobserved'
  }

  return { list, record, perform, performReply }
}

export function refusalReply(code: number, description: string): Reply {
  return { status: code, body: refusal(code, description).answer }
}
