import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { LEVELS } from '../../../lib/domain/learner/learner.ts'
import {
  only,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

async function says(person: Person, words: string): Promise<void> {
  person.says(words)
  await bot.settled()
}

const QUESTIONS = [
  ['uk', 'uk', 'Як сказати чеською «дякую»?'],
  ['ru', 'ru', 'Как сказать по-чешски «спасибо»?'],
  ['en', 'en', 'How do I say thank you in Czech?'],
] as const

test.each(LEVELS.flatMap((level) => QUESTIONS.map((question) => [level, ...question] as const)))(
  'at level %s a question in %s is answered in Czech, in writing and by voice, and is no lesson',
  async (level, native, language, question) => {
    const person = await bot.learner(native, level)
    await says(person, question)
    const answer = only(person, text(language, 'reply.question'))
    expect(answer.text).toContain(question)
    expect(answer.text).toContain('Jasně')
    expect(answer.text).not.toContain('🎯')
    expect(voiceNotes(person)).toHaveLength(1)
    expect(await person.ledger()).toEqual({ lessons: [], stars: 0, places: ['unheard 1'] })
  },
)

test('a question by voice stands where its transcript was', async () => {
  const olena = await bot.learner('uk')
  const question = 'Як сказати чеською «дякую»?'
  bot.openai.hears(RECORDED.shop.bytes, { text: question, languages: ['uk'] })
  sendRecorded(olena, 'shop')
  await bot.settled()
  expect(only(olena, text('uk', 'reply.question')).text).toContain(`❓ ${question}`)
  expect(olena.read().filter((message) => message.includes(question))).toHaveLength(1)
  expect(voiceNotes(olena)).toHaveLength(1)
  expect(await olena.ledger()).toMatchObject({ lessons: [], places: ['unheard 1'] })
})

test('a remark in another language is still no Czech', async () => {
  const olena = await bot.learner('uk')
  await says(olena, 'Привіт, як справи?')
  expect(olena.read()).toEqual([text('uk', 'text.notCzech')])
  expect(await olena.ledger()).toEqual({ lessons: [], stars: 0, places: [] })
})

test.each(LEVELS)(
  'a foreign word that is asked about in Czech costs no point at level %s',
  async (level) => {
    const olena = await bot.learner('uk', level)
    await says(olena, 'Jak se řekne дякую?')
    expect(only(olena, 'Твій текст').text).toContain('100')
  },
)
