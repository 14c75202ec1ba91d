import { expect, test } from 'vitest'
import { passedOn, realProvider } from '../../../scripts/studio/environment.ts'

const OUTER = {
  PATH: '/bin',
  TELEGRAM_BOT_TOKEN: '1:production',
  DATABASE_URL: 'postgres://production',
  OPENAI_API_KEY: 'key',
  CHAT_MODEL: 'another',
  FREE_TEXT_PER_DAY: '',
}

test('a bot and a database in the surroundings pass on to the functions only where they are named', () => {
  expect(passedOn(OUTER)).toEqual({ PATH: '/bin' })
  expect(passedOn(OUTER, 'TELEGRAM_BOT_TOKEN', 'FREE_TEXT_PER_DAY')).toEqual({
    PATH: '/bin',
    TELEGRAM_BOT_TOKEN: '1:production',
  })
})

test('the provider is real where there is a key, with the models chosen for it', () => {
  expect(realProvider(OUTER)).toEqual({ OPENAI_API_KEY: 'key', CHAT_MODEL: 'another' })
  expect(realProvider({ ...OUTER, OPENAI_API_KEY: '' })).toBeUndefined()
})
