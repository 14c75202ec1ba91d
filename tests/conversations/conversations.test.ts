import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeBot, type WholeBot } from '../support/whole-bot.ts'
import { play } from './player.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({ LEARNER_DAILY_BUDGET_USD: '1' }, { isTerse: true })
})
afterAll(() => bot.stop())

const FOLDER = import.meta.dirname
const TRANSCRIPTS = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

/** A changed word fails here; `vitest run tests/conversations --update` writes the transcripts anew, for the diff to be read. */
test.each(TRANSCRIPTS)('the conversation %s is as its transcript has it', async (name) => {
  const file = join(FOLDER, name)
  const transcript = await play(bot, readFileSync(file, 'utf8'))
  await expect(transcript).toMatchFileSnapshot(file)
})

test('each feature has a transcript in each of the four languages', () => {
  const features = new Set(TRANSCRIPTS.map((name) => name.split('.', 1).join()))
  const names = [...features].flatMap((feature) =>
    ['cs', 'en', 'ru', 'uk'].map((language) => `${feature}.${language}.txt`),
  )
  expect(TRANSCRIPTS.toSorted()).toEqual(names.toSorted())
})
