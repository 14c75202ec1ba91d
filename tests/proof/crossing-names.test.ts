import { expect, test } from 'vitest'
import { callName, isTimed, SWEEP, statementName } from '../rigs/crossings/crossing-names.ts'

test('A bot token is in no name of a call', () => {
  expect(callName('/bot1:token/sendVoice')).toBe('telegram: sendVoice')
  expect(callName('/file/bot1:token/voice/file_7.oga')).toBe('telegram: download')
  expect(callName('/v1/audio/transcriptions?x=1')).toBe('provider: audio/transcriptions')
})

test('What a timer shows has no name', () => {
  expect(callName('/bot1:token/sendChatAction')).toBeUndefined()
})

/** A stack as Node prints it, of functions in these files. */
function stack(...frames: [name: string, file: string][]): string {
  const lines = frames.map(
    ([name, file]) => `    at async ${name} (file:///somewhere/${file}:12:34)`,
  )
  return ['Error', '    at Object.query (file:///somewhere/db/open.ts:129:12)', ...lines].join('\n')
}

const GUARD = 'lib/adapters/postgres/database-error.ts'

test('A statement has the name of the store and its function that sends it', () => {
  const frames = stack(
    ['takePlace', 'lib/adapters/postgres/quota.ts'],
    ['reserve', 'lib/adapters/postgres/quota.ts'],
    ['Object.reserve', GUARD],
    ['takeVoice', 'lib/app/take-voice.ts'],
  )
  expect(statementName(frames, 'with mine as (select 1) select 2', ['kept'])).toBe(
    'quota: takePlace',
  )
})

test('A journal write is named by its steps too, without the hash of what is spoken', () => {
  const frames = stack(
    ['Object.write', 'lib/adapters/postgres/journal.ts'],
    ['Object.write', GUARD],
  )
  const token = '3f1c9a52-0a4e-4a0b-8f0e-2f4f3d1b7a11'
  expect(statementName(frames, 'insert', ['heard', 12, token])).toBe('journal: write heard')
  const speechStep = `speak:${'0af4'.repeat(8)}`
  expect(statementName(frames, 'insert', [speechStep, 12, token])).toBe('journal: write speak')
  const parameters = [12, token, 'transcribe', new Uint8Array(), null, 'heard']
  expect(statementName(frames, 'insert', parameters)).toBe('journal: write transcribe, heard')
})

test('A transaction is named by what it is for', () => {
  const frames = stack(['Object.countAsUnheard', GUARD], ['teach', 'lib/app/lesson/teach.ts'])
  expect(statementName(frames, 'begin', [])).toBe('countAsUnheard: begin')
})

test('A timer names its statement, not the function that sends it', () => {
  const frames = stack(
    ['dueLanesAmong', 'lib/adapters/postgres/due-lanes.ts'],
    ['dueLanes', 'lib/adapters/postgres/inbox.ts'],
    ['Object.dueLanes', GUARD],
  )
  const name = statementName(frames, 'select', [])
  expect(name).toBe(SWEEP)
  expect(isTimed(name)).toBe(true)
})
