import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Job, JobRun } from '../../../lib/app/jobs/job.ts'
import { runMeasures } from '../../../lib/app/measures.ts'
import { answering } from '../../../lib/http/answering.ts'
import { eventStream, wantsEvents } from '../../../lib/http/event-stream.ts'
import { LessonAnswer } from '../../../lib/http/lesson/answer.ts'
import { LESSON_EVENTS, listeningClient, patientClient } from '../../../lib/http/lesson/events.ts'
import { lessonListeners } from '../../../lib/http/lesson/listeners.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { formRequest, textRequest } from '../../support/lesson-requests.ts'
import { type Product, recording, startProduct } from '../../support/product.ts'

let product: Product
let apiKey: string
beforeAll(async () => {
  product = await startProduct({ FREE_TEXT_PER_DAY: '20', FREE_VOICE_PER_DAY: '20' })
})
afterAll(() => product.close())
beforeEach(async () => {
  apiKey = await product.newApiKey()
  product.openai.requests.length = 0
})
afterEach(() => product.openai.recover())

type LessonEvent = { event: string; data: unknown }

function ask(request: Request, { events = true, key = '' } = {}): Promise<Response> {
  const headers = new Headers(request.headers)
  if (events) headers.set('accept', 'text/event-stream')
  if (key !== '') headers.set('idempotency-key', key)
  const eventsRequest = new Request(request, { headers })
  return answering(async () => product.deps, { POST: processLesson })(eventsRequest)
}

function eventsIn(text: string): LessonEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
      return { event, data: JSON.parse(data) as unknown }
    })
}

async function eventsOf(request: Request, options: { key?: string } = {}): Promise<LessonEvent[]> {
  const response = await ask(request, options)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('idempotency-key')).toMatch(/\S/)
  return eventsIn(await response.text())
}

function dataOf<Data>(events: LessonEvent[], name: string, schema: z.ZodType<Data>): Data[] {
  return events.filter(({ event }) => event === name).map(({ data }) => schema.parse(data))
}

const voice = () => formRequest(apiKey, { user_id: 'olena', audio: recording('1-shop') })

describe('lessons as events', () => {
  test('a voice lesson sends the transcript, the reply, its sound, the corrections, and the whole answer last', async () => {
    const events = await eventsOf(voice(), { key: 'first' })
    expect(events[0]?.event).toBe('transcript')
    expect(events.at(-1)?.event).toBe('done')

    const [doneEvent] = dataOf(events, 'done', LESSON_EVENTS.done)
    expect(dataOf(events, 'transcript', LESSON_EVENTS.transcript)).toEqual([
      { transcript: doneEvent?.transcript },
    ])
    expect(dataOf(events, 'corrections', LESSON_EVENTS.corrections)).toEqual([
      doneEvent?.corrections,
    ])
    const reply = dataOf(events, 'reply', LESSON_EVENTS.reply).map(({ delta }) => delta)
    expect(reply.length).toBeGreaterThan(1)
    expect(reply.join('')).toBe(doneEvent?.honzik_response_text)
    const sound = dataOf(events, 'audio', LESSON_EVENTS.audio).map(({ chunk }) =>
      Buffer.from(chunk, 'base64'),
    )
    expect(sound.length).toBeGreaterThan(1)
    expect(Buffer.concat(sound).toString('base64')).toBe(doneEvent?.honzik_response_audio)
  })

  test('a lesson as events has the same answer as without, and a request without events replays it', async () => {
    const events = await eventsOf(voice(), { key: 'same' })
    const paidRequests = product.openai.requests.length
    const plainAnswer = await ask(voice(), { events: false, key: 'same' })
    expect(LessonAnswer.parse(await plainAnswer.json())).toEqual(
      dataOf(events, 'done', LESSON_EVENTS.done)[0],
    )
    const replay = await eventsOf(voice(), { key: 'same' })
    expect(replay).toEqual([events.at(-1)])
    expect(product.openai.requests).toHaveLength(paidRequests)
  })

  test('a text lesson without sound sends neither transcript nor sound', async () => {
    const request = textRequest(apiKey, {
      user_id: 'olena',
      text: 'Já mám rád kniha.',
      include_audio: false,
    })
    const names = new Set((await eventsOf(request)).map(({ event }) => event))
    expect([...names]).toEqual(['reply', 'corrections', 'done'])
  })

  test('a lesson that fails ends with a problem as its last event', async () => {
    product.openai.failAll('reply', { kind: 'server-error' })
    const events = await eventsOf(voice())
    expect(events.map(({ event }) => event)).toEqual(['transcript', 'error'])
    expect(events.at(-1)?.data).toMatchObject({ status: 502, code: 'provider_failed' })
  })

  test('a request that cannot be a lesson is a problem response, not a stream', async () => {
    const unknownKeyAnswer = await ask(formRequest('nobody', { user_id: 'olena' }))
    expect([unknownKeyAnswer.status, unknownKeyAnswer.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json',
    ])
    const wrongFieldsAnswer = await ask(formRequest(apiKey, { user_id: 'olena' }))
    expect(wrongFieldsAnswer.status).toBe(400)
  })

  test('a lesson whose client left goes on when the client asks again, and no step is paid twice', async () => {
    const firstResponse = await ask(voice(), { key: 'left' })
    const reader = firstResponse.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await product.deps.idle()
    const secondResponse = await ask(voice(), { events: false, key: 'left' })
    expect(secondResponse.status).toBe(200)
    const answer = LessonAnswer.parse(await secondResponse.json())
    expect(answer.honzik_response_audio).not.toBe('')
    expect(product.openai.count('transcribe')).toBe(1)
    expect(product.openai.count('reply')).toBe(1)
    expect(answer.total_stars).toBe(answer.stars_earned)
  })
})

describe('clients that have left', () => {
  const job = { source: 'api:1', key: 'k' }

  function runWithClients(...clientsLeft: boolean[]) {
    const listeners = lessonListeners()
    for (const hasLeft of clientsLeft)
      listeners.add(job, { audience: patientClient, hasLeft: () => hasLeft })
    const steps: string[] = []
    const run: JobRun = {
      job: { ...job, isResumed: false } as Job,
      signal: new AbortController().signal,
      measures: runMeasures(),
      async once(step, work) {
        const value = await work(() => {})
        steps.push(step)
        return value
      },
      charge: () => () => {},
      whileUnderWay: (call) => call,
      store: (name) => void steps.push(name),
      stored: () => undefined,
      send: (_, work) => work(),
      confirm: async () => {},
      settled: async () => {},
      stagesMs: () => ({}),
    }
    return { run: listeners.leavable(run), steps }
  }
  const clientLeft = expect.objectContaining({ code: 'client-left' })

  test('no paid step begins once the client has left, and the answer is stored all the same', async () => {
    const { run, steps } = runWithClients(true)
    await expect(run.once('reply', async () => 1)).rejects.toEqual(clientLeft)
    await expect(run.confirm()).rejects.toEqual(clientLeft)
    run.store('answer', 1)
    expect(steps).toEqual(['answer'])
  })

  test('a client that left ends neither the lesson of another that waits nor one without any client', async () => {
    for (const { run, steps } of [runWithClients(true, false), runWithClients()]) {
      await run.once('reply', async () => 1)
      await run.confirm()
      expect(steps).toEqual(['reply'])
    }
  })

  test('a client that comes after the first chunk of the sound is sent no later chunk', () => {
    const listeners = lessonListeners()
    const hearers: string[] = []
    const hears = (name: string) => ({
      audience: { ...patientClient, speechChunk: () => void hearers.push(name) },
      hasLeft: () => false,
    })
    const audience = listeners.audienceOf(job)
    listeners.add(job, hears('first'))
    audience.speechChunk(new Uint8Array([1]))
    listeners.add(job, hears('late'))
    audience.speechChunk(new Uint8Array([2]))
    expect(hearers).toEqual(['first', 'first'])
  })

  test('a stream whose client has left ignores further events', async () => {
    const stream = eventStream()
    await stream.body.cancel()
    expect(stream.hasLeft()).toBe(true)
    stream.send('reply', {})
    stream.idle()
    stream.end()
  })
})

test('a reply that begins anew sends `restart`', () => {
  const events: unknown[] = []
  const client = listeningClient((_, data) => events.push(data))
  for (const text of ['Ahoj', 'Ahoj, jak', 'Tak']) client.reply({ text, isComplete: false })
  client.reply({ text: 'Tak', isComplete: true })
  expect(events).toEqual([
    { delta: 'Ahoj', restart: false },
    { delta: ', jak', restart: false },
    { delta: 'Tak', restart: true },
  ])
})

test.each([
  ['text/event-stream', true],
  ['application/json, text/event-stream;q=0.9', true],
  ['TEXT/EVENT-STREAM', true],
  ['text/event-stream;q=0', false],
  ['application/json', false],
  ['*/*', false],
])('with Accept: %s the answer is a stream: %s', (accept, isStream) => {
  expect(wantsEvents(new Request('http://localhost/', { headers: { accept } }))).toBe(isStream)
})
