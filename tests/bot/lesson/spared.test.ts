import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { tap, withButton } from '../../support/buttons.ts'
import {
  type Person,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({ LEARNER_DAILY_BUDGET_USD: '1' }, { isTerse: true })
})
afterAll(() => bot.stop())

const LISTEN_FIRST = text('uk', 'reply.listenFirst')

/** A learner whose day's budget has no speech left, and who has said a sentence with a mistake. */
async function sparedLesson(answersToMistakes: 'show' | 'try_first'): Promise<Person> {
  const olena = await bot.learner('uk')
  await bot.deps.learners.choose(olena.id, { answersToMistakes })
  olena.says('Dneska je venku moc hezky.')
  await bot.settled()
  await sql`
    update quota_use set charged_micro_usd = 960000
    where learner_id = (select id from learner where telegram_id = ${olena.id})`.execute(bot.db)
  sendRecorded(olena, 'shop')
  await bot.settled()
  return olena
}

test('a verdict whose reply is spared its speech does not ask to listen first', async () => {
  const olena = await sparedLesson('show')
  const sparedLines = olena.read().filter((line) => line.includes(text('uk', 'reply.speechSpared')))
  expect(sparedLines).toHaveLength(1)
  expect(olena.read().join('\n')).not.toContain(LISTEN_FIRST)
})

test('a reply that was held back says that its speech was spared, and its verdict does not ask to listen first', async () => {
  const olena = await sparedLesson('try_first')
  const notesBefore = voiceNotes(olena).length
  tap(olena, 'lesson-show', withButton(olena, 'lesson-show'))
  await bot.settled()
  expect(olena.read().join('\n')).toContain(text('uk', 'reply.speechSpared'))
  expect(olena.read().join('\n')).not.toContain(text('uk', 'reply.speechFailed'))
  expect(olena.read().join('\n')).not.toContain(LISTEN_FIRST)
  expect(voiceNotes(olena)).toHaveLength(notesBefore)
})
