import { expect, test } from 'vitest'
import { COMMANDS, PRESSES } from '../../lib/bot/features.ts'

test('the menu begins with /start and ends with /help', () => {
  const names = COMMANDS.map(({ name }) => name)
  expect([names.at(0), names.at(-1)]).toEqual(['start', 'help'])
})

test('no two commands and no two presses have one name', () => {
  for (const rows of [COMMANDS, PRESSES]) {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
  }
})

test('a press’s name leaves room for the colon that ends it, and for its value', () => {
  for (const { name } of PRESSES) expect(name).toMatch(/^[a-z-]{1,40}$/)
})
