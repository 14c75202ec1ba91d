import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openaiClient } from '../../../lib/adapters/openai/client.ts'
import { json, scriptedProvider } from '../../support/scripted-provider.ts'

const CHAT = { model: 'test', messages: [{ role: 'user' as const, content: 'Ahoj' }] }
const FILE = { model: 'test', file: new File(['OggS'], 'voice.ogg', { type: 'audio/ogg' }) }

/** Microtasks from the call of an upload on, until after its request has been made. */
const MOMENTS = 80

test('an upload and a chat go over one connection', async () => {
  await using provider = await scriptedProvider(json({ text: 'Ahoj' }), json({ choices: [] }))
  const client = await openaiClient(provider.endpoint)
  await client.audio.transcriptions.create(FILE)
  // A connection is free again once its last call has been let go of.
  await nextTurn()
  await nextTurn()
  await client.chat.completions.create(CHAT)
  expect(provider.received.map(({ path }) => path)).toEqual([
    '/v1/audio/transcriptions',
    '/v1/chat/completions',
  ])
  expect(provider.connections()).toBe(1)
})

test('an upload that is aborted at any moment is an error of its caller, and none of the process', async () => {
  const uncaught: unknown[] = []
  const listener = (error: unknown) => uncaught.push(error)
  process.on('unhandledRejection', listener)
  const client = await openaiClient({ apiKey: 'test-key', baseUrl: 'http://127.0.0.1:1/v1' })
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const call = new AbortController()
    const upload = client.audio.transcriptions.create(FILE, { signal: call.signal })
    for (let tick = 0; tick < moment; tick += 1) await Promise.resolve()
    call.abort()
    await expect(upload).rejects.toThrow()
    await nextTurn()
  }
  process.off('unhandledRejection', listener)
  expect(uncaught).toEqual([])
})

test("the SDK retries nothing by itself and reads no organisation from the operator's shell", async () => {
  process.env.OPENAI_ORG_ID = 'org-of-another'
  await using provider = await scriptedProvider(json({}, 500, { 'x-should-retry': 'true' }))
  const client = await openaiClient(provider.endpoint)
  await expect(client.chat.completions.create(CHAT)).rejects.toMatchObject({ status: 500 })
  expect(provider.received).toHaveLength(1)
  expect(provider.received[0]?.headers).toMatchObject({ authorization: 'Bearer test-key' })
  expect(provider.received[0]?.headers).not.toHaveProperty('openai-organization')
  delete process.env.OPENAI_ORG_ID
})

test('an endpoint has one client, another key another', async () => {
  const endpoint = { apiKey: 'test-key', baseUrl: 'http://127.0.0.1:1/v1' }
  const client = await openaiClient(endpoint)
  expect(await openaiClient({ ...endpoint })).toBe(client)
  expect(await openaiClient({ ...endpoint, apiKey: 'other-key' })).not.toBe(client)
})
