import { readFileSync } from 'node:fs'
import { serve } from 'srvx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { UNKNOWN } from '../../scripts/studio/openai/transcription.ts'
import { SECRETS, type Served, serveFunctions } from '../security/served.ts'
import { type Gate, openGate } from '../support/gate.ts'
import { bufferRequest, formRequest } from '../support/lesson-requests.ts'
import { recording } from '../support/product.ts'
import { describeWithProgram } from '../support/programs.ts'
import { CADDY, NGINX, type ProxyProgram, type RunningProxy, startProxy } from './proxy.ts'

const LESSONS = '/api/v1/lessons/process'
const FORGED_ADDRESS = '203.0.113.7'

let product: Served
let tutor: OpenaiStandIn
/** Before the tutor alone: what it answers is held back where a test asks for it. */
let gate: Gate
let apiKey: string
/** The header of each request as the product got it. */
const forwardedFor: (string | null)[] = []
let server: ReturnType<typeof serve>
beforeAll(async () => {
  tutor = await startOpenai()
  gate = await openGate(tutor.url)
  product = await serveFunctions({ CHAT_BASE_URL: gate.url })
  apiKey = await product.newApiKey()
  server = serve({
    port: 0,
    silent: true,
    fetch(request) {
      forwardedFor.push(request.headers.get('x-forwarded-for'))
      return product.ask(request)
    },
  })
  await server.ready()
})
afterAll(async () => {
  await server.close(true)
  await product.close()
  await gate.stop()
  await tutor.stop()
})

const programs: [string, ProxyProgram][] = [
  ['caddy', CADDY],
  ['nginx', NGINX],
]
for (const [name, proxyProgram] of programs) {
  describeWithProgram(`Behind ${name}`, name, (path) => {
    let proxy: RunningProxy
    beforeAll(async () => {
      proxy = await startProxy(proxyProgram, path, Number(new URL(server.url ?? '').port))
    })
    afterAll(() => proxy.stop())

    /** Sends a form to the lesson API, as the bytes that a client sends. */
    async function sendForm(
      fields: Record<string, string | Uint8Array<ArrayBuffer>>,
      headers: Record<string, string> = {},
    ) {
      const request = await bufferRequest(formRequest(apiKey, fields, headers))
      return proxy.ask(LESSONS, {
        method: 'POST',
        headers: Object.fromEntries(request.headers),
        body: await request.arrayBuffer(),
      })
    }

    test('a delivery of Telegram’s is stored and acknowledged', async () => {
      const before = await product.storedJobs()
      const response = await proxy.ask('/webhook', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-telegram-bot-api-secret-token': SECRETS.TELEGRAM_WEBHOOK_SECRET,
        },
        body: JSON.stringify({ update_id: before + 1 }),
      })
      expect([response.status, await product.storedJobs()]).toEqual([200, before + 1])
    })

    test('a recording of 4 MB is heard', async () => {
      const fields = { user_id: name, audio: recordingOf(4_190_000), include_audio: 'false' }
      const response = await sendForm(fields)
      expect([response.status, await response.json()]).toMatchObject([
        200,
        { transcript: UNKNOWN.text },
      ])
    })

    test.each([4_500_000, 20_000_000])(
      'a recording of %d bytes is refused by the product, not by the proxy',
      async (bytes) => {
        const response = await sendForm({ user_id: name, audio: recordingOf(bytes) })
        expect(response.headers.get('content-type')).toBe('application/problem+json')
        expect([response.status, await response.json()]).toMatchObject([
          413,
          { code: 'audio_too_large' },
        ])
      },
    )

    test('events of a lesson come before it has ended', async () => {
      const letThrough = gate.hold()
      const response = await sendForm(
        { user_id: name, audio: recording('1-shop') },
        { accept: 'text/event-stream' },
      )
      const decoder = new TextDecoder()
      let text = ''
      for await (const bytes of response.body ?? []) {
        // Until the transcript has come, the tutor's answer is held back.
        if (text === '') letThrough()
        text += decoder.decode(bytes, { stream: true })
      }
      const names = [...text.matchAll(/^event: (\w+)$/gm)].map(([, event]) => event)
      expect([names[0], names.at(-1)]).toEqual(['transcript', 'done'])
    }, 20_000)

    test('the product is told the address of the client, and none that a client makes up', async () => {
      await proxy.ask('/health', { headers: { 'x-forwarded-for': FORGED_ADDRESS } })
      expect(forwardedFor.at(-1)).toMatch(/^(127\.0\.0\.1|::1)$/)
    })

    test('a request without encryption is led to the encrypted address', async () => {
      const response = await fetch(`${proxy.plainUrl}/health`, { redirect: 'manual' })
      expect(response.headers.get('location')).toMatch(/^https:\/\/localhost\/health$/)
    })
  })
}

/** An MP3 file of so many bytes: most of them are a tag before the sound, as a cover is. */
function recordingOf(bytes: number): Uint8Array<ArrayBuffer> {
  const sound = readFileSync(new URL('../adapters/audio/samples/tone.mp3', import.meta.url))
  const tagBytes = bytes - sound.length - 10
  const size = [21, 14, 7, 0].map((shift) => (tagBytes >> shift) & 0x7f)
  const file = new Uint8Array(bytes)
  file.set([...Buffer.from('ID3'), 3, 0, 0, ...size])
  file.set(sound, bytes - sound.length)
  return file
}
