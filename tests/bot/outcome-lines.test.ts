import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { answering } from '../../lib/http/answering.ts'
import { processLesson } from '../../lib/http/lesson/process.ts'
import { formRequest, textRequest } from '../support/lesson-requests.ts'
import {
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'

type Line = { level: string; event: string; job_id?: number } & Record<string, unknown>

let bot: WholeBot
let apiKey: string
const lines: Line[] = []
beforeAll(async () => {
  const print = (line: string) => void lines.push(JSON.parse(line))
  bot = await startWholeBot({ LOG_LEVEL: 'info', FREE_TEXT_PER_DAY: '0' }, { print })
  apiKey = await createApiKey(bot.db, { name: 'school', telegramLearners: false })
})
afterAll(() => bot.stop())

/** The lines that an act brings about. */
async function linesOf(act: () => unknown): Promise<Line[]> {
  const countBefore = lines.length
  await act()
  await bot.settled()
  return lines.slice(countBefore)
}

async function idOf({ id }: Person): Promise<number | undefined> {
  return (await bot.deps.learners.findByTelegramId(id))?.id
}

/** Taps the newest button with this data; that for the level comes with the answer to the language's. */
async function tap(person: Person, data: string): Promise<void> {
  const message = person
    .seen()
    .findLast(({ buttons }) => buttons.some(({ callback_data }) => callback_data === data))
  person.taps(message?.id ?? 0, data)
}

const ACTS: [string, (person: Person) => unknown, object][] = [
  [
    'a lesson',
    (person) => sendRecorded(person, 'shop'),
    { event: 'voice_message_processed_successfully' },
  ],
  [
    'silence',
    (person) => sendRecorded(person, 'silence'),
    { event: 'lesson_refused', kind: 'voice', reason: 'silence' },
  ],
  [
    'another language',
    (person) => sendRecorded(person, 'russian'),
    { event: 'lesson_refused', reason: 'other-language', language: 'ru' },
  ],
  [
    'a plan that is used up',
    (learner) => learner.says('Mám rád česká jídla.'),
    { event: 'lesson_refused', kind: 'text', reason: 'quota-used-up', limit: 0 },
  ],
  [
    'a text that is too short',
    (learner) => learner.says('?'),
    { event: 'lesson_refused', kind: 'text', reason: 'text-too-short' },
  ],
  ['a command', (learner) => learner.says('/help'), { event: 'command_answered', command: 'help' }],
  [
    'a command that there is not',
    (learner) => learner.says('/tajemstvi'),
    { event: 'command_unknown' },
  ],
  [
    'a choice of language',
    (person) => tap(person, 'native:uk'),
    { event: 'press_answered', press: 'native', value: 'uk' },
  ],
  [
    'a choice of level',
    (person) => tap(person, 'level:advanced'),
    { event: 'press_answered', press: 'level', value: 'advanced' },
  ],
  [
    'a button of none of ours',
    (learner) => learner.taps(999_999, 'tajemstvi:1'),
    { event: 'press_refused' },
  ],
]

test.each(ACTS)(
  '%s is one line with its job, its Telegram id and its learner id',
  async (_, act, outcome) => {
    const person = await bot.learner('en')
    // The answer to /start has the buttons that are tapped.
    await linesOf(() => person.says('/start'))
    const learnerId = await idOf(person)
    expect(await linesOf(() => act(person))).toEqual([
      expect.objectContaining({
        level: 'info',
        request_id: expect.any(String),
        job_id: expect.any(Number),
        source: `tg:${bot.telegram.bot.id}`,
        lane: expect.stringMatching(`^(chat|tap):${person.id}$`),
        attempt: 1,
        update_id: expect.any(Number),
        telegram_id: person.id,
        learner_id: learnerId,
        ...outcome,
      }),
    ])
  },
)

test('a lesson’s user is named by the Telegram id, which someone who complains can tell', async () => {
  const person = await bot.learner('en')
  expect(await linesOf(() => sendRecorded(person, 'shop'))).toEqual([
    expect.objectContaining({ user_id: person.id, learner_id: await idOf(person) }),
  ])
})

test('a newcomer’s first step is a line with their Telegram id', async () => {
  const stranger = bot.stranger('en')
  expect(await linesOf(() => stranger.says('/start'))).toEqual([
    expect.objectContaining({
      event: 'command_answered',
      command: 'start',
      telegram_id: stranger.id,
    }),
  ])
})

test('every line of a job that fails says whose it is, those of retried calls among them', async () => {
  const person = await bot.learner('en')
  const learnerId = await idOf(person)
  bot.openai.failNext('transcribe', { kind: 'server-error' }, 8)
  const failure = await linesOf(() => sendRecorded(person, 'shop'))
  expect(failure.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['provider_retry', 'processing_error']),
  )
  for (const line of failure.filter(({ event }) => event !== 'swept')) {
    expect(line).toMatchObject({
      request_id: expect.any(String),
      job_id: expect.any(Number),
      source: `tg:${bot.telegram.bot.id}`,
      lane: `chat:${person.id}`,
      attempt: expect.any(Number),
      telegram_id: person.id,
      learner_id: learnerId,
    })
  }
})

test('a refusal of the lesson API is one line, with its key where one was shown', async () => {
  const fetch = answering(async () => bot.deps, { POST: processLesson })
  const wrongField = await linesOf(() => fetch(textRequest(apiKey, { user_id: 'me', text: '' })))
  expect(wrongField).toEqual([
    expect.objectContaining({
      event: 'request_refused',
      request_id: expect.any(String),
      path: '/api/v1/lessons/process',
      code: 'invalid_request',
      status: 400,
      api_key_id: expect.any(Number),
    }),
  ])
  const silence = { user_id: 'me', audio: new Uint8Array(RECORDED.silence.bytes) }
  const refusalLines = await linesOf(() => fetch(formRequest(apiKey, silence)))
  expect(refusalLines).toEqual([
    expect.objectContaining({
      event: 'lesson_refused',
      reason: 'silence',
      job_id: expect.any(Number),
      learner_id: expect.any(Number),
    }),
  ])
})

test('the lines of a job carry the id of the request that it answers', async () => {
  const fetch = answering(async () => bot.deps, { POST: processLesson })
  const form = { user_id: 'me', audio: new Uint8Array(RECORDED.silence.bytes) }
  let requestId: string | null = null
  const lines = await linesOf(async () => {
    const response = await fetch(formRequest(apiKey, form))
    requestId = response.headers.get('x-request-id')
  })
  expect(requestId).toEqual(expect.any(String))
  expect(new Set(lines.map((line) => line.request_id))).toEqual(new Set([requestId]))
})

test('callers without a key are one line a minute, however many come', async () => {
  const fetch = answering(async () => bot.deps, { POST: processLesson })
  const guesses = await linesOf(async () => {
    for (let guess = 0; guess < 5; guess += 1) await fetch(textRequest('mluv_wrong', {}))
  })
  expect(guesses).toEqual([
    expect.objectContaining({
      event: 'request_refused',
      code: 'unauthorized',
      status: 401,
      count: 1,
    }),
  ])
})
