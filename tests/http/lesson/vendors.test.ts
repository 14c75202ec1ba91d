import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeps, type Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import type { Vendor } from '../../../scripts/studio/openai/vendors/vendor.ts'
import { VENDORS } from '../../../scripts/studio/openai/vendors/vendors.ts'
import { formRequest } from '../../support/lesson-requests.ts'
import { noWait, type Product, recording, startProduct } from '../../support/product.ts'

/** A lesson of three vendors, each of which refuses something else. */
const EARS = vendorNamed('vLLM')
const TUTOR = vendorNamed('Ollama')
const VOICE = vendorNamed('Groq')

let product: Product
let apiKey: string
let servers: Record<'ears' | 'tutor' | 'voice', OpenaiStandIn>
let lines: { event: string; [field: string]: unknown }[]
beforeAll(async () => {
  const [ears, tutor, voice] = await Promise.all(
    [EARS, TUTOR, VOICE].map((vendor) => startOpenai({ vendor, isTerse: true })),
  )
  if (!ears || !tutor || !voice) throw new Error('A vendor did not start.')
  servers = { ears, tutor, voice }
  product = await startProduct({
    LOG_LEVEL: 'info',
    STT_BASE_URL: ears.url,
    STT_MODEL: EARS.transcribe?.model,
    CHAT_BASE_URL: tutor.url,
    CHAT_MODEL: TUTOR.reply?.model,
    TTS_BASE_URL: voice.url,
    TTS_MODEL: VOICE.speak?.model,
    TTS_VOICE_HONZIK: VOICE.speak?.voices.honzik,
  })
  apiKey = await product.newApiKey()
  await product.deps.idle()
  await product.deps.close()
})
afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.stop()))
  await product.close()
})

function vendorNamed(name: string): Vendor {
  const vendor = VENDORS.find((row) => row.name === name)
  if (vendor === undefined) throw new Error(`No vendor is called ${name}.`)
  return vendor
}

/** A process of its own on the same database. */
async function inNewProcess<T>(work: (deps: Deps) => Promise<T>): Promise<T> {
  lines = []
  const print = (line: string) => void lines.push(JSON.parse(line))
  const deps = await createDeps(product.env, { sleep: noWait, print })
  try {
    return await work(deps)
  } finally {
    await deps.idle()
    await deps.close()
  }
}

async function giveLesson(deps: Deps): Promise<Record<string, unknown>> {
  const fields = { user_id: 'olena', native_language: 'uk', audio: recording('1-shop') }
  const handle = answering(async () => deps, { POST: processLesson })
  const response = await handle(formRequest(apiKey, fields))
  const body: unknown = await response.json()
  expect(body).toMatchObject({ transcript: 'Včera jsem šel do obchod a koupil jsem chleba.' })
  return { ...Object(body) }
}

const counts = () => Object.values(servers).map(({ requests }) => requests.length)
const loweredParts = () =>
  lines
    .filter(({ event }) => event === 'vendor_request_lowered')
    .map(({ refused: refusedTrait }) => refusedTrait)

test('a whole lesson of three vendors is taught, and only the first process pays for learning them', async () => {
  const firstAnswer = await inNewProcess(giveLesson)
  expect(firstAnswer).toMatchObject({
    corrections: { corrected_text: 'Včera jsem šel do obchodu a koupil jsem chleba.' },
    honzik_response_text: expect.stringMatching(/chleba/),
  })
  expect(String(firstAnswer.honzik_response_audio).length).toBeGreaterThan(5_000)
  expect(loweredParts()).toEqual(['response_format=verbose_json', 'response_format=opus'])
  // Each vendor refuses once but Ollama, which takes all that it is asked.
  expect(counts()).toEqual([2, 1, 2])

  await inNewProcess(giveLesson)
  expect(loweredParts()).toEqual([])
  expect(counts()).toEqual([3, 2, 3])
})
