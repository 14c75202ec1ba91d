import { expect, test } from 'vitest'
import { castLines } from '../../../scripts/studio/cast.ts'
import {
  idleVariables,
  imitatedStages,
  inherit,
  providerSettings,
} from '../../../scripts/studio/environment.ts'

const STAND_IN = 'http://127.0.0.1:1/v1'
const OUTER = {
  PATH: '/bin',
  TELEGRAM_BOT_TOKEN: '1:production',
  DATABASE_URL: 'postgres://production',
  OPENAI_API_KEY: 'key',
  CHAT_MODEL: 'another',
  FREE_TEXT_PER_DAY: '',
}
const WITHOUT_KEY = { ...OUTER, OPENAI_API_KEY: '' }
const isTelegramReal = false

test('the functions inherit a bot or a database only where the script names it', () => {
  expect(inherit(OUTER)).toEqual({ PATH: '/bin' })
  expect(inherit(OUTER, 'TELEGRAM_BOT_TOKEN', 'FREE_TEXT_PER_DAY')).toEqual({
    PATH: '/bin',
    TELEGRAM_BOT_TOKEN: '1:production',
  })
})

test('the provider is real where there is a key, and keeps the models chosen for it', () => {
  const settings = { OPENAI_API_KEY: 'key', CHAT_MODEL: 'another' }
  expect(providerSettings(OUTER, STAND_IN)).toEqual(settings)
  expect(imitatedStages(OUTER)).toEqual([])
  expect(castLines(OUTER, { isTelegramReal })).toEqual([
    'Imitated: Telegram.',
    expect.stringMatching(
      /^Real: the recogniser, the tutor, the voice, at api\.openai\.com\. .*money/,
    ),
  ])
})

test('without a key every stage is imitated, which is said, and no setting of a stage is passed on', () => {
  const settings = providerSettings(WITHOUT_KEY, STAND_IN)
  expect(settings).toEqual(
    Object.fromEntries(
      ['STT', 'CHAT', 'TTS'].flatMap((stage) => [
        [`${stage}_BASE_URL`, STAND_IN],
        [`${stage}_API_KEY`, 'stand-in'],
      ]),
    ),
  )
  expect(castLines(WITHOUT_KEY, { isTelegramReal })).toEqual([
    'Imitated: Telegram, the recogniser, the tutor, the voice.',
    expect.stringMatching(/^No money is spent\./),
  ])
})

test('a stage with a key of its own is real, beside two that are imitated', () => {
  const outer = {
    CHAT_API_KEY: 'key',
    OPENAI_BASE_URL: 'https://vendor.example/v1',
    TTS_MODEL: 'x',
  }
  expect(imitatedStages(outer)).toEqual(['STT', 'TTS'])
  expect(providerSettings(outer, STAND_IN)).toEqual({
    OPENAI_BASE_URL: 'https://vendor.example/v1',
    CHAT_API_KEY: 'key',
    STT_BASE_URL: STAND_IN,
    STT_API_KEY: 'stand-in',
    TTS_BASE_URL: STAND_IN,
    TTS_API_KEY: 'stand-in',
  })
  expect(castLines(outer, { isTelegramReal })).toEqual([
    'Imitated: Telegram, the recogniser, the voice.',
    expect.stringMatching(/^Real: the tutor, at vendor\.example\. .*money/),
  ])
})

test('variables that are set and count for nothing are named', () => {
  const inner = { ...inherit(WITHOUT_KEY), ...providerSettings(WITHOUT_KEY, STAND_IN) }
  const telegram = { TELEGRAM_BOT_TOKEN: '1:stand-in' }
  expect(idleVariables(WITHOUT_KEY, { ...inner, ...telegram })).toEqual([
    'DATABASE_URL',
    'TELEGRAM_BOT_TOKEN',
    'CHAT_MODEL',
  ])
  const url = { OPENAI_BASE_URL: 'http://localhost:11434/v1', TELEGRAM_REAL: '1' }
  expect(idleVariables(url, providerSettings(url, STAND_IN))).toEqual([
    'TELEGRAM_REAL',
    'OPENAI_BASE_URL',
  ])
  expect(idleVariables({ OPENAI_API_KEY: 'key' }, { OPENAI_API_KEY: 'key' })).toEqual([])
})
