import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Script, scriptedProvider } from '../support/scripted-provider.ts'
import { only, startWholeBot, voiceNotes, type WholeBot } from '../support/whole-bot.ts'

const GOOD = {
  reply: 'Jasně, a co dál?',
  corrected_text: 'Rád piju kávu.',
  mistakes: [] as object[],
  suggestion: '',
  new_words: [] as object[],
}

let answer: object = GOOD
const streamed: Script = (response) => {
  const choices = [{ index: 0, delta: { content: JSON.stringify(answer) }, finish_reason: 'stop' }]
  const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`data: ${JSON.stringify({ id: 'c', model: 'm', choices })}\n\n`)
  response.write(`data: ${JSON.stringify({ id: 'c', model: 'm', choices: [], usage })}\n\n`)
  response.end('data: [DONE]\n\n')
}

let bot: WholeBot
let model: Awaited<ReturnType<typeof scriptedProvider>>
beforeAll(async () => {
  model = await scriptedProvider(...Array<Script>(50).fill(streamed))
  bot = await startWholeBot({ CHAT_BASE_URL: model.endpoint.baseUrl })
})
afterAll(async () => {
  await bot.stop()
  await model[Symbol.asyncDispose]()
})

/** Each of the answer's texts in turn is the hostile one: it is spoken only where it is short. */
function everywhere(hostile: string, reply = hostile) {
  const mistake = {
    original: hostile,
    corrected: `${hostile}.`,
    category: 'other',
    explanation_cs: hostile,
    explanation_native: `${hostile}!`,
  }
  return {
    reply,
    corrected_text: hostile,
    mistakes: Array(12).fill(mistake),
    suggestion: hostile,
    new_words: Array(3).fill({ czech: hostile, translation: hostile }),
  }
}

async function verdictOn(given: object) {
  answer = given
  const olena = await bot.learner('uk')
  olena.me.says('Rád piju kávu.')
  await bot.settled()
  const verdict = only(olena, 'Твій текст')
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done', attempts: 1 }])
  expect(await olena.ledger()).toMatchObject({ places: ['text 1'] })
  expect(verdict.text.length).toBeLessThanOrEqual(4_096)
  const kinds = new Set((verdict.message.entities ?? []).map(({ type }) => type))
  for (const kind of kinds)
    expect(['bold', 'italic', 'strikethrough', 'blockquote']).toContain(kind)
  return { olena, text: verdict.text }
}

test.each([
  ['markup', '<b>Ahoj</b> <a href="tg://user?id=1">ty</a> <script>x</script>'],
  ['broken markup', '</b></blockquote><tg-spoiler> & &lt; &nope; <'],
])('a model that writes %s is shown as it writes', async (_, hostile) => {
  const { olena, text } = await verdictOn(everywhere(hostile))
  expect(text.replaceAll('[…]', '')).toContain(hostile.split(' ')[0])
  expect(olena.read()).toHaveLength(2)
})

test('links that a model writes are taken out', async () => {
  const { text } = await verdictOn(
    everywhere('Klikni: https://evil.example/a www.evil.example t.me/evil'),
  )
  expect(text).not.toMatch(/\/\/|\.[a-z]/)
  expect(text).toContain('Klikni: […] […] […]')
})

test('names, domains and addresses that a model writes lead nowhere', async () => {
  const { text } = await verdictOn(everywhere('Piš @durov, evil.example a kdo@evil.example'))
  expect(text).not.toMatch(/@[a-z]/)
  expect(text).not.toMatch(/\.[a-z]/)
  expect(text.replaceAll('\u2060', '')).toContain('Piš @durov, evil.example')
})

test.each([
  ['letters', 'a'.repeat(4_000)],
  ['words', 'slovo '.repeat(666)],
  ['markup', '<&>"'.repeat(1_000)],
  ['emoji', '👨‍👩‍👧‍👦'.repeat(500)],
  ['lines', 'a\n'.repeat(2_000)],
])('4,000 characters of %s in every field still fit into one message', async (_, hostile) => {
  const { olena, text } = await verdictOn(everywhere(hostile, GOOD.reply))
  expect(text).toContain('⭐')
  expect(text).toContain(GOOD.reply)
  expect(text.isWellFormed()).toBe(true)
  expect(voiceNotes(olena)).toHaveLength(1)
})

test('a reply of 4,000 characters that nobody can speak fits into a message, too', async () => {
  bot.openai.failAll('speak', { kind: 'server-error' })
  const { olena } = await verdictOn({ ...GOOD, reply: 'Slovo <b> & '.repeat(333) })
  bot.openai.recover()
  const written = only(olena, 'письмово')
  expect(written.text.length).toBeLessThanOrEqual(4_096)
  expect(written.text).toContain('Slovo <b> & Slovo')
})

test.each([
  ['NUL and lone surrogates', 'Jas\u0000ně\ud800 co\udc00 dál?'],
  ['right-to-left overrides', 'Ahoj \u202eevil\u202c'],
])('%s in an answer do no harm', async (_, hostile) => {
  const { text } = await verdictOn(everywhere(hostile))
  expect(text).not.toContain('\u0000')
  expect(text.isWellFormed()).toBe(true)
})
