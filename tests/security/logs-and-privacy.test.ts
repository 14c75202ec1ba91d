import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { answering } from '../../lib/http/answering.ts'
import { processLesson } from '../../lib/http/lesson/process.ts'
import type { Fault, Stage } from '../../scripts/studio/openai/stand-in.ts'
import type { Fault as TelegramFault } from '../../scripts/studio/telegram/faults.ts'
import { formRequest, textRequest } from '../support/lesson-requests.ts'
import {
  inChatOf,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'
import { dumpOf } from './dump.ts'

/** What no log may hold: each is a word that stands nowhere else. */
const WORDS = {
  writtenText: 'Napsala jsem kaktusovník.',
  spokenText: 'Řekla jsem kaktusovník, prosím.',
  reply: 'kaktusovník',
  firstName: 'Oxanabella',
  lastName: 'Hrdlobrnková',
  username: 'oxanabella_tajna',
  userId: 'pani.hrdlobrnkova@skola.example',
} as const
const LETTERS = ['kaktusovn', 'Oxanabella', 'Hrdlobrnkov', 'oxanabella', 'skola.example']

const logLines: string[] = []
const consoles = (['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const).map((name) =>
  vi.spyOn(console, name),
)

let bot: WholeBot
let apiKey: string
beforeAll(async () => {
  const print = (line: string) => void logLines.push(line)
  bot = await startWholeBot(
    { LOG_LEVEL: 'debug', FREE_VOICE_PER_DAY: '100', FREE_TEXT_PER_DAY: '100' },
    { print, waitsPass: true },
  )
  apiKey = await createApiKey(bot.db, { name: 'school', telegramLearners: false })
  bot.openai.hears(RECORDED.shop.bytes, { text: WORDS.spokenText, languages: ['cs'] })
})
afterAll(async () => {
  for (const spy of consoles) spy.mockRestore()
  await bot.stop()
})

/** A learner with a name. */
async function personWithName(): Promise<Person> {
  const person = await bot.learner('uk')
  const { firstName: first_name, lastName: last_name, username } = WORDS
  Object.assign(person.user, { first_name, last_name, username })
  Object.assign(person.chat, { first_name, last_name, username })
  return person
}

function expectNoWordIn(lines: readonly string[]): void {
  const tellingLines = lines.filter((line) => LETTERS.some((part) => line.includes(part)))
  expect(tellingLines).toEqual([])
}

/** Expects that nothing was printed past the log. */
function expectSilentConsoles(): void {
  for (const spy of consoles) expect(spy).not.toHaveBeenCalled()
}

/** An update that Telegram would never send, on which a handler may throw. */
function malformedUpdate(update: object) {
  return JSON.parse(JSON.stringify(update))
}

async function settledFor(person: Person): Promise<void> {
  await bot.settled()
  const jobs = await bot.jobsOf(person)
  expect(jobs.filter(({ state }) => state === 'waiting')).toEqual([])
}

describe('the log names ids and says nothing that was said', () => {
  test('the log has ids and no words of a learner in every kind of lesson', async () => {
    const person = await personWithName()
    person.says('/start')
    person.says('/help')
    person.says('/tajemství')
    person.says(WORDS.writtenText)
    sendRecorded(person, 'shop')
    sendRecorded(person, 'silence')
    sendRecorded(person, 'russian')
    person.says('Привіт')
    person.sends({ contact: { phone_number: '1', first_name: WORDS.firstName } })
    person.edits(1, WORDS.writtenText)
    await settledFor(person)
    const events = logLines.map((line) => JSON.parse(line).event)
    expect(events).toContain('text_message_processed_successfully')
    expect(events).toContain('voice_message_processed_successfully')
    expect(events).toContain('update_stored')
    // The number of the chat alone says whose line it is.
    expect(logLines.join('')).toContain(`"lane":"chat:${person.id}"`)
    expectNoWordIn(logLines)
    expectSilentConsoles()
  })

  test('the log has ids and no words of a learner in a group, or of a malformed update', async () => {
    const chat = { id: -1_234, type: 'group' as const, title: WORDS.lastName }
    const person = bot.stranger('uk', chat)
    person.user.first_name = WORDS.firstName
    person.says(WORDS.writtenText)
    bot.telegram.deliver(malformedUpdate({ message: WORDS.writtenText }))
    bot.telegram.deliver({
      inline_query: { id: '1', from: person.user, query: WORDS.writtenText },
    })
    await bot.settled()
    expect(logLines.map((line) => JSON.parse(line).event)).toContain('poison_stored')
    expectNoWordIn(logLines)
    expectSilentConsoles()
  })

  test('the log has no words of a wrong request to the lesson API', async () => {
    const fetch = answering(async () => bot.deps, { POST: processLesson })
    const { userId: user_id, writtenText: text } = WORDS
    const fields = { user_id, text, include_audio: false }
    const key = { 'idempotency-key': WORDS.username }
    const requests: [Request, number][] = [
      [textRequest(apiKey, fields, key), 200],
      [textRequest(apiKey, { ...fields, text: `${text} Ano.` }, key), 422],
      [textRequest(apiKey, { ...fields, level: text }), 400],
      [textRequest(apiKey, { ...fields, text: '' }), 400],
      [textRequest(text.slice(0, 4), fields), 401],
      [formRequest(apiKey, { user_id, audio: new Uint8Array(RECORDED.shop.bytes) }), 200],
      [formRequest(apiKey, { user_id, audio: new TextEncoder().encode(text) }), 415],
    ]
    for (const [request, status] of requests) expect((await fetch(request)).status).toBe(status)
    await bot.deps.idle()
    expectNoWordIn(logLines)
    expectSilentConsoles()
  })

  const echoFault = (status: number): Fault => ({
    kind: 'answer',
    status,
    body: JSON.stringify({
      error: { message: WORDS.writtenText, code: WORDS.writtenText, type: 'x' },
    }),
  })
  /** What the provider does; another fault is another row. */
  const PROVIDER_FAULTS: [string, Fault][] = [
    ['has an error', { kind: 'server-error' }],
    ['drops the connection', { kind: 'reset' }],
    ['breaks off its answer', { kind: 'invalid-json' }],
    ['keeps to no schema', { kind: 'schema-violated' }],
    ['refuses', { kind: 'refusal' }],
    ['filters', { kind: 'content-filter' }],
    ['repeats what was said in a 400', echoFault(400)],
    ['repeats what was said in a 500', echoFault(500)],
    [
      'repeats what was said in place of JSON',
      { kind: 'answer', status: 200, body: WORDS.writtenText },
    ],
  ]
  const STAGES: readonly Stage[] = ['transcribe', 'reply', 'speak']

  test.each(PROVIDER_FAULTS)(
    'the log has no words of a learner where the provider %s',
    async (_, fault) => {
      for (const stage of STAGES) {
        // A lesson that stays a text is quicker.
        bot.openai.failAll('speak', { kind: 'quota-exhausted' })
        // More calls than a run makes, so that the job has failed once and is done afterwards.
        for (let call = 0; call < 5; call += 1) bot.openai.failNext(stage, fault)
        const person = await personWithName()
        sendRecorded(person, 'shop')
        await settledFor(person)
        bot.openai.recover()
        await bot.db.deleteFrom('breaker').execute()
      }
      expectNoWordIn(logLines)
      expectSilentConsoles()
    },
  )

  /** What Telegram does; another fault is another row. */
  const TELEGRAM_FAULTS: [string, TelegramFault][] = [
    ['has an error', { kind: 'error', status: 500, description: 'Internal Server Error' }],
    ['drops the connection', { kind: 'reset', when: 'after' }],
    ['refuses', { kind: 'error', status: 400, description: 'Bad Request: no rights' }],
    [
      'cannot read our markup',
      { kind: 'error', status: 400, description: "Bad Request: can't parse entities: at 3" },
    ],
    ['is blocked', { kind: 'error', status: 403, description: 'Forbidden: bot was blocked' }],
  ]
  test.each(TELEGRAM_FAULTS)(
    'the log has no words of a learner where Telegram %s',
    async (_, fault) => {
      for (const method of ['sendMessage', 'editMessageText', 'sendVoice']) {
        // A lesson that stays a text is quicker.
        if (method !== 'sendVoice') bot.openai.failNext('speak', { kind: 'quota-exhausted' })
        const person = await personWithName()
        bot.telegram.failNext(inChatOf(person, method), fault)
        sendRecorded(person, 'shop')
        await settledFor(person)
        bot.openai.recover()
      }
      expectNoWordIn(logLines)
      expectSilentConsoles()
    },
  )

  test('the log has no words of a learner even where our own code throws', async () => {
    const person = await personWithName()
    const { chat, user: from } = person
    const text = [WORDS.writtenText]
    bot.telegram.deliver(malformedUpdate({ message: { message_id: 77_777, chat, from, text } }))
    await bot.settled()
    expect(logLines.map((line) => JSON.parse(line).event)).toContain('unhandled_exception')
    expectNoWordIn(logLines)
    expectSilentConsoles()
  })
})

describe('what is kept of a learner', () => {
  test('no table has a learner’s name once their message is answered', async () => {
    const rows = await bot.db.selectFrom('inbox').select('id').where('state', '=', 'dead').execute()
    // A message that could not be answered waits for the operator as it came.
    for (const { id } of rows) await bot.db.deleteFrom('inbox').where('id', '=', id).execute()
    await bot.db.deleteFrom('inbox').where('state', '=', 'poison').execute()
    const dump = await dumpOf(bot.db)
    expect(dump).toContain(WORDS.spokenText)
    for (const name of [WORDS.firstName, WORDS.lastName]) expect(dump).not.toContain(name)
  })

  test('a learner’s words are stored in their lessons, and nowhere else', async () => {
    const dump = await dumpOf(bot.db)
    const places = dump
      .split('\n')
      .filter((line) => line.includes(WORDS.reply))
      .map((line) => line.slice(0, line.indexOf(':')))
    expect([...new Set(places)].sort()).toEqual([
      'journal.value',
      'lesson.corrected_text',
      'lesson.reply',
      'lesson.said',
    ])
    // The answers of the lesson API, which are asked for again.
    const steps = await bot.db
      .selectFrom('journal')
      .innerJoin('inbox', 'inbox.id', 'journal.job_id')
      .select(['step', 'source'])
      .execute()
    expect(new Set(steps.map(({ step, source }) => `${source.slice(0, 3)} ${step}`))).toEqual(
      new Set(['api answer']),
    )
  })

  test('the provider gets no learner’s name or number', () => {
    const requests = JSON.stringify(bot.openai.requests)
    expect(requests).toContain(WORDS.writtenText)
    for (const identity of [WORDS.firstName, WORDS.lastName, WORDS.username, WORDS.userId]) {
      expect(requests).not.toContain(identity)
    }
    for (const { fields, headers } of bot.openai.requests) {
      expect(JSON.stringify([fields, headers])).not.toMatch(/"10\d\d"|"(user|safety_identifier)":/)
      if (fields.messages !== undefined) expect(fields.store).toBe(false)
    }
  })
})
