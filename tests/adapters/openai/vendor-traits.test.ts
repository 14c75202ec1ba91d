import { expect, test } from 'vitest'
import { vendorOf, vendorTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import type { VendorTrait, VendorTraitStore } from '../../../lib/app/lesson/vendor-trait.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

const HOUR_MS = 60 * 60 * 1_000
const VLLM = vendorOf('transcribe', { baseUrl: 'http://localhost:8000/v1' }, 'whisper')
const OPENAI = vendorOf('reply', { baseUrl: 'https://api.openai.com/v1' }, 'gpt-6-luna')

/** A store that counts what it is asked, and a clock that is set by hand. */
function world(storedTraits: VendorTrait[] = []) {
  const clock = { now: new Date('2026-11-28T08:00:00Z') }
  const calls: string[] = []
  const store: VendorTraitStore = {
    async load() {
      calls.push('load')
      return storedTraits
    },
    async keep(vendor, refused) {
      calls.push(`keep ${vendor.host} ${refused.join()}`)
    },
  }
  const log = rememberingLog()
  return { clock, calls, log, store, traits: vendorTraits({ store, now: () => clock.now, log }) }
}

test('the store is read once a process, and written once for what is learned twice', async () => {
  const { traits, calls } = world()
  expect([...(await traits.of(VLLM))]).toEqual([])
  expect(await traits.learn(VLLM, ['prompt'])).toEqual(['prompt'])
  expect(await traits.learn(VLLM, ['prompt'])).toEqual([])
  expect([...(await traits.of(VLLM))]).toEqual(['prompt'])
  expect(calls).toEqual(['load', 'keep localhost:8000 prompt'])
})

test('what is learned of one model or stage does not count for another', async () => {
  const { traits } = world()
  await traits.learn(VLLM, ['prompt'])
  expect((await traits.of({ ...VLLM, model: 'voxtral' })).size).toBe(0)
  expect((await traits.of({ ...VLLM, stage: 'speak' })).size).toBe(0)
  expect((await traits.of({ ...VLLM, host: 'localhost:8001' })).size).toBe(0)
})

test('a trait is forgotten a day after any process has learned it', async () => {
  const learnedAt = new Date('2026-11-27T20:00:00Z')
  const { traits, clock } = world([{ ...VLLM, refused: 'language', learnedAt }])
  await traits.learn(VLLM, ['prompt'])
  expect([...(await traits.of(VLLM))].sort()).toEqual(['language', 'prompt'])
  clock.now = new Date(clock.now.getTime() + 12 * HOUR_MS)
  expect([...(await traits.of(VLLM))]).toEqual(['prompt'])
  clock.now = new Date(clock.now.getTime() + 12 * HOUR_MS)
  expect((await traits.of(VLLM)).size).toBe(0)
})

test('OpenAI’s own host costs the database nothing', async () => {
  const { traits, calls } = world()
  expect((await traits.of(OPENAI)).size).toBe(0)
  expect(await traits.learn(OPENAI, ['reasoning_effort'])).toEqual(['reasoning_effort'])
  expect([...(await traits.of(OPENAI))]).toEqual(['reasoning_effort'])
  expect(calls).toEqual([])
})

test('a store that fails costs a refused call more, and no lesson', async () => {
  const { clock, log } = world()
  const fail = async () => Promise.reject(new Error('connection terminated'))
  const traits = vendorTraits({ store: { load: fail, keep: fail }, now: () => clock.now, log })
  expect((await traits.of(VLLM)).size).toBe(0)
  expect(await traits.learn(VLLM, ['prompt'])).toEqual(['prompt'])
  expect([...(await traits.of(VLLM))]).toEqual(['prompt'])
  const events = log.lines.map(({ event }) => event)
  expect(events).toEqual(['vendor_traits_unread', 'vendor_traits_unkept', 'vendor_traits_unread'])
})
