import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TextKey, text } from '../../../lib/bot/texts/texts.ts'
import {
  only,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../../support/whole-bot.ts'

const COLUMNS = 40
/** How many rows of a chat a phone shows at once without its keyboard. */
const SCREEN_ROWS = 24
const LANGUAGES = ['ru', 'uk', 'en'] as const

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot()
})
afterAll(() => bot.stop())

test.each(LANGUAGES)(
  'the verdict on a usual voice note has at most twelve lines on a phone, in %s',
  async (language) => {
    const person = await bot.learner(language)
    sendRecorded(person, 'shop')
    await bot.settled()
    const rows = openRows(person, text(language, 'verdict.heard'))
    expect(rows.filter((row) => row !== '').length, rows.join('\n')).toBeLessThanOrEqual(12)
  },
)

test.each(LANGUAGES)(
  'the verdict on a voice note with four mistakes fits a screen, the counts folded up, in %s',
  async (language) => {
    const person = await bot.learner(language)
    const said =
      'Bydlím v Praha a každý den jdu do obchod. Mám rád česká jídlo. Zítra jedu vlakem do Brno.'
    bot.openai.hears(RECORDED.food.bytes, { text: said, languages: ['cs'] })
    sendRecorded(person, 'food')
    await bot.settled()
    const rows = openRows(person, text(language, 'verdict.heard'))
    const open = rows.join(' ')
    expect(rows.length, rows.join('\n')).toBeLessThanOrEqual(SCREEN_ROWS)
    expect(open.match(/✏️/g)).toHaveLength(3)
    // The word stands in what was said, in its pair, and at most once in its explanation.
    for (const correctedWord of ['Praze', 'obchodu', 'české'])
      expect(open.split(correctedWord).length - 1, correctedWord).toBeLessThanOrEqual(3)
    for (const key of ['verdict.corrected', 'verdict.newWords'] satisfies TextKey[])
      expect(open).not.toContain(text(language, key))
    const total = text(language, 'stars.earned', { count: 1, total: 1 })
    const [inTotal = ''] = total.match(/(?<=· .*)\p{L}+(?: \p{L}+)?/u) ?? []
    expect(inTotal).not.toBe('')
    expect(open).not.toContain(inTotal)
  },
)

/** The lines of a message as a phone wraps them, without what is folded up: its last section. */
function openRows(person: Person, part: string): string[] {
  const sections = only(person, part).text.split('\n\n')
  return sections.slice(0, -1).join('\n\n').split('\n').flatMap(wrap)
}

function wrap(line: string): string[] {
  const rows: string[] = []
  for (const word of line.split(' ')) {
    const row = rows.pop()
    if (row === undefined) rows.push(word)
    else if (`${row} ${word}`.length > COLUMNS) rows.push(row, word)
    else rows.push(`${row} ${word}`)
  }
  return rows
}
