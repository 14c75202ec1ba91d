import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { speakerFor } from '../../../lib/adapters/openai/speech/speaker.ts'
import { openaiTranscriber } from '../../../lib/adapters/openai/transcriber.ts'
import { openaiTutor } from '../../../lib/adapters/openai/tutor.ts'
import { type VendorTraits, volatileTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import { NO_CACHE } from '../../../lib/app/cache.ts'
import type { ReplySoFar } from '../../../lib/app/lesson/tutor.ts'
import { vendorProblems } from '../../../lib/config/vendor-hosts.ts'
import { judgeHearing } from '../../../lib/domain/lesson/hearing.ts'
import { lessonPrompt } from '../../../lib/domain/prompts/lesson.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { vendorsTable } from '../../../scripts/studio/openai/vendors/table.ts'
import type { Vendor } from '../../../scripts/studio/openai/vendors/vendor.ts'
import { VENDORS } from '../../../scripts/studio/openai/vendors/vendors.ts'
import { paidWork } from '../../support/paid-work.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

const SAID = 'Včera jsem šel do obchod a koupil jsem chleba.'
const CORRECTED = 'Včera jsem šel do obchodu a koupil jsem chleba.'
const VOICE = { character: 'honzik', speedFactor: 0.8 } as const

const standIns: OpenaiStandIn[] = []
afterAll(() => Promise.all(standIns.map((standIn) => standIn.stop())))

const bytes = new Uint8Array(
  readFileSync(new URL('../../../scripts/studio/recordings/1-shop.ogg', import.meta.url)),
)
const AUDIO = { bytes, fileName: 'voice.ogg', mimeType: 'audio/ogg', durationSeconds: 4 }

const REQUEST = {
  ...lessonPrompt(
    {
      level: 'beginner',
      correctionsLevel: 'balanced',
      style: 'friendly',
      character: 'honzik',
      nativeLanguage: 'uk',
      gender: 'unknown',
    },
    'Ukrainian',
  ),
  nativeLanguage: 'uk',
  history: [{ said: 'Ahoj!', reply: 'Ahoj! Kde jsi byl?' }],
  said: SAID,
}

async function playVendor(vendor: Vendor) {
  const standIn = await startOpenai({ vendor, isTerse: true })
  standIns.push(standIn)
  const log = rememberingLog()
  const traits = volatileTraits(() => new Date(), log)
  const now = () => new Date()
  const tools = { log, now, sleep: async () => {}, random: () => 0, traits }
  const endpoint = { apiKey: 'no-key', baseUrl: standIn.url }
  return { standIn, log, tools, endpoint }
}

/** The traits that each stage has learned of the vendor, in the words of the table. */
async function readTraits(
  { tools }: { tools: { traits: VendorTraits } },
  vendor: Vendor,
  url: string,
) {
  const host = new URL(url).host
  const stages = ['transcribe', 'reply', 'speak'] as const
  const entries = stages.map(async (stage) => {
    const model = vendor[stage]?.model ?? ''
    return [stage, [...(await tools.traits.of({ stage, host, model }))]] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function hear({ tools, endpoint }: Awaited<ReturnType<typeof playVendor>>, model: string) {
  return openaiTranscriber({ endpoint, model, ...tools }).transcribe(AUDIO, 'uk', paidWork())
}

async function answer(
  { tools, endpoint }: Awaited<ReturnType<typeof playVendor>>,
  model: string,
  givenReply?: string,
) {
  const texts: string[] = []
  const onReply = ({ text }: ReplySoFar) => void texts.push(text)
  const tutor = openaiTutor({ endpoint, model, ...tools })
  const work = paidWork()
  const answer = await tutor.answer(REQUEST, onReply, work, givenReply)
  return { answer, usage: work.charges, texts }
}

test.each(VENDORS)(
  'a lesson with $name goes as far as it serves, and learns what it refuses',
  async (vendor) => {
    const world = await playVendor(vendor)
    const { transcribe, reply, speak } = vendor
    if (transcribe !== undefined) {
      const { text } = await hear(world, transcribe.model)
      const hearing = judgeHearing(text)
      expect(hearing).toEqual({ kind: 'czech', said: SAID })
    }
    if (reply !== undefined) {
      const { answer: tutorAnswer, texts } = await answer(world, reply.model)
      expect(tutorAnswer).toMatchObject({
        correctedText: CORRECTED,
        mistakes: [{ category: 'case' }],
      })
      // Nothing of a draft is shown or spoken.
      expect(texts.every((text) => tutorAnswer.reply.startsWith(text))).toBe(true)
      expect(texts.at(-1)).toBe(tutorAnswer.reply)
    }
    if (speak !== undefined) {
      const { model, voices } = speak
      const options = { endpoint: world.endpoint, model, voices, cache: NO_CACHE }
      const speaker = speakerFor({ ...options, ...world.tools })
      const speech = await speaker.speak(['Ahoj, jak se máš?'], VOICE, paidWork())
      expect(await inspectAudio(speech.ogg)).toMatchObject({ format: 'ogg', codec: 'opus' })
      expect(speech.durationSeconds).toBeGreaterThan(0.8)
    }
    expect(await readTraits(world, vendor, world.standIn.url)).toEqual({
      transcribe: transcribe?.learns ?? [],
      reply: reply?.learns ?? [],
      speak: speak?.learns ?? [],
    })
    const lowerings = world.log.lines.filter(({ event }) => event === 'vendor_request_lowered')
    expect(lowerings.map(({ fields }) => fields.refused)).toEqual(
      [transcribe, reply, speak].flatMap((manner) => manner?.learns ?? []),
    )
    for (const { fields } of lowerings) expect(fields.reason).toMatch(/[a-z]{4}/)
  },
)

test.each(VENDORS.filter(({ reply }) => reply !== undefined))(
  'a second lesson with $name asks for an answer once, and a repair ends with a user’s turn',
  async (vendor) => {
    const world = await playVendor(vendor)
    const { model } = vendor.reply ?? { model: '' }
    await answer(world, model)
    world.standIn.requests.length = 0
    await answer(world, model)
    expect(world.standIn.requests).toHaveLength(1)

    const { answer: corrections } = await answer(world, model, 'Čerstvý chleba, to je základ!')
    expect(corrections).toMatchObject({
      reply: 'Čerstvý chleba, to je základ!',
      correctedText: CORRECTED,
    })
    expect(world.standIn.requests).toHaveLength(2)
    const { messages } = world.standIn.requests[1]?.fields ?? {}
    expect(Array.isArray(messages) && messages.at(-1).role).toBe('user')
  },
)

test('the vendors’ table of the operating page is the one that is played', () => {
  const page = readFileSync(new URL('../../../.github/operating.md', import.meta.url), 'utf8')
  expect(page).toContain(vendorsTable())
})

const STAGES = { transcribe: 'STT', reply: 'CHAT', speak: 'TTS' } as const

test.each(VENDORS)(
  'what $name does not serve is refused at start where its host tells it',
  (vendor) => {
    const { baseUrl } = vendor
    const isHosted = !baseUrl.includes('localhost')
    for (const [stage, prefix] of Object.entries(STAGES)) {
      const model = vendor[stage as keyof typeof STAGES]?.model
      const variable = `${prefix}_BASE_URL`
      const problems = vendorProblems(prefix, { variable, baseUrl, model: model ?? 'any' })
      if (model !== undefined || !isHosted) expect(problems).toEqual([])
      else expect(problems).toEqual([expect.stringContaining(`${variable} and ${prefix}_API_KEY`)])
    }
  },
)
