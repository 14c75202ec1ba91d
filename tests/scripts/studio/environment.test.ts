import { expect, test } from 'vitest'
import { inherit, realProvider } from '../../../scripts/studio/environment.ts'

const OUTER = {
  PATH: '/bin',
  TELEGRAM_BOT_TOKEN: '1:production',
  DATABASE_URL: 'postgres://production',
  OPENAI_API_KEY: 'key',
  CHAT_MODEL: 'another',
  FREE_TEXT_PER_DAY: '',
}

test('the functions inherit a bot or a database only where the script names it', () => {
  expect(inherit(OUTER)).toEqual({ PATH: '/bin' })
  expect(inherit(OUTER, 'TELEGRAM_BOT_TOKEN', 'FREE_TEXT_PER_DAY')).toEqual({
    PATH: '/bin',
    TELEGRAM_BOT_TOKEN: '1:production',
  })
})

test('the provider is real where there is a key, and keeps the models chosen for it', () => {
  expect(realProvider(OUTER)).toEqual({ OPENAI_API_KEY: 'key', CHAT_MODEL: 'another' })
  expect(realProvider({ ...OUTER, OPENAI_API_KEY: '' })).toBeUndefined()
})
