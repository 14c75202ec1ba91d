import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LogLevel, pinoLog, redactor, stdoutWriter } from '../../lib/adapters/log.ts'
import { AppError } from '../../lib/app/error.ts'

function scene({ secrets = [], level = 'debug' }: { secrets?: string[]; level?: LogLevel } = {}) {
  const lines: string[] = []
  const log = pinoLog({ level, secrets, write: (line) => lines.push(line) })
  return { log, lines, lastLine: () => JSON.parse(lines.at(-1) ?? '') }
}

describe('A log line', () => {
  test('a log line is one JSON object with time, level, event and fields', () => {
    const { log, lines, lastLine } = scene()
    log.info('swept', { lanes: 3, nested: { said: 'a\nb' } })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.endsWith('}\n')).toBe(true)
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
    expect(lastLine()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      lanes: 3,
      nested: { said: 'a\nb' },
      event: 'swept',
    })
  })

  test.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ] as const)('a log line is written from its level up: %s', (level, count) => {
    const { log, lines } = scene({ level })
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
    expect(lines).toHaveLength(count)
  })

  test('a log line tells an error with its code, its stack and what caused it', () => {
    const { log, lastLine } = scene()
    const cause = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
    log.error('processing_error', { error: new AppError('provider-failed', 'HTTP 500', { cause }) })
    expect(lastLine().error).toMatchObject({
      name: 'AppError',
      code: 'provider-failed',
      message: 'HTTP 500',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'TypeError', message: 'fetch failed', cause: { message: 'ECONNREFUSED' } },
    })
  })

  test('an error that is its own cause, and a ring, are written all the same', () => {
    const { log, lines } = scene()
    const error = new Error('first')
    error.cause = new Error('second', { cause: error })
    const ring: { self?: unknown } = {}
    ring.self = ring
    log.error('unhandled_exception', { error, ring })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('second')
  })
})

// Made up here: nothing with the form of a secret stands in the sources.
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-']
const token = fc
  .tuple(
    fc.integer({ min: 1_000_000, max: 9_999_999_999 }),
    fc.array(fc.constantFrom(...letters), { minLength: 35, maxLength: 35 }),
  )
  .map(([id, tail]) => `${id}:${tail.join('')}`)
const apiKey = fc
  .tuple(
    fc.constantFrom('sk-', 'sk-proj-', 'mluv_'),
    fc.array(fc.constantFrom(...letters), { minLength: 20, maxLength: 48 }),
  )
  .map(([start, tail]) => `${start}${tail.join('')}`)

/** What may stand next to a secret in a message; no letter or digit, which would make it another word. */
const textBeside = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\t',
  '"',
  '\\',
  '/',
  '=',
  ': ',
  '\u001b',
  'é ',
  ',',
  '_',
)

const spread = (text: string) => ({
  text,
  [text]: 1,
  list: [text, { deep: { text } }],
  error: new Error(text, {
    cause: new AppError('telegram-failed', 'no', { cause: new Error(text) }),
  }),
})

describe('No secret is in the log', () => {
  test('the log has nothing of the form of a bot token or an API key, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.oneof(token, apiKey),
        textBeside,
        textBeside,
        (secret, textBefore, textAfter) => {
          const { log, lines } = scene()
          log.error(
            `failed ${textBefore}${secret}${textAfter}`,
            spread(`${textBefore}${secret}${textAfter}`),
          )
          expect(lines.join('')).not.toContain(secret)
        },
      ),
    )
  })

  test('the log has no bot token as part of the URL that Telegram’s calls have, either', () => {
    fc.assert(
      fc.property(token, fc.boolean(), (secret, isEncoded) => {
        const { log, lines } = scene()
        const secretText = isEncoded ? encodeURIComponent(secret) : secret
        log.warn(
          `GET https://api.telegram.org/bot${secretText}/getMe`,
          spread(`x/file/bot${secretText}/y`),
        )
        expect(lines.join('')).not.toContain(secret.split(':')[1])
      }),
    )
  })

  test('the log has none of the secrets that we were given, whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }), { minLength: 1 }),
        textBeside,
        (secrets, textBefore) => {
          fc.pre(!secrets.some((secret) => '[redacted]'.includes(secret)))
          for (const secret of secrets) {
            const { log, lines, lastLine } = scene({ secrets })
            log.error('failed', { field: `${textBefore}${secret}`, error: new Error(secret) })
            expect(lines.join('')).not.toContain(secret)
            expect(lastLine().field).not.toContain(secret)
            expect(lastLine().error.stack).not.toContain(secret)
          }
        },
      ),
    )
  })

  test.each(['\u0000', '\u0010', '\u001b', '\n', '\\', '%20'])(
    'a log line without its secret is still JSON, with %j before the secret',
    (textBefore) => {
      fc.assert(
        fc.property(fc.oneof(token, apiKey), (secret) => {
          const { log, lines, lastLine } = scene()
          log.error('failed', { text: `${textBefore}${secret}` })
          expect(lines.join('')).not.toContain(secret)
          expect(lastLine().text).toMatch(/\[redacted\]$/)
        }),
      )
    },
  )

  test('the log has no secret in JSON within JSON', () => {
    const secret = 'p"ass\\phrase'
    const { log, lastLine } = scene({ secrets: [secret] })
    log.error('failed', { body: JSON.stringify({ secret }) })
    expect(JSON.parse(lastLine().body)).toEqual({ secret: '[redacted]' })
  })

  test('half a million digits are looked through for secrets at once', () => {
    const digits = '1'.repeat(500_000)
    expect(redactor([])(digits)).toBe(digits)
  })

  test('where one secret begins another, nothing of either stays in the log', () => {
    const redact = redactor(['postgres', 'postgres://someone:passphrase@host/db'])
    expect(redact('at postgres://someone:passphrase@host/db')).toBe('at [redacted]')
  })
})

describe('Stdout whose reader has gone', () => {
  test('stdout whose reader has gone ends nothing, and takes lines again when it is read again', () => {
    const lines: string[] = []
    const stdout = new PassThrough()
    let isBroken = true
    stdout.write = (line: string) => {
      if (isBroken) stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      else lines.push(line)
      return true
    }
    const write = stdoutWriter(stdout)
    write('lost')
    isBroken = false
    write('read')
    expect(lines).toEqual(['read'])
  })
})

describe('What is no secret', () => {
  test.each([
    'task-management-system and risk-averse-learner',
    'a desk_with_some_drawers',
    'job 12345678: 4 attempts',
    'chat:-1001234567890',
    '2026-11-23T06:15:27.123Z',
    'at file:///app/lib/app/drain.ts:123456:78',
    'speak:0123456789abcdef0123456789abcdef',
    'robot1:hello',
    'url              https://mluv-me.vercel.app/webhook',
    'https://mluv-me-git-main-a1b2c3d4e-team.vercel.app/webhook is not https://sk-prague-2.example',
    'PostgreSQL at sk-database-1:5432/mluv_production does not answer',
    'PostgreSQL at ep-cool-a1.mluv-me-2.neon.tech/mluv_test_database',
    'postgres://mluv-postgres/mluv_me_dev',
    'http://mluv-bot-api-1:8081/',
    'PGlite in /srv/mluv_data_folder',
  ])('what is no secret stays in the log: %s', (text) => {
    expect(redactor([])(text)).toBe(text)
  })

  test('a secret too short to tell from other words is not looked for', () => {
    expect(redactor(['', 'a'])('banana')).toBe('banana')
  })
})
