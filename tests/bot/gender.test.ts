import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../lib/bot/texts/texts.ts'
import { only, type Person, startWholeBot, type WholeBot } from '../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
  // A lesson that stays a text is quicker.
  bot.openai.failAll('speak', { kind: 'quota-exhausted' })
})
afterAll(() => bot.stop())

const QUESTION = text('uk', 'gender.ask')

async function says(person: Person, words: string): Promise<void> {
  person.says(words)
  await bot.settled()
}

async function genderOf({ id }: Person) {
  return (await bot.deps.learners.findByTelegramId(id))?.gender
}

const timesAsked = (person: Person) => person.read().filter((message) => message.includes(QUESTION))

test('a learner whose words show no gender is asked once, behind the second lesson, and a tap sets it', async () => {
  const olena = await bot.learner('uk')
  await says(olena, 'Bydlím v Praze a učím se česky.')
  expect(timesAsked(olena)).toEqual([])
  await says(olena, 'Dneska je venku moc hezky.')
  await says(olena, 'Zítra jdu do práce.')
  expect(timesAsked(olena)).toHaveLength(1)
  expect(await genderOf(olena)).toBe('unsaid')

  const question = only(olena, QUESTION)
  expect(question.buttons.map((button) => button.text)).toEqual([
    'byla jsem (жіночий рід)',
    'byl jsem (чоловічий рід)',
    'Не скажу',
  ])
  olena.taps(question.id, 'gender:feminine')
  await bot.settled()
  expect(await genderOf(olena)).toBe('feminine')
  expect(olena.read()).toContain('Добре: byla jsem, jsem ráda.')

  await says(olena, 'Jak se máš dneska ty?')
  const request = bot.openai.requests.findLast(({ stage }) => stage === 'reply')
  expect(JSON.stringify(request?.fields.messages)).toContain('in the feminine (byla jsem')
})

test('a learner whose words show their gender is not asked', async () => {
  const ivan = await bot.learner('uk')
  await says(ivan, 'Včera jsem byl doma.')
  await says(ivan, 'Dneska je venku moc hezky.')
  expect(timesAsked(ivan)).toEqual([])
  expect(await genderOf(ivan)).toBe('masculine')
})

test('a lesson at the first steps shows the translation and two answers, and one mistake', async () => {
  const olena = await bot.learner('uk', 'first_steps')
  const said =
    'O víkendu jsem jel s kamarády do Brno, byli jsme tam dva dny, viděl jsem hrad a katedrála a jedli jsme dobré jídlo.'
  await says(olena, said)
  const verdict = only(olena, 'Твій текст').text
  expect(verdict).toContain('Тут стоїть переклад відповіді.')
  expect(verdict).toContain('Можна відповісти вголос\nAno, moc. — Так, дуже.')
  expect(verdict).toContain('do Brno → do Brna')
  expect(verdict).not.toContain('katedrála → katedrálu')
  const { reply_translation, ready_answers } = await bot.db
    .selectFrom('lesson')
    .select(['reply_translation', 'ready_answers'])
    .where('said', '=', said)
    .executeTakeFirstOrThrow()
  expect(reply_translation).toBe('Тут стоїть переклад відповіді.')
  expect(ready_answers).toHaveLength(2)
})
