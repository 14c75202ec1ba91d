import type { ServerResponse } from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openaiTutor } from '../../../lib/adapters/openai/tutor.ts'
import { replyFinder } from '../../../lib/adapters/openai/tutor-answer.ts'
import { volatileTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import type { ReplySoFar } from '../../../lib/app/lesson/tutor.ts'
import { paidWork } from '../../support/paid-work.ts'
import {
  json,
  rememberingLog,
  type Script,
  scriptedProvider,
} from '../../support/scripted-provider.ts'

const REQUEST = {
  system: { sharedPart: 'You are Honzík.', ownPart: 'The learner is new.' },
  history: [{ said: 'Ahoj!', reply: 'Ahoj! Jak se máš?' }],
  said: 'Já být včera v kino.',
  nativeLanguage: 'ru',
  correctionsOnly: 'Only the corrections.',
  isFirstSteps: false,
  hasHint: false,
  cacheKey: 'lesson-honzik',
}

const MISTAKE = {
  original: 'v kino',
  corrected: 'v kině',
  category: 'case',
  explanation_cs: 'Po předložce v je šestý pád.',
  explanation_native: 'После «v» — шестой падеж.',
}

const ANSWER = {
  reply: 'Super! A „co“ jsi viděl?\n',
  said_language: 'CS',
  corrected_text: 'Já jsem byl včera v kině.',
  mistakes: [MISTAKE],
  suggestion: '',
  new_words: [{ czech: 'vidět', translation: 'видеть' }],
}
const { reply: _, ...REST } = ANSWER
const REPLY = ANSWER.reply.trim()

const USAGE = { prompt_tokens: 2_000, completion_tokens: 300, total_tokens: 2_300 }

type End = { finish?: string | null; refusal?: string; usage?: object }

function chunk(response: ServerResponse, choice: object, fields: object = {}) {
  const choices = [{ index: 0, finish_reason: null, delta: {}, ...choice }]
  response.write(`data: ${JSON.stringify({ id: 'c', model: 'm', choices, ...fields })}\n\n`)
}

/** Streams a text in pieces of a few characters and ends as told; null ends without a finish reason. */
function stream(content: string | object, end: End = {}): Script {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of text.match(/.{1,7}/gs) ?? []) chunk(response, { delta: { content: piece } })
    if (end.refusal !== undefined) chunk(response, { delta: { refusal: end.refusal } })
    const { finish = 'stop', usage = USAGE } = end
    if (finish !== null) chunk(response, { finish_reason: finish })
    response.write(`data: ${JSON.stringify({ id: 'c', choices: [], usage })}\n\n`)
    response.end('data: [DONE]\n\n')
  }
}

/** Streams the beginning of an answer and, when told to, drops the connection. */
function breakOff(answerStart: string, when: Promise<void>): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    chunk(response, { delta: { content: answerStart } })
    await when
    response.destroy()
  }
}

async function ask(
  scripts: Script[],
  options: {
    model?: string
    signal?: AbortSignal
    onReply?: () => void
    given?: string
    isFirstSteps?: boolean
  } = {},
) {
  await using provider = await scriptedProvider(...scripts)
  const log = rememberingLog()
  const replies: string[] = []
  const tutor = openaiTutor({
    endpoint: provider.endpoint,
    model: options.model ?? 'gpt-6-luna',
    traits: volatileTraits(() => new Date(), log),
    log,
    now: () => new Date(),
    sleep: async () => {},
    random: () => 0,
  })
  const work = paidWork(options.signal)
  const soFar: string[] = []
  const languages: string[] = []
  const onReply = ({ text, isComplete, saidLanguage }: ReplySoFar) => {
    if (saidLanguage !== undefined) {
      languages.push(saidLanguage)
      return
    }
    if (!isComplete) {
      soFar.push(text)
      return
    }
    replies.push(text)
    options.onReply?.()
  }
  const outcome = await tutor
    .answer(
      { ...REQUEST, isFirstSteps: options.isFirstSteps ?? false },
      onReply,
      work,
      options.given,
    )
    .then(
      (answer) => ({ answer, error: undefined }),
      (error: unknown) => ({ error, answer: undefined }),
    )
  const requests = provider.received.map(({ body }) => JSON.parse(body.toString()))
  return { ...outcome, usage: work.charges, replies, languages, soFar, requests, log }
}

test('an answer comes with its usage and its cost', async () => {
  const details = { prompt_tokens_details: { cached_tokens: 1_500 } }
  const { answer, usage, replies } = await ask([
    stream(ANSWER, { usage: { ...USAGE, ...details } }),
  ])
  expect(answer).toEqual({
    reply: REPLY,
    saidLanguage: 'cs',
    correctedText: 'Já jsem byl včera v kině.',
    mistakes: [
      {
        original: 'v kino',
        corrected: 'v kině',
        category: 'case',
        explanationCs: 'Po předložce v je šestý pád.',
        explanationNative: 'После «v» — шестой падеж.',
      },
    ],
    suggestion: '',
    newWords: [{ czech: 'vidět', translation: 'видеть' }],
    replyTranslation: '',
    readyAnswers: [],
    doubtfulWords: [],
  })
  expect(replies).toEqual([REPLY])
  expect(usage).toEqual([
    {
      stage: 'reply',
      vendor: expect.stringMatching(/^127\.0\.0\.1:/),
      model: 'gpt-6-luna',
      inputTokens: 2_000,
      cachedTokens: 1_500,
      cacheWriteTokens: 0,
      outputTokens: 300,
      costMicroUsd: 215,
      isEstimate: false,
    },
  ])
})

test('the language of the utterance is given once, and the reply is not given again with it', async () => {
  const { languages, replies } = await ask([stream(ANSWER)])
  expect([languages, replies]).toEqual([['cs'], [REPLY]])
})

test('after a stored reply only the corrections are asked for', async () => {
  const { answer, replies, requests } = await ask([stream(REST)], { given: 'Ahoj!' })
  expect(answer).toMatchObject({ reply: 'Ahoj!', saidLanguage: 'cs' })
  expect(replies).toEqual([])
  expect(requests).toHaveLength(1)
  expect(requests[0].response_format.json_schema.name).toBe('corrections')
  expect(requests[0].messages).toContainEqual({ role: 'assistant', content: 'Ahoj!' })
})

test('the reply is given as it is written, and begins anew with the next attempt', async () => {
  const answerBeginning = JSON.stringify({ ...ANSWER, reply: 'Škoda, \u2026 že' }).replace(
    '…',
    '\\u2026',
  )
  const cutAt = answerBeginning.indexOf(' že')
  const halfAnswer: Script = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // The stream is also cut in the middle of an escape.
    for (const piece of [
      answerBeginning.slice(0, cutAt - 2),
      answerBeginning.slice(cutAt - 2, cutAt),
    ])
      chunk(response, { delta: { content: piece } })
    response.end()
  }
  const { soFar, replies } = await ask([halfAnswer, stream(ANSWER)])
  expect(soFar.slice(0, 2)).toEqual(['Škoda,', 'Škoda, …'])
  expect(soFar.slice(2).every((text) => REPLY.startsWith(text))).toBe(true)
  expect(replies).toEqual([REPLY])
})

test('the reply is given out while the corrections are still to be written', async () => {
  const { promise: firstReply, resolve: onReply } = Promise.withResolvers<void>()
  const answerText = JSON.stringify(ANSWER)
  const cutAt = answerText.indexOf('"corrected_text"')
  const waitingScript: Script = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    chunk(response, { delta: { content: answerText.slice(0, cutAt) } })
    await firstReply
    chunk(response, { delta: { content: answerText.slice(cutAt) } })
    chunk(response, { finish_reason: 'stop' })
    response.end('data: [DONE]\n\n')
  }
  const { answer, usage } = await ask([waitingScript], { onReply })
  expect(answer?.reply).toBe(REPLY)
  // The vendor reports no tokens.
  expect(usage).toMatchObject([{ isEstimate: true, outputTokens: expect.any(Number) }])
})

test("the learner's words are in the user's turns and nowhere else", async () => {
  const { requests } = await ask([stream(ANSWER)])
  expect(requests[0].messages).toEqual([
    {
      role: 'system',
      content: [
        {
          type: 'text',
          text: 'You are Honzík.',
          prompt_cache_breakpoint: { mode: 'explicit' },
        },
        { type: 'text', text: '\n\nThe learner is new.' },
      ],
    },
    { role: 'user', content: 'Ahoj!' },
    { role: 'assistant', content: 'Ahoj! Jak se máš?' },
    { role: 'user', content: 'Já být včera v kino.' },
  ])
  expect(requests[0]).not.toHaveProperty('tools')
})

test('the answer is asked for by a strict schema with the reply first', async () => {
  const { requests } = await ask([stream(ANSWER)])
  const { strict, schema } = requests[0].response_format.json_schema
  const keys = [
    'reply',
    'said_language',
    'doubtful_words',
    'corrected_text',
    'mistakes',
    'suggestion',
    'new_words',
  ]
  expect(strict).toBe(true)
  expect(Object.keys(schema.properties)).toEqual(keys)
  expect(schema).toMatchObject({ required: keys, additionalProperties: false })
  expect(schema.properties.mistakes.items).toMatchObject({ additionalProperties: false })
})

test('only at the first steps a translation of the reply and two answers to it are asked for and read', async () => {
  const firstSteps = {
    reply_translation: 'Здорово! А что ты смотрел?',
    ready_answers: [
      { czech: 'Komedii.', translation: 'Комедию.' },
      { czech: 'Nevím.' },
      { czech: 'Drama.', translation: 'Драму.' },
    ],
  }
  const { answer, requests } = await ask([stream({ ...ANSWER, ...firstSteps })], {
    isFirstSteps: true,
  })
  const { schema } = requests[0].response_format.json_schema
  expect(schema.required.slice(-2)).toEqual(['reply_translation', 'ready_answers'])
  expect(answer).toMatchObject({
    replyTranslation: firstSteps.reply_translation,
    readyAnswers: [firstSteps.ready_answers[0], { czech: 'Nevím.', translation: '' }],
  })
  const repair = await ask([stream(REST)], { isFirstSteps: true, given: REPLY })
  expect(repair.requests[0].response_format.json_schema.schema.required).toContain('ready_answers')
  expect(repair.answer).toMatchObject({ replyTranslation: '', readyAnswers: [] })
})

test.each([
  ['gpt-6-luna', { reasoning_effort: 'none', store: false, prompt_cache_key: 'lesson-honzik' }],
  ['gpt-4o-mini', { store: false, max_completion_tokens: 3_000 }],
  ['mistral-small', { max_tokens: 3_000 }],
])('%s gets only the fields that it takes', async (model, onlyFields) => {
  const { requests } = await ask([stream(ANSWER)], { model })
  const common = { stream: true, stream_options: { include_usage: true } }
  expect(requests[0]).toMatchObject({ ...onlyFields, ...common })
  if (model !== 'gpt-6-luna') expect(requests[0]).not.toHaveProperty('reasoning_effort')
  if (model === 'mistral-small') expect(requests[0]).not.toHaveProperty('store')
})

test.each(['gpt-6-luna', 'gpt-5.6-terra', 'openai/gpt-6-luna'])(
  '%s is told where the part ends that all requests share, and to cache nothing else',
  async (model) => {
    const { requests } = await ask([stream(ANSWER)], { model })
    const [sharedPart] = requests[0].messages[0].content
    expect(sharedPart).toMatchObject({ prompt_cache_breakpoint: { mode: 'explicit' } })
    expect(requests[0].prompt_cache_options).toEqual({ mode: 'explicit' })
  },
)

test.each(['gpt-5.1', 'gpt-4o-mini', 'mistral-small', 'gpt-oss-120b'])(
  '%s, which knows no breakpoints, gets its instructions as one text',
  async (model) => {
    const { requests } = await ask([stream(ANSWER)], { model })
    const [system] = requests[0].messages
    expect(system).toEqual({ role: 'system', content: 'You are Honzík.\n\nThe learner is new.' })
    expect(requests[0]).not.toHaveProperty('prompt_cache_options')
  },
)

test('replies of earlier turns are JSON to vendors whose models drift into prose, and text to OpenAI’s', async () => {
  const assistantTurns = async (model: string) => {
    const { requests } = await ask([stream(REST)], { model, given: REPLY })
    const messages: { role: string; content: string }[] = requests[0].messages
    return messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)
  }
  expect(await assistantTurns('gpt-6-luna')).toEqual(['Ahoj! Jak se máš?', REPLY])
  expect((await assistantTurns('mistral-small')).map((content) => JSON.parse(content))).toEqual([
    { reply: 'Ahoj! Jak se máš?' },
    { reply: REPLY },
  ])
})

test('an answer cut off after its reply is completed by corrections to that very reply', async () => {
  const cutAnswer = JSON.stringify(ANSWER).slice(0, 90)
  const repairedAnswer = { ...REST, reply: 'Something else?' }
  const { answer, usage, replies, requests } = await ask([
    stream(cutAnswer, { finish: 'length' }),
    stream(repairedAnswer),
  ])
  expect(replies).toEqual([REPLY])
  expect(answer).toMatchObject({ reply: REPLY, correctedText: 'Já jsem byl včera v kině.' })
  expect(usage).toHaveLength(2)
  const [system, ...turns] = requests[1].messages
  expect(system.content).toEqual([
    requests[0].messages[0].content[0],
    { type: 'text', text: expect.stringMatching(/^\n\nThe learner is new\.\n\n# The last turn\n/) },
  ])
  expect(turns).toEqual([
    ...requests[0].messages.slice(1),
    { role: 'assistant', content: REPLY },
    { role: 'user', content: 'Only the corrections.' },
  ])
  expect(requests[1].response_format.json_schema.schema.properties).not.toHaveProperty('reply')
})

test('an answer that breaks before its reply is asked for again as a whole', async () => {
  const { answer, replies, requests } = await ask([stream('{"reply": "Sup'), stream(ANSWER)])
  expect(answer?.reply).toBe(REPLY)
  expect(replies).toEqual([REPLY])
  expect(requests[1]).toEqual(requests[0])
})

test.each([
  ['an empty correction', { ...ANSWER, corrected_text: ' \u0000' }],
  ['no correction', { ...ANSWER, corrected_text: undefined }],
  ['a correction that is no text', { ...ANSWER, corrected_text: ['Já', 'jsem'] }],
])('%s is repaired without another reply', async (_, brokenAnswer) => {
  const { answer, replies, requests } = await ask([stream(brokenAnswer), stream(REST)])
  expect(answer).toMatchObject({ reply: REPLY, correctedText: 'Já jsem byl včera v kině.' })
  expect(replies).toEqual([REPLY])
  expect(requests).toHaveLength(2)
})

test.each<[string, object, object]>([
  [
    'an unknown category',
    { mistakes: [{ ...MISTAKE, category: 'accent' }] },
    { mistakes: [{ category: 'other', original: 'v kino' }] },
  ],
  ['no new words', { new_words: undefined }, { newWords: [] }],
  [
    'new words without their meaning',
    { new_words: ['vidět', { czech: 'kino' }] },
    { newWords: [] },
  ],
  [
    'a mistake without an explanation',
    { mistakes: [{ ...MISTAKE, explanation_cs: null, explanation_native: undefined }] },
    { mistakes: [{ original: 'v kino', explanationCs: '', explanationNative: '' }] },
  ],
  ['mistakes that are none', { mistakes: [null, 'v kino', {}, MISTAKE] }, { mistakes: [{}] }],
  ['no mistakes', { mistakes: null }, { mistakes: [] }],
  ['a tip of another type', { suggestion: { cs: 'Zkus to' } }, { suggestion: '' }],
  ['no tip', { suggestion: null }, { suggestion: '' }],
  ['no language', { said_language: null }, { saidLanguage: '' }],
])('an answer with %s is a lesson all the same', async (_, changes, expectedAnswer) => {
  const { answer, requests } = await ask([stream({ ...ANSWER, ...changes })])
  expect(answer).toMatchObject({ reply: REPLY, ...expectedAnswer })
  expect(requests).toHaveLength(1)
})

test('an empty reply is no reply', async () => {
  const { replies, answer } = await ask([stream({ ...ANSWER, reply: ' ' }), stream(ANSWER)])
  expect(replies).toEqual([REPLY])
  expect(answer?.reply).toBe(REPLY)
})

test('a second unusable answer is a failure, and is not asked for a third time', async () => {
  const { error, usage, requests, log } = await ask([
    stream('Ahoj!'),
    stream('Ahoj!'),
    stream(ANSWER),
  ])
  expect(error).toMatchObject({ code: 'provider-unusable' })
  expect(usage).toHaveLength(2)
  expect(requests).toHaveLength(2)
  expect(JSON.stringify(log.lines)).not.toContain('Ahoj')
})

test('a stream that breaks after the reply never gives another one', async () => {
  const { promise: firstReply, resolve: onReply } = Promise.withResolvers<void>()
  const { answer, replies, requests, log } = await ask(
    [
      breakOff('{"reply": "Super!", "corrected_text": "Já', firstReply),
      json({ error: { code: 'server_error' } }, 500),
      stream(REST),
    ],
    { onReply },
  )
  expect(replies).toEqual(['Super!'])
  expect(answer).toMatchObject({ reply: 'Super!', correctedText: 'Já jsem byl včera v kině.' })
  expect(requests[2].messages).toContainEqual({ role: 'assistant', content: 'Super!' })
  expect(log.lines.map(({ event }) => event)).toEqual(['provider_retry', 'provider_retry'])
})

test('a stream that breaks before the reply is asked for again', async () => {
  const { answer, replies } = await ask([
    breakOff('{"reply": "Sup', Promise.resolve()),
    stream(ANSWER),
  ])
  expect(replies).toEqual([REPLY])
  expect(answer?.reply).toBe(REPLY)
})

test('a stream that just ends is a broken one, whole answers need no farewell', async () => {
  const { answer, requests } = await ask([
    stream('{"reply": "Sup', { finish: null }),
    stream(ANSWER, { finish: null }),
  ])
  expect(answer?.reply).toBe(REPLY)
  expect(requests).toHaveLength(2)
})

test.each([
  ['refuses', stream('', { refusal: "I can't help with that." })],
  ['is stopped by the content filter', stream('{"reply": "Sup', { finish: 'content_filter' })],
])('a model that %s is not asked again', async (_, script) => {
  const { error, requests } = await ask([script, stream(ANSWER)])
  expect(error).toMatchObject({ code: 'provider-refused' })
  expect(requests).toHaveLength(1)
})

test('a rate limit is waited for, an exhausted quota is not', async () => {
  const rateLimit = json({ error: { code: 'rate_limit_exceeded' } }, 429, {
    'retry-after-ms': '20',
  })
  const noQuota = json({ error: { code: 'insufficient_quota' } }, 429)
  const afterRateLimit = await ask([rateLimit, stream(ANSWER)])
  expect(afterRateLimit.answer?.reply).toBe(REPLY)
  expect(afterRateLimit.log.lines[0]?.fields).toMatchObject({ delay_ms: 20 })
  const withoutQuota = await ask([noQuota, stream(ANSWER)])
  expect(withoutQuota.error).toMatchObject({ code: 'provider-quota-exhausted' })
})

test('an error inside the stream is the provider’s', async () => {
  const failingScript: Script = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end('data: {"error":{"type":"server_error","message":"overloaded"}}\n\n')
  }
  const { answer, log } = await ask([failingScript, stream(ANSWER)])
  expect(answer?.reply).toBe(REPLY)
  expect(log.lines[0]?.fields).toMatchObject({ code: 'provider-failed' })
})

test('a lost lease ends the stream and is thrown unchanged', async () => {
  const lease = new AbortController()
  const leaseLost = new Error('another run owns job 7')
  const endless: Script = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    chunk(response, { delta: { content: '{"reply": "Sup' } })
    setImmediate(() => lease.abort(leaseLost))
  }
  const { error, replies } = await ask([endless], { signal: lease.signal })
  expect(error).toBe(leaseLost)
  expect(replies).toEqual([])
})

test('other vendors may fence the JSON and write its keys in another order', async () => {
  const fencedAnswer = `Here you are:\n\`\`\`json\n${JSON.stringify({ ...REST, reply: ANSWER.reply, extra: 1 })}\n\`\`\``
  const { answer, replies, requests } = await ask([stream(fencedAnswer)], {
    model: 'mistral-small',
  })
  expect(answer).toMatchObject({ reply: REPLY, correctedText: 'Já jsem byl včera v kině.' })
  expect(replies).toEqual([REPLY])
  expect(requests).toHaveLength(1)
})

test('what cannot be stored or is too much is left out', async () => {
  const word = { czech: 'ki\u0000no', translation: 'кино' }
  const { answer } = await ask([
    stream({
      ...ANSWER,
      new_words: [{ czech: '', translation: 'пусто' }, word, word, word, word],
    }),
  ])
  expect(answer?.newWords).toEqual(Array(3).fill({ czech: 'kino', translation: 'кино' }))
})

test('chunks that say nothing are passed over, and a usage that cannot be is estimated', async () => {
  const odd = [
    {},
    { choices: null },
    { choices: [{ index: 0 }] },
    { choices: [{ delta: null }] },
    [],
  ]
  const script: Script = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const oddChunk of odd) response.write(`data: ${JSON.stringify(oddChunk)}\n\n`)
    chunk(response, { delta: { content: JSON.stringify(ANSWER) }, finish_reason: 'stop' })
    const usage = { prompt_tokens: 'many', completion_tokens: -1, prompt_tokens_details: 7 }
    response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`)
  }
  const { answer, usage, replies } = await ask([script])
  expect(replies).toEqual([REPLY])
  expect(answer?.correctedText).toBe(ANSWER.corrected_text)
  expect(usage).toMatchObject([{ isEstimate: true }])
  expect(usage[0]?.costMicroUsd).toBeGreaterThan(0)
})

test('an answer that does not end is broken off and asked for once more', async () => {
  const endless = stream(`{"reply":"${'a'.repeat(70_000)}`)
  const { answer, requests } = await ask([endless, stream(ANSWER)])
  expect(answer?.reply).toBe(REPLY)
  expect(requests).toHaveLength(2)
})

test('a reply of any text is complete at its closing quote and not before', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), (reply, at) => {
      const answerText = JSON.stringify({ ...ANSWER, reply: `a${reply}b` })
      const quoteAt = JSON.stringify({ reply: `a${reply}b` }).length - 1
      const cutAt = at % answerText.length
      const replySoFar = replyFinder()(answerText.slice(0, cutAt))
      expect(replySoFar?.isComplete ?? false).toBe(cutAt >= quoteAt)
      if (replySoFar?.isComplete) expect(replySoFar).toEqual(replyFinder()(answerText))
    }),
  )
})

/** A whole completion, with the content of a message. */
const wholeCompletion = (content: unknown, contentType = 'application/json'): Script => {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
  const body = JSON.stringify(
    { id: 'c', object: 'chat.completion', choices, usage: USAGE },
    null,
    2,
  )
  return (response) => response.writeHead(200, { 'content-type': contentType }).end(body)
}

test.each([
  ['JSON', wholeCompletion(JSON.stringify(ANSWER))],
  ['JSON that is called a stream', wholeCompletion(JSON.stringify(ANSWER), 'text/event-stream')],
  ['JSON of parts', wholeCompletion([{ type: 'text', text: JSON.stringify(ANSWER) }])],
])('a whole completion that comes as %s is read as a stream of one', async (_, script) => {
  const { answer, usage, replies, requests } = await ask([script])
  expect(answer?.reply).toBe(REPLY)
  expect(replies).toEqual([REPLY])
  expect(usage).toMatchObject([{ inputTokens: 2_000, outputTokens: 300 }])
  expect(requests).toHaveLength(1)
})

test('a content of parts is read without what the model thinks', async () => {
  const sketch = JSON.stringify({ ...ANSWER, reply: 'Náčrt.' })
  const parts: Script = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const thinkingPart = { type: 'thinking', thinking: [{ type: 'text', text: sketch }] }
    chunk(response, { delta: { content: [thinkingPart] } })
    for (const piece of JSON.stringify(ANSWER).match(/.{1,7}/gs) ?? [])
      chunk(response, { delta: { content: [{ type: 'text', text: piece }] } })
    chunk(response, { finish_reason: 'stop' })
    response.end('data: [DONE]\n\n')
  }
  const { answer, replies, soFar } = await ask([parts])
  expect(answer?.reply).toBe(REPLY)
  expect(replies).toEqual([REPLY])
  expect(soFar.every((text) => REPLY.startsWith(text))).toBe(true)
})

test('a draft is neither given out nor read, and the answer behind it is', async () => {
  const sketch = JSON.stringify({ ...ANSWER, reply: 'Náčrt.', corrected_text: 'Náčrt.' })
  const { answer, replies, soFar, requests } = await ask([
    stream(`<think>\nSo: ${sketch}\n</think>\n\n${JSON.stringify(ANSWER)}`),
  ])
  expect(answer).toMatchObject({ reply: REPLY, correctedText: 'Já jsem byl včera v kině.' })
  expect(replies).toEqual([REPLY])
  expect(soFar.every((text) => REPLY.startsWith(text))).toBe(true)
  expect(requests).toHaveLength(1)
})

test.each([402, '402', 429, '429'])(
  'an error inside the stream with code %j acts as that status',
  async (code) => {
    const failingScript: Script = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const error = { code, message: 'Provider returned error' }
      const choices = [{ index: 0, delta: { content: '' }, finish_reason: 'error' }]
      response.end(`: OPENROUTER PROCESSING\n\ndata: ${JSON.stringify({ error, choices })}\n\n`)
    }
    const { error } = await ask([failingScript, failingScript, failingScript, failingScript])
    const isPaid = String(code) === '429'
    expect(error).toMatchObject({
      code: isPaid ? 'provider-rate-limited' : 'provider-quota-exhausted',
      message: expect.stringContaining(`HTTP ${code}`),
    })
  },
)

const refusal = (message: string, status = 400, fields: object = {}) =>
  json(
    { error: { message, type: 'invalid_request_error', param: null, code: null, ...fields } },
    status,
  )

test.each<[string, Script, string, object]>([
  [
    'stream_options',
    json(
      {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'stream_options'],
            msg: 'Extra inputs are not permitted',
            input: 1,
          },
        ],
      },
      422,
    ),
    'stream_options',
    { stream_options: undefined },
  ],
  [
    'a strict schema',
    refusal('This response_format type is unavailable now'),
    'response_format=json_schema',
    { response_format: { type: 'json_object' } },
  ],
  [
    'the other name of a cap',
    refusal(
      "Unsupported parameter: 'max_completion_tokens' is not supported with this model. Use 'max_tokens' instead.",
    ),
    'max_completion_tokens',
    { max_completion_tokens: undefined, max_tokens: 3_000 },
  ],
  [
    'store',
    refusal('Unrecognized request argument supplied: store'),
    'store',
    { store: undefined },
  ],
  [
    'prompt_cache_key',
    refusal('property prompt_cache_key is unsupported'),
    'prompt_cache_key',
    { prompt_cache_key: undefined },
  ],
  [
    'reasoning_effort',
    refusal('not allowed', 400, { param: 'reasoning_effort' }),
    'reasoning_effort',
    { reasoning_effort: undefined },
  ],
  ['a stream', refusal('response_format does not support streaming'), 'stream', { stream: false }],
  [
    'the system role, with status 500',
    refusal('Jinja Exception: System role not supported', 500),
    'system_role',
    { messages: expect.not.arrayContaining([expect.objectContaining({ role: 'system' })]) },
  ],
  [
    'a breakpoint',
    refusal("Unknown parameter: 'messages[0].content[0].prompt_cache_breakpoint'."),
    'prompt_cache_breakpoint',
    {
      prompt_cache_options: undefined,
      messages: expect.arrayContaining([
        { role: 'system', content: 'You are Honzík.\n\nThe learner is new.' },
      ]),
    },
  ],
  [
    'options of the cache',
    refusal('Extra inputs are not permitted', 400, { param: 'prompt_cache_options' }),
    'prompt_cache_options',
    { prompt_cache_options: undefined },
  ],
  [
    'instructions in parts',
    refusal('messages.0.content: Input should be a valid string', 422),
    'prompt_cache_breakpoint',
    { prompt_cache_options: undefined },
  ],
  [
    'it does not say what',
    json({ error: 'Bad Request' }, 400),
    'prompt_cache_breakpoint',
    { prompt_cache_options: undefined },
  ],
])(
  'a vendor that refuses %s is asked without it, and one line of the log says so',
  async (_, script, refusedName, request) => {
    const { answer, requests, log } = await ask([script, stream(ANSWER)])
    expect(answer?.reply).toBe(REPLY)
    expect(requests).toHaveLength(2)
    const changedFields = Object.entries(request).map(([name, value]) => [
      name,
      requests[1][name],
      value,
    ])
    for (const [, sentValue, expectedValue] of changedFields)
      expect(sentValue).toEqual(expectedValue)
    expect(log.lines).toMatchObject([
      {
        event: 'vendor_request_lowered',
        fields: { stage: 'reply', model: 'gpt-6-luna', refused: refusedName },
      },
    ])
  },
)

test('a schema that is no field stands in the prompt', async () => {
  const script = refusal('response_format is not supported')
  const { requests } = await ask([script, script, stream(ANSWER)])
  expect(requests.map(({ response_format: format }) => format?.type)).toEqual([
    'json_schema',
    'json_object',
    undefined,
  ])
  expect(requests[2].messages[0].content[1].text).toContain('"corrected_text"')
})

test.each([
  ['too long a conversation', refusal("This model's maximum context length is 4096 tokens")],
  ['an unknown model', refusal('The model `x` does not exist', 404)],
])('%s is not asked for in other forms, and the log has the reason', async (_, script) => {
  const { error, requests, log } = await ask([script])
  expect(error).toMatchObject({ code: expect.stringMatching(/^provider-(rejected|unauthorized)$/) })
  expect(requests).toHaveLength(1)
  expect(log.lines).toMatchObject([{ event: 'vendor_refused', fields: { stage: 'reply' } }])
})

test('a refused key is told by the error alone', async () => {
  const { error, requests, log } = await ask([json({ detail: 'Invalid API key' }, 401)])
  expect(error).toMatchObject({ code: 'provider-unauthorized' })
  expect(requests).toHaveLength(1)
  expect(log.lines).toEqual([])
})

test('a reason that repeats what was said, or a key, is logged without it', async () => {
  const message = `stream_options is not supported. Request: ${REQUEST.said} Authorization: Bearer no-real-key-123456, Já být`
  const { log } = await ask([refusal(message), stream(ANSWER)])
  const lines = JSON.stringify(log.lines)
  expect(lines).toContain('stream_options is not supported')
  for (const word of ['být', 'kino', 'včera', 'Bearer', '123456']) expect(lines).not.toContain(word)
})

test.each([
  ['a translation', { corrected_text: 'Я был вчера в кино.' }, 'never a translation'],
  [
    'other words',
    { corrected_text: 'Moc se mi líbil ten nový film s Trojanem.' },
    'in their own words',
  ],
  [
    'explanations in another language',
    {
      mistakes: [
        {
          ...MISTAKE,
          explanation_native:
            'After the preposition the place takes the locative case, because it is not a subject.',
        },
      ],
    },
    "the learner's native language",
  ],
])(
  'a correction that is %s is asked for once more, with what was wrong',
  async (_, badFields, complaint) => {
    const { answer, replies, requests, log } = await ask([
      stream({ ...ANSWER, ...badFields }),
      stream(REST),
    ])
    expect(answer).toMatchObject({ reply: REPLY, correctedText: ANSWER.corrected_text })
    expect(answer?.fault).toBeUndefined()
    expect(replies).toEqual([REPLY])
    expect(requests[1].messages.at(-1).content).toContain(complaint)
    expect(log.lines.map(({ event }) => event)).toEqual(['reply_unusable'])
  },
)

test('a correction that is not to be believed twice comes with its fault, and the reply stands', async () => {
  const badFields = { corrected_text: 'Я был вчера в кино.' }
  const { answer, replies, requests } = await ask([
    stream({ ...ANSWER, ...badFields }),
    stream({ ...REST, ...badFields }),
  ])
  expect(answer).toMatchObject({ reply: REPLY, fault: 'other-script' })
  expect(replies).toEqual([REPLY])
  expect(requests).toHaveLength(2)
})

test('a correction that is not to be believed stands where the repair cannot be read', async () => {
  const { answer } = await ask([
    stream({ ...ANSWER, corrected_text: 'Я был вчера в кино.' }),
    stream({ nothing: 'here' }),
  ])
  expect(answer).toMatchObject({ reply: REPLY, fault: 'other-script' })
})
