import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import type { Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { eventStream } from '../../../lib/http/event-stream.ts'
import { LessonAnswer } from '../../../lib/http/lesson/answer.ts'
import { patientClient } from '../../../lib/http/lesson/events.ts'
import { lessonListeners } from '../../../lib/http/lesson/listeners.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { formRequest } from '../../support/lesson-requests.ts'
import { noWait, type Product, recording, startProduct } from '../../support/product.ts'

let product: Product
let apiKey: string
beforeAll(async () => {
  product = await startProduct({ FREE_VOICE_PER_DAY: '20' })
})
afterAll(() => product.close())
beforeEach(async () => {
  apiKey = await product.newApiKey()
  product.openai.requests.length = 0
})

function ask(change: Partial<Deps> = {}, headers = { accept: 'text/event-stream' }) {
  const request = formRequest(
    apiKey,
    { user_id: 'olena', audio: recording('1-shop') },
    { 'idempotency-key': 'shared', ...headers },
  )
  const deps = { ...product.deps, ...change }
  return answering(async () => deps, { POST: processLesson })(request)
}

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error('The response has no body.')
  return response.body.getReader()
}

/** Reads as far as the first event of a name. */
async function readTo(response: Response, event: string) {
  const reader = readerOf(response)
  for (;;) {
    const { value, done } = await reader.read()
    if (done || Buffer.from(value).toString().startsWith(`event: ${event}`)) return reader
  }
}

function eventsIn(text: string): { event: string; data: Record<string, unknown> }[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event = '', data = '']) => ({
    event,
    data: JSON.parse(data),
  }))
}

/** The sound that the events of a stream have, and the answer that is its last event. */
async function wholeLesson(response: Response) {
  const events = eventsIn(await response.text())
  const chunks = events.filter(({ event }) => event === 'audio')
  expect(events.at(-1)?.event).toBe('done')
  return {
    sound: Buffer.concat(chunks.map(({ data }) => Buffer.from(String(data.chunk), 'base64'))),
    answer: LessonAnswer.parse(events.at(-1)?.data),
  }
}

/** A wait that fails at `fail`, as one does whose server gives it up. */
function failingWait() {
  const { promise, reject } = Promise.withResolvers<never>()
  // The request may be answered before it has waited at all.
  promise.catch(() => {})
  const fail = () => reject(new AppError('provider-timeout', 'The request has waited too long.'))
  return { sleep: () => promise, fail }
}

const otherClients: [string, () => Promise<void>][] = [
  ['leaves before its first event', async () => void (await (await ask()).body?.cancel())],
  [
    'leaves at the transcript',
    async () => {
      const reader = await readTo(await ask(), 'transcript')
      await reader.cancel()
    },
  ],
  [
    'leaves in the middle of the sound',
    async () => {
      const reader = await readTo(await ask(), 'audio')
      await reader.cancel()
    },
  ],
  ['leaves after the end', async () => void (await (await readTo(await ask(), 'done')).cancel())],
  ['has waited as long as a request may', async () => void (await (await ask()).text())],
  [
    'is given up by its server in the middle of the sound',
    async () => {
      const { sleep, fail } = failingWait()
      const reader = await readTo(await ask({ sleep }), 'audio')
      fail()
      while (!(await reader.read()).done);
    },
  ],
]

test.each(otherClients)(
  'a client whose lesson another client shares gets the whole of it when the other %s, and so does a replay',
  async (_case, askAsOther) => {
    // The lesson runs in the first request: its wait ends with the lesson.
    const firstResponse = await ask({ sleep: async () => void (await product.deps.idle()) })
    const firstWhole = wholeLesson(firstResponse)
    await askAsOther()
    const { sound, answer } = await firstWhole
    expect(answer.honzik_response_audio).not.toBe('')
    expect(sound.toString('base64')).toBe(answer.honzik_response_audio)
    const replay = await ask({}, { accept: 'application/json' })
    expect(await replay.json()).toEqual(answer)
    expect(product.openai.count('reply')).toBe(1)
  },
)

/** Waits until no process runs the job of the shared key any more. */
function endOfJob() {
  return vi.waitFor(
    async () => {
      const states = await product.db
        .selectFrom('inbox')
        .select('state')
        .where('key', '=', 'shared')
        .orderBy('id', 'desc')
        .limit(1)
        .execute()
      expect(['dead', 'done']).toContain(states[0]?.state)
    },
    { timeout: 30_000, interval: 20 },
  )
}

test('a client goes on with a lesson whose first client leaves while it runs', async () => {
  const firstReader = readerOf(await ask())
  // The lesson runs in the first request, whose client leaves: the wait of the second ends with it.
  const secondResponse = await ask({ sleep: async () => void (await endOfJob()) })
  const whole = wholeLesson(secondResponse)
  await firstReader.cancel()
  const { answer } = await whole
  expect(answer.honzik_response_audio).not.toBe('')
  expect(product.openai.count('transcribe')).toBe(1)
})

test('a client that joins in the middle of the sound gets the whole of it with the answer', async () => {
  const firstReader = await readTo(await ask(), 'audio')
  const secondLesson = wholeLesson(await ask())
  while (!(await firstReader.read()).done);
  const { sound, answer } = await secondLesson
  expect(answer.honzik_response_audio).not.toBe('')
  expect(['', answer.honzik_response_audio]).toContain(sound.toString('base64'))
})

test('a client that waits in another process runs the lesson that its first client has left', async () => {
  // The process of the first client has claimed the job, and ends it as its client leaves.
  await ask({ drain: async () => {}, wake: () => {}, sleep: async () => {} }, { accept: '*/*' })
  const { id } = await product.db
    .selectFrom('inbox')
    .select('id')
    .where('key', '=', 'shared')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const abandon = sql`update inbox set state = 'dead', finished_at = now(), payload = '',
    attachment = null, last_error = 'client-left: Nobody is waiting.' where id = ${id}`
  let polls = 0
  const secondResponse = await ask({
    drain: (lane, slots) => (polls === 0 ? Promise.resolve() : product.deps.drain(lane, slots)),
    async sleep() {
      polls += 1
      if (polls === 1) await abandon.execute(product.db)
    },
  })
  expect((await wholeLesson(secondResponse)).answer.honzik_response_audio).not.toBe('')
})

test('a client that has left does not begin again what it has ended by leaving', async () => {
  const drains: string[] = []
  const response = await ask({
    async drain(lane, slots) {
      drains.push(lane)
      await product.deps.drain(lane, slots)
    },
    sleep: noWait,
  })
  await response.body?.cancel()
  await product.deps.idle()
  expect(drains).toHaveLength(1)
  expect(product.openai.requests.length).toBeLessThanOrEqual(1)
})

test('a stream that has ended ignores further events', async () => {
  const stream = eventStream()
  stream.send('done', {})
  stream.end()
  stream.send('audio', {})
  stream.idle()
  stream.end()
  expect(await new Response(stream.body).text()).toBe('event: done\ndata: {}\n\n')
})

test('a request that was answered in the middle of the sound is sent no later chunk', () => {
  const job = { source: 'api:1', key: 'k' }
  const listeners = lessonListeners()
  const hearers: string[] = []
  const listen = (name: string) =>
    listeners.add(job, {
      audience: { ...patientClient, speechChunk: () => void hearers.push(name) },
      hasLeft: () => false,
    })
  const audience = listeners.audienceOf(job)
  listen('staying')
  const stopListening = listen('answered')
  audience.speechChunk(new Uint8Array([1]))
  stopListening()
  audience.speechChunk(new Uint8Array([2]))
  expect(hearers).toEqual(['staying', 'answered', 'staying'])
})
