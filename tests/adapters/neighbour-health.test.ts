import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { neighbourHealth } from '../../lib/adapters/neighbour-health.ts'

/** A server whose first path segment is the status with which it lists its models. */
const server = createServer((request, response) => {
  questions.push(request.url ?? '')
  const status = Number(request.url?.split('/')[1])
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data: [{ id: 'some-model' }] }))
})
const questions: string[] = []
let root = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const stage = (baseUrl: string) => ({ baseUrl, apiKey: 'no-key', model: 'a-model' })
const webhook = async () => ({ url: 'https://bot.example/webhook', pending_update_count: 0 })

async function openaiHealth(stt: string, chat: string, tts: string): Promise<string> {
  const stages = { STT: stage(stt), CHAT: stage(chat), TTS: stage(tts) }
  const options = { webhookUrl: undefined, now: () => new Date() }
  return (await neighbourHealth(webhook, stages, options)).openai
}

test('each stage’s provider is asked where it is, and one that all stages have in common once', async () => {
  questions.length = 0
  expect(await openaiHealth(`${root}/200`, `${root}/200`, `${root}/200`)).toBe('ok')
  expect(questions).toEqual(['/200/models'])
  expect(await openaiHealth(`${root}/200`, `${root}/200/v1`, `${root}/200/v2`)).toBe('ok')
  expect(questions).toHaveLength(4)
})

test('a provider is named by its stage where it refuses the key, fails, or cannot be reached', async () => {
  expect(await openaiHealth(`${root}/401`, `${root}/200`, `${root}/500`)).toBe(
    'failed: STT refuses the key (401): check STT_API_KEY, or OPENAI_API_KEY; TTS answered 500',
  )
  expect(await openaiHealth(`${root}/200`, `${root}/200`, 'http://127.0.0.1:1/v1')).toBe(
    'failed: TTS failed: ECONNREFUSED',
  )
})

test('a provider that lists no models is unknown, which is neither well nor failed', async () => {
  expect(await openaiHealth(`${root}/200`, `${root}/200`, `${root}/404`)).toBe(
    'unknown: TTS unknown: lists no models (404)',
  )
})
