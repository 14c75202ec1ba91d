import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { type Person, startWholeBot, type WholeBot } from '../../support/whole-bot.ts'

let bot: WholeBot
const lines: string[] = []
beforeAll(async () => {
  const print = (line: string) => void lines.push(line)
  const env = { FREE_TEXT_PER_DAY: '50', FREE_VOICE_PER_DAY: '50', LOG_LEVEL: 'debug' }
  bot = await startWholeBot(env, { isTerse: true, print })
})
afterAll(() => bot.stop())

const ABOUT_ME = ['Jmenuji se Olena.', 'Bydlím v Brně.', 'Dneska prší.', 'Jdu domů.', 'To je ono.']

async function say(person: Person, sentences: readonly string[]): Promise<void> {
  for (const sentence of sentences) {
    person.says(sentence)
    await bot.settled()
  }
}

/** A learner of whom something is remembered. */
async function knownLearner(language: 'ru' | 'uk' | 'en' = 'en'): Promise<Person> {
  const person = await bot.learner(language)
  await say(person, ABOUT_ME)
  return person
}

async function factsOf({ id }: Person): Promise<string[]> {
  const learner = await bot.deps.learners.findByTelegramId(id)
  const facts = await bot.db
    .selectFrom('fact')
    .select('text')
    .where('learner_id', '=', learner?.id ?? 0)
    .orderBy('id')
    .execute()
  return facts.map((fact) => fact.text)
}

/** Makes all that a learner has had today yesterday's. */
async function moveBackADay({ id }: Person): Promise<void> {
  const learnerId = sql`(select id from learner where telegram_id = ${id})`
  await sql`update lesson set day = day - 1 where learner_id in ${learnerId}`.execute(bot.db)
  await sql`update quota_use set day = day - 1 where learner_id in ${learnerId}`.execute(bot.db)
  await sql`update learner set run_from = run_from - 1, run_to = run_to - 1 where id in ${learnerId}`.execute(
    bot.db,
  )
}

/** Asks for the card of what is remembered; the card. */
async function openCard(person: Person): Promise<ChatMessage> {
  person.says('/memory')
  await bot.settled()
  const card = person.seen().at(-1)
  if (card === undefined) throw new Error('There is no card.')
  return card
}

function dataOf({ buttons }: ChatMessage, start: string): string {
  const button = buttons.find(({ callback_data }) => callback_data?.startsWith(start))
  if (button?.callback_data === undefined) throw new Error(`There is no button ${start}.`)
  return button.callback_data
}

async function press(person: Person, card: ChatMessage, data: string): Promise<string> {
  person.taps(card.id, data)
  await bot.settled()
  return person.seen().find(({ id }) => id === card.id)?.text ?? ''
}

/** What the tutor was asked last: the instructions, and the turns before. */
function lastPrompt(): { system: string; turns: string[] } {
  const request = bot.openai.requests.findLast(
    ({ stage, fields }) => stage === 'reply' && !JSON.stringify(fields).includes('"outdated"'),
  )
  const messages = (request?.fields.messages ?? []) as { role: string; content: unknown }[]
  const [system = '', ...turns] = messages.map(({ content }) =>
    typeof content === 'string' ? content : JSON.stringify(content),
  )
  return { system, turns }
}

describe('facts', () => {
  test('facts are looked for after the fifth lesson, and go into the prompts that follow', async () => {
    const person = await bot.learner('en')
    await say(person, ABOUT_ME.slice(0, 4))
    expect(await factsOf(person)).toEqual([])
    const countCalls = bot.countPaid()
    await say(person, ABOUT_ME.slice(4))
    expect(countCalls().reply).toBe(2)
    expect(await factsOf(person)).toEqual(['is called Olena', 'lives in Brně'])
    expect(lastPrompt().system).not.toContain('lives in Brně')
    await say(person, ['A co ty?'])
    expect(lastPrompt().system).toContain('- \\"lives in Brně\\"')
  })

  test('a fact that contradicts an earlier one takes its place', async () => {
    const person = await knownLearner()
    await say(person, ['Teď bydlím v Praze.', ...ABOUT_ME.slice(2), 'Tak jo.'])
    expect(await factsOf(person)).toEqual(['is called Olena', 'lives in Praze'])
  })

  test('on a new day facts are looked for in what was said on the day before', async () => {
    const person = await bot.learner('uk')
    await say(person, ABOUT_ME.slice(0, 2))
    await moveBackADay(person)
    await say(person, ['Dobré ráno.'])
    expect(await factsOf(person)).toEqual(['звати Olena', 'живе в Brně'])
  })

  test('facts are written into no log', async () => {
    await knownLearner()
    expect(lines.filter((line) => /lives in|is called|Bydlím/.test(line))).toEqual([])
  })
})

describe('/memory', () => {
  test('/memory lists what is remembered, and a button forgets it for good', async () => {
    const person = await knownLearner()
    const card = await openCard(person)
    expect(card.text).toContain('1. is called Olena\n2. lives in Brně')
    const shownCard = await press(person, card, dataOf(card, 'memory-forget:'))
    expect(shownCard).toContain('1. lives in Brně')
    expect(await factsOf(person)).toEqual(['lives in Brně'])
    await say(person, ABOUT_ME.slice(2).concat(['A ty?', 'Tak jo.']))
    expect(await factsOf(person)).toEqual(['lives in Brně'])
  })

  test('/memory forgets all, after a question', async () => {
    const person = await knownLearner()
    const card = await openCard(person)
    expect(await press(person, card, 'memory:ask-all')).toBe(text('en', 'memory.forgetAll.ask'))
    expect(await factsOf(person)).toHaveLength(2)
    expect(await press(person, card, 'memory-set:clear')).toContain(text('en', 'memory.empty'))
    expect(await factsOf(person)).toEqual([])
  })

  test('a button of another learner’s fact is not valid, and forgets nothing', async () => {
    const owner = await knownLearner()
    const ownerData = dataOf(await openCard(owner), 'memory-forget:')
    const person = await knownLearner()
    const card = await openCard(person)
    const { message } = card
    bot.telegram.deliver({
      update_id: 800_000_000 + person.id,
      callback_query: {
        id: `forged ${person.id}`,
        from: person.user,
        chat_instance: '1',
        message,
        data: ownerData,
      },
    })
    await bot.settled()
    expect(await factsOf(owner)).toHaveLength(2)
    expect(await factsOf(person)).toHaveLength(2)
    const answers = bot.telegram.callsOf('answerCallbackQuery').map(({ payload }) => payload.text)
    expect(answers.at(-1)).toBe(text('en', 'unsupported.button'))
  })

  test('once memory is turned off, nothing is looked for, and what there was is deleted', async () => {
    const person = await knownLearner()
    const card = await openCard(person)
    expect(await press(person, card, 'memory:ask-off')).toBe(text('en', 'memory.turnOff.ask'))
    expect(await press(person, card, 'memory-set:off')).toContain(text('en', 'memory.isOff'))
    expect(await factsOf(person)).toEqual([])
    const countCalls = bot.countPaid()
    await say(person, ABOUT_ME)
    expect(countCalls().reply).toBe(5)
    await press(person, card, 'memory-set:on')
    // What was said while it was off is not looked at afterwards.
    await say(person, ABOUT_ME.slice(2).concat(['A ty?', 'Tak jo.']))
    expect(await factsOf(person)).toEqual([])
  })
})

test('a lesson that is taken back takes its facts with it', async () => {
  const person = await knownLearner()
  const verdict = person.seen().filter(({ text: shownText }) => shownText.includes('Bydlím'))[0]
  if (verdict === undefined) throw new Error('There is no verdict.')
  await press(person, verdict, dataOf(verdict, 'lesson-retake:'))
  const askingVerdict = person.seen().find(({ id }) => id === verdict.id) ?? verdict
  await press(person, verdict, dataOf(askingVerdict, 'lesson-withdraw:'))
  expect(await factsOf(person)).toEqual(['is called Olena'])
})

test('/reset sends nothing of what was said before to the model, and keeps what is remembered', async () => {
  const person = await knownLearner()
  const { lessons, stars } = await person.ledger()
  person.says('/reset')
  await bot.settled()
  expect(person.read().at(-1)).toBe(text('en', 'reset.done'))
  await say(person, ['Ahoj!'])
  const { system, turns } = lastPrompt()
  expect(turns).toEqual(['Ahoj!'])
  expect(system).toContain('lives in Brně')
  const ledgerAfter = await person.ledger()
  expect(ledgerAfter.lessons).toEqual([...lessons, 'Ahoj!'])
  expect(ledgerAfter.stars).toBeGreaterThanOrEqual(stars)
  await say(person, ['A ty?'])
  expect(lastPrompt().turns.slice(0, 1)).toEqual(['Ahoj!'])
})

test('the ledger, the places and the stars are sound with facts', async () => {
  await bot.settled()
  expect(await violatedInvariants(bot.db)).toEqual([])
})
