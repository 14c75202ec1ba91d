import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { LessonAnswer } from '../../../lib/http/lesson/answer.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { openapiDocument } from '../../../lib/http/openapi.ts'
import { type Fields, formRequest, textRequest } from '../../support/lesson-requests.ts'
import { placesOf } from '../../support/lessons.ts'
import { noWait, type Product, recording, startProduct } from '../../support/product.ts'
import { json, scriptedProvider } from '../../support/scripted-provider.ts'

let product: Product
let apiKey: string
beforeAll(async () => {
  product = await startProduct({ FREE_TEXT_PER_DAY: '3', FREE_VOICE_PER_DAY: '2' })
})
afterAll(() => product.close())
beforeEach(async () => {
  apiKey = await product.newApiKey()
})
afterEach(async () => {
  product.openai.recover()
  await product.db.deleteFrom('breaker').execute()
})

type Problem = { status: number; code: string; detail: string; request_id: string } & Fields

function ask(request: Request, change: Partial<Deps> = {}): Promise<Response> {
  const deps = { ...product.deps, ...change }
  return answering(async () => deps, { POST: processLesson })(request)
}

/** A schema as the OpenAPI document has it: what is answered must be what is documented. */
function fromDocument(name: 'LessonAnswer' | 'Problem') {
  const { components } = openapiDocument('1') as {
    components: { schemas: Record<string, z.core.JSONSchema.JSONSchema> }
  }
  return z.fromJSONSchema(components.schemas[name] ?? false)
}

/** Asks and expects a lesson. */
async function lesson(request: Request): Promise<LessonAnswer> {
  const response = await ask(request)
  const body: unknown = await response.json()
  expect(body).not.toHaveProperty('code')
  expect(response.status).toBe(200)
  return fromDocument('LessonAnswer').pipe(LessonAnswer).parse(body)
}

/** Asks and expects a problem, of the right shape. */
async function problem(request: Request, change: Partial<Deps> = {}) {
  const response = await ask(request, change)
  const body = (await response.json()) as Problem
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('x-request-id')).toBe(body.request_id)
  expect(body).toMatchObject({
    type: `urn:mluv-me:problem:${body.code}`,
    title: expect.stringMatching(/\S/),
    status: response.status,
    detail: expect.stringMatching(/\S/),
  })
  expect(body).not.toHaveProperty('traceback')
  fromDocument('Problem').parse(body)
  return { ...body, retryAfter: Number(response.headers.get('retry-after') ?? 'NaN') }
}

function learnerOf(userId: string) {
  return product.db
    .selectFrom('learner')
    .selectAll()
    .where('external_id', '=', userId)
    .orderBy('id')
    .execute()
}

/** How many paid requests the provider got while something ran. */
async function paidFor(run: () => Promise<unknown>): Promise<number> {
  const countBefore = product.openai.requests.length
  await run()
  return product.openai.requests.length - countBefore
}

const TEXT = { text: 'Já mám rád kniha.', include_audio: false }

describe('a lesson', () => {
  test('a voice lesson has every field of the contract, and Honzík’s answer as sound', async () => {
    const audio = recording('1-shop')
    const request = formRequest(apiKey, { user_id: 'olena', native_language: 'uk', audio })
    const response = await ask(request)
    const body = (await response.json()) as Fields
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    expect(Object.keys(body).sort()).toEqual(Object.keys(LessonAnswer.shape).sort())

    const answer = LessonAnswer.parse(body)
    expect(answer).toMatchObject({
      transcript: 'Včera jsem šel do obchod a koupil jsem chleba.',
      audio_mime_type: 'audio/ogg',
      stars_earned: 2,
      total_stars: 2,
      current_streak: 1,
      max_streak: 1,
      daily_challenge: {
        challenge_completed: false,
        messages_today: 1,
        messages_needed: 4,
        bonus_stars: 0,
      },
      words_total: 9,
      words_correct: 8,
      detected_language: 'cs',
      language_notice: null,
    })
    expect(answer.corrections.corrected_text).toContain('do obchodu')
    expect(answer.corrections.correctness_score).toBeGreaterThanOrEqual(80)
    expect(answer.corrections.mistakes[0]?.explanation_native).toMatch(/[а-яі]/)
    expect(answer.formatted_mistakes).toContain('obchodu')
    expect(answer.honzik_response_transcript).toBe(answer.honzik_response_text)
    expect(answer.duration_seconds).toBe(3.7)
    expect(answer.new_words).toEqual([
      { czech: 'čerstvý', translation: 'свіжий' },
      { czech: 'máslo', translation: 'масло' },
    ])
    const sound = Buffer.from(answer.honzik_response_audio, 'base64')
    expect(sound.toString('latin1', 0, 4)).toBe('OggS')
    expect(sound.length).toBeGreaterThan(1_000)
  })

  test('a text lesson has no duration, and sound unless the request declines it', async () => {
    const lessonWithSound = await lesson(
      textRequest(apiKey, { user_id: 'a', text: 'Já mám rád kniha.' }),
    )
    expect(lessonWithSound.duration_seconds).toBe(0)
    expect(
      Buffer.from(lessonWithSound.honzik_response_audio, 'base64').toString('latin1', 0, 4),
    ).toBe('OggS')
    const speeches = product.openai.count('speak')
    const silent = await lesson(textRequest(apiKey, { user_id: 'a', ...TEXT }))
    expect(silent.honzik_response_audio).toBe('')
    expect(product.openai.count('speak')).toBe(speeches)
  })

  test.each([
    ['true', false],
    ['1', false],
    ['false', true],
    ['0', true],
    ['no', true],
  ])('a form may say include_audio=%s', async (value, isSilent) => {
    const fields = { user_id: 'a', text: 'Jdu domů.', include_audio: value }
    const answer = await lesson(formRequest(apiKey, fields))
    expect(answer.honzik_response_audio === '').toBe(isSilent)
  })

  test('a lesson whose speech fails for good is answered as text', async () => {
    product.openai.failAll('speak', { kind: 'server-error' })
    const answer = await lesson(textRequest(apiKey, { user_id: 'a', text: 'Jdu domů.' }))
    expect(answer.honzik_response_audio).toBe('')
    expect(answer.honzik_response_text).not.toBe('')
  })

  test('a new learner without a language gets explanations in English, and the lesson counts for them', async () => {
    const firstAnswer = await lesson(textRequest(apiKey, { user_id: 'newcomer', ...TEXT }))
    expect(await learnerOf('newcomer')).toMatchObject([
      { native_language: 'en', level: 'beginner', telegram_id: null },
    ])
    const secondAnswer = await lesson(textRequest(apiKey, { user_id: 'newcomer', ...TEXT }))
    expect(secondAnswer.total_stars).toBe(firstAnswer.total_stars + secondAnswer.stars_earned)
    expect(secondAnswer.daily_challenge.messages_today).toBe(2)
    expect(await learnerOf('newcomer')).toHaveLength(1)
  })

  test('a request changes the learner’s language and level only where it has them', async () => {
    const of = (fields: Fields) => textRequest(apiKey, { user_id: 'mover', ...TEXT, ...fields })
    await lesson(of({ native_language: 'uk', level: 'intermediate' }))
    expect(await learnerOf('mover')).toMatchObject([
      { native_language: 'uk', level: 'intermediate' },
    ])
    await lesson(of({}))
    expect(await learnerOf('mover')).toMatchObject([
      { native_language: 'uk', level: 'intermediate' },
    ])
    await lesson(of({ native_language: 'ru', level: 'advanced' }))
    expect(await learnerOf('mover')).toMatchObject([{ native_language: 'ru', level: 'advanced' }])
  })

  test('two requests sent at once are two lessons, one after the other', async () => {
    const requests: Promise<Response>[] = []
    // The second request waits until the first is answered and the work that it woke is done.
    const sleep = async () => {
      await Promise.race(requests)
      await product.deps.idle()
    }
    for (const text of ['Jdu domů.', 'Jdu do práce.']) {
      requests.push(ask(textRequest(apiKey, { user_id: 'twice', ...TEXT, text }), { sleep }))
    }
    const responses = await Promise.all(requests)
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    const answers = await Promise.all(
      responses.map(async (response) => LessonAnswer.parse(await response.json())),
    )
    const [firstAnswer, secondAnswer] = answers.toSorted((a, b) => a.lesson_id - b.lesson_id)
    expect(firstAnswer?.daily_challenge.messages_today).toBe(1)
    expect(secondAnswer?.daily_challenge.messages_today).toBe(2)
    expect(secondAnswer?.total_stars).toBe(
      (firstAnswer?.total_stars ?? 0) + (secondAnswer?.stars_earned ?? 0),
    )
  })
})

describe('requests that are no lesson', () => {
  test('silence is nothing_heard and takes no place in the day', async () => {
    const audio = recording('silence')
    const answer = await problem(formRequest(apiKey, { user_id: 'quiet', audio }))
    expect(answer).toMatchObject({ code: 'nothing_heard', status: 422 })
    const [learner] = await learnerOf('quiet')
    expect(await placesOf(product.db, { id: learner?.id ?? 0 })).toMatchObject([
      { kind: 'unheard' },
    ])
    for (let times = 0; times < 2; times += 1) {
      await lesson(
        formRequest(apiKey, {
          user_id: 'quiet',
          audio: recording('3-food'),
          include_audio: 'false',
        }),
      )
    }
  })

  test('speech in another language is nothing_heard, with the language named', async () => {
    const audio = recording('russian')
    const answer = await problem(formRequest(apiKey, { user_id: 'a', audio }))
    expect(answer).toMatchObject({ code: 'nothing_heard', status: 422, detected_language: 'ru' })
    const text = 'Привіт, як справи? Їжа смачна.'
    const textAnswer = await problem(textRequest(apiKey, { user_id: 'a', text }))
    expect(textAnswer).toMatchObject({ code: 'nothing_heard', detected_language: 'uk' })
  })

  test('a subject that the tutor declines is `refused` and takes no place in the day', async () => {
    product.openai.failNext('reply', { kind: 'refusal' })
    const answer = await problem(textRequest(apiKey, { user_id: 'rude', ...TEXT }))
    expect(answer).toMatchObject({ code: 'refused', status: 422 })
    expect((await learnerOf('rude'))[0]?.total_stars).toBe(0)
  })

  test('a used-up plan of the day is 429 until the learner’s next day', async () => {
    const of = () => textRequest(apiKey, { user_id: 'keen', ...TEXT })
    for (let times = 0; times < 3; times += 1) await lesson(of())
    let answer: (Problem & { retryAfter: number }) | undefined
    const paidRequests = await paidFor(async () => {
      answer = await problem(of())
    })
    expect(answer).toMatchObject({ code: 'quota_used_up', status: 429 })
    expect(answer?.retryAfter).toBeGreaterThan(0)
    expect(answer?.retryAfter).toBeLessThanOrEqual(25 * 3_600)
    expect(paidRequests).toBe(0)
    // Voice has a plan of its own.
    await lesson(
      formRequest(apiKey, { user_id: 'keen', audio: recording('2-prague'), include_audio: 'no' }),
    )
  })
})

describe('the same Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'lesson-1' }

  test('the same Idempotency-Key replays the very same answer, sound included, and pays nothing', async () => {
    const of = () => formRequest(apiKey, { user_id: 'a', audio: recording('3-food') }, headers)
    const firstResponse = await ask(of())
    const body = await firstResponse.text()
    expect(firstResponse.headers.get('idempotency-key')).toBe('lesson-1')
    expect(LessonAnswer.parse(JSON.parse(body)).honzik_response_audio).not.toBe('')

    const secondResponse = of()
    expect(secondResponse.headers.get('content-type')).not.toBe(of().headers.get('content-type'))
    const paidRequests = await paidFor(async () => {
      const replay = await ask(secondResponse)
      expect(replay.status).toBe(200)
      expect(await replay.text()).toBe(body)
      expect(replay.headers.get('x-request-id')).not.toBe(firstResponse.headers.get('x-request-id'))
    })
    expect(paidRequests).toBe(0)
  })

  test('the same Idempotency-Key replays the answer to the same fields in JSON and in a form', async () => {
    const fields = { user_id: 'a', text: 'Jdu domů.' }
    const jsonAnswer = await lesson(
      textRequest(apiKey, { ...fields, include_audio: false }, headers),
    )
    const form = formRequest(apiKey, { include_audio: '0', ...fields }, headers)
    expect(await lesson(form)).toEqual(jsonAnswer)
  })

  test.each([
    ['another text', { text: 'Jdu do školy.' }],
    ['another learner', { user_id: 'b' }],
    ['another language', { native_language: 'uk' }],
    ['another level', { level: 'native' }],
    ['sound as well', { include_audio: true }],
  ])('the same Idempotency-Key with %s is 422', async (_case, change) => {
    const fields = { user_id: 'a', ...TEXT }
    await lesson(textRequest(apiKey, fields, headers))
    const answer = await problem(textRequest(apiKey, { ...fields, ...change }, headers))
    expect(answer).toMatchObject({ code: 'idempotency_mismatch', status: 422 })
  })

  test('the same Idempotency-Key with other audio is 422', async () => {
    const of = (audio: Uint8Array<ArrayBuffer>) =>
      formRequest(apiKey, { user_id: 'a', audio, include_audio: 'no' }, headers)
    await lesson(of(recording('1-shop')))
    expect(await problem(of(recording('2-prague')))).toMatchObject({ code: 'idempotency_mismatch' })
  })

  test('the same Idempotency-Key replays nothing_heard', async () => {
    const of = () => formRequest(apiKey, { user_id: 'a', audio: recording('russian') }, headers)
    await problem(of())
    const paidRequests = await paidFor(async () => {
      expect(await problem(of())).toMatchObject({ code: 'nothing_heard', detected_language: 'ru' })
    })
    expect(paidRequests).toBe(0)
  })

  test('the same Idempotency-Key sent twice at once is one lesson', async () => {
    const requests: Promise<Response>[] = []
    const sleep = async () => void (await Promise.race(requests))
    for (let times = 0; times < 2; times += 1) {
      requests.push(ask(textRequest(apiKey, { user_id: 'hasty', ...TEXT }, headers), { sleep }))
    }
    const [firstBody, secondBody] = await Promise.all(
      requests.map(async (response) => (await response).text()),
    )
    expect(firstBody).toBe(secondBody)
    const [learner] = await learnerOf('hasty')
    const { rows } = await sql`select id from lesson where learner_id = ${learner?.id}`.execute(
      product.db,
    )
    expect(rows).toHaveLength(1)
  })

  test('a request whose job runs elsewhere waits, is 409 while it runs, and takes it over when that process dies', async () => {
    const of = () => textRequest(apiKey, { user_id: 'elsewhere', ...TEXT }, headers)
    // Another instance stores the job and claims it.
    const runningAnswer = await problem(of(), { drain: async () => {}, wake: () => {} })
    expect(runningAnswer).toMatchObject({ code: 'in_progress', status: 409 })
    const [learner] = await learnerOf('elsewhere')
    const claim = await product.deps.inbox.claim(`learner:${learner?.id}`, 'lesson')
    expect(claim.kind).toBe('claimed')

    const waits: number[] = []
    const sleep: typeof noWait = async (ms, signal) => {
      waits.push(ms)
      await noWait(ms, signal)
    }
    const answerAfterWait = await problem(of(), { sleep })
    expect(answerAfterWait).toMatchObject({ code: 'in_progress', status: 409 })
    expect(answerAfterWait.retryAfter).toBeGreaterThan(0)
    const waitedMs = waits.reduce((sum, ms) => sum + ms, 0)
    expect(waitedMs).toBeGreaterThanOrEqual(20_000)
    expect(waitedMs).toBeLessThan(60_000)

    await sql`update inbox set lease_until = now() - interval '1 second'
      where lane = ${`learner:${learner?.id}`}`.execute(product.db)
    await lesson(of())
  })

  test('the same Idempotency-Key after a failed lesson resumes it, and recognition is not paid twice', async () => {
    const of = () =>
      formRequest(
        apiKey,
        { user_id: 'unlucky', audio: recording('1-shop'), include_audio: 'no' },
        headers,
      )
    const transcriptionsBefore = product.openai.count('transcribe')
    product.openai.failAll('reply', { kind: 'server-error' })
    const failure = await problem(of())
    expect(failure).toMatchObject({ code: 'provider_failed', status: 502 })
    expect(failure.retryAfter).toBeGreaterThan(0)
    const [learner] = await learnerOf('unlucky')
    // The request was paid for, so it counts against the cap on those without a lesson.
    expect(await placesOf(product.db, { id: learner?.id ?? 0 })).toMatchObject([
      { kind: 'unheard' },
    ])

    product.openai.recover()
    const answer = await lesson(of())
    expect(answer.transcript).toContain('do obchod')
    expect(product.openai.count('transcribe')).toBe(transcriptionsBefore + 1)
    expect(await lesson(of())).toEqual(answer)
  })

  test('a request refused by a used-up plan is a lesson the next day, with the same Idempotency-Key', async () => {
    const of = (fields: Record<string, string> = {}) =>
      textRequest(apiKey, { user_id: 'patient', ...TEXT }, fields)
    for (let times = 0; times < 3; times += 1) await lesson(of())
    expect(await problem(of(headers))).toMatchObject({ code: 'quota_used_up' })
    expect(await problem(of(headers))).toMatchObject({ code: 'quota_used_up' })

    const [learner] = await learnerOf('patient')
    const yesterday = sql`- interval '1 day'`
    await sql`update inbox set received_at = received_at ${yesterday}
      where lane = ${`learner:${learner?.id}`}`.execute(product.db)
    await sql`update quota_use set day = day - 1 where learner_id = ${learner?.id}`.execute(
      product.db,
    )
    await lesson(of(headers))
  })

  test.each([
    ['of the plan', 'voice'],
    ['of a message without a lesson', 'unheard'],
  ])(
    'a failed request that holds a place %s of the day before is refused where the plan of its new day is used up',
    async (_, kind) => {
      const of = (fields: Record<string, string> = {}) =>
        formRequest(
          apiKey,
          { user_id: `late ${kind}`, audio: recording('1-shop'), include_audio: 'no' },
          fields,
        )
      product.openai.failAll('reply', { kind: 'server-error' })
      expect(await problem(of(headers))).toMatchObject({ code: 'provider_failed' })
      product.openai.recover()
      const [learner = { id: 0 }] = await learnerOf(`late ${kind}`)
      await sql`update inbox set received_at = received_at - interval '1 day'
        where lane = ${`learner:${learner.id}`}`.execute(product.db)
      await sql`update quota_use set day = day - 1, kind = ${kind} where learner_id = ${learner.id}`.execute(
        product.db,
      )

      for (let times = 0; times < 2; times += 1) await lesson(of())
      const paidRequests = await paidFor(async () => {
        expect(await problem(of(headers))).toMatchObject({ code: 'quota_used_up', status: 429 })
      })
      expect(paidRequests).toBe(0)
      const { rows } = await sql`select from lesson where learner_id = ${learner.id}`.execute(
        product.db,
      )
      expect(rows).toHaveLength(2)
    },
  )

  test('a request without an Idempotency-Key gets one in the answer’s header', async () => {
    const firstResponse = await ask(textRequest(apiKey, { user_id: 'a', ...TEXT }))
    const key = firstResponse.headers.get('idempotency-key') ?? ''
    expect(key).toMatch(/^[\da-f-]{36}$/)
    const secondRequest = textRequest(apiKey, { user_id: 'a', ...TEXT }, { 'idempotency-key': key })
    expect(await (await ask(secondRequest)).text()).toBe(await firstResponse.text())
  })
})

describe('providers that fail', () => {
  test.each(['transcribe', 'reply'] as const)(
    'a request whose stage %s fails four times is 502',
    async (stage) => {
      product.openai.failAll(stage, { kind: 'server-error' })
      const requestsBefore = product.openai.count(stage)
      const answer = await problem(
        formRequest(apiKey, { user_id: 'a', audio: recording('1-shop') }),
      )
      expect(answer).toMatchObject({ code: 'provider_failed', status: 502 })
      expect(product.openai.count(stage)).toBe(requestsBefore + 4)
    },
  )

  test('three failures of a provider and then none are a lesson', async () => {
    product.openai.failNext('reply', { kind: 'server-error' }, 3)
    await lesson(textRequest(apiKey, { user_id: 'a', ...TEXT }))
  })

  test('an exhausted provider quota is 503, and the provider is not asked again while it lasts', async () => {
    product.openai.failAll('reply', { kind: 'quota-exhausted' })
    const of = () => textRequest(apiKey, { user_id: 'a', ...TEXT })
    expect(await problem(of())).toMatchObject({
      code: 'provider_quota_exhausted',
      status: 503,
      retryAfter: 300,
    })
    const paidRequests = await paidFor(async () => {
      expect(await problem(of())).toMatchObject({ code: 'provider_quota_exhausted', status: 503 })
    })
    expect(paidRequests).toBe(0)
  })

  test('a provider that does not answer in time is 504', async () => {
    const timeout = json({ error: { message: 'upstream request timeout' } }, 504)
    await using provider = await scriptedProvider(timeout, timeout, timeout, timeout)
    const slowProduct = await startProduct({ CHAT_BASE_URL: provider.endpoint.baseUrl })
    const key = await slowProduct.newApiKey()
    const request = textRequest(key, { user_id: 'a', ...TEXT })
    expect(await problem(request, slowProduct.deps)).toMatchObject({
      code: 'provider_timeout',
      status: 504,
    })
    await slowProduct.close()
  })
})
