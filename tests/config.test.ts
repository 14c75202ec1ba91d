import { mkdtempSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SLOTS } from '../lib/app/jobs/slots.ts'
import { ConfigError } from '../lib/config/environment.ts'
import { secretsOf } from '../lib/config/secrets.ts'
import {
  type Config,
  parseChatConfig,
  parseConfig,
  parseDatabaseConfig,
  parseWebhookConfig,
  VERSION,
} from '../lib/config.ts'
import packageJson from '../package.json' with { type: 'json' }

type Environment = Record<string, string | undefined>

const REQUIRED = {
  TELEGRAM_BOT_TOKEN: '123:abc',
  TELEGRAM_WEBHOOK_SECRET: 'webhook-secret',
  OPENAI_API_KEY: 'key',
}
const PRODUCTION = {
  ...REQUIRED,
  ENVIRONMENT: 'production',
  DATABASE_URL: 'postgres://host/db',
  CRON_SECRET: 'c'.repeat(16),
  ADMIN_TOKEN: 'a'.repeat(16),
}

function problemsOf(env: Environment, parse: (env: Environment) => unknown = parseConfig) {
  try {
    parse(env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [...error.problems]
  }
}

/** The variables that are complained about, in alphabetical order. */
function complainedAbout(env: Environment): string[] {
  return problemsOf(env)
    .map((problem) => problem.split(' ', 1).join())
    .sort()
}

describe('a configuration', () => {
  test('a configuration has a default for all but token, secret and key', () => {
    expect(parseConfig(REQUIRED)).toEqual<Config>({
      environment: 'development',
      showsTracebacks: false,
      isVercel: false,
      logLevel: 'info',
      isLogPretty: false,
      port: 8000,
      host: undefined,
      database: { url: undefined, unpooledUrl: undefined, pgliteDir: '.data/pg' },
      telegram: {
        token: '123:abc',
        botId: '123',
        apiRoot: 'https://api.telegram.org',
        webhookSecret: 'webhook-secret',
        previousWebhookSecret: undefined,
      },
      ackMode: 'stored',
      leaseSeconds: 20,
      lessonSlots: SLOTS.lesson,
      webhookUrl: undefined,
      stt: { baseUrl: 'https://api.openai.com/v1', apiKey: 'key', model: 'gpt-transcribe' },
      chat: { baseUrl: 'https://api.openai.com/v1', apiKey: 'key', model: 'gpt-6-luna' },
      tts: {
        baseUrl: 'https://api.openai.com/v1',
        apiKey: 'key',
        model: 'gpt-realtime-2.1-mini',
        voices: { honzik: 'cedar', novakova: 'marin' },
      },
      cronSecret: undefined,
      adminToken: undefined,
      plan: { text: 6, voice: 5 },
      dailyBudgetUsd: undefined,
      learnerDailyBudgetUsd: undefined,
      cache: { redisUrl: undefined, maxBytes: 200_000_000 },
      prices: {},
      alerts: { chatId: undefined, webhookUrl: undefined },
      version: VERSION,
    })
  })

  const settings: [string, string, (config: Config) => unknown, unknown][] = [
    ['ENVIRONMENT', 'test', (config) => config.environment, 'test'],
    ...[
      'VERCEL_GIT_COMMIT_SHA',
      'RENDER_GIT_COMMIT',
      'RAILWAY_GIT_COMMIT_SHA',
      'HEROKU_SLUG_COMMIT',
      'SOURCE_COMMIT',
    ].map((name): (typeof settings)[number] => [
      name,
      '0123456789abcdef',
      (config) => config.version,
      `${VERSION}+0123456`,
    ]),
    ['LOG_LEVEL', 'debug', (config) => config.logLevel, 'debug'],
    ['LOG_PRETTY', '1', (config) => config.isLogPretty, true],
    ['PORT', '3000', (config) => config.port, 3000],
    ['DATABASE_URL', 'postgres://h/d', (config) => config.database.url, 'postgres://h/d'],
    ['POSTGRES_URL', 'postgresql://h/d', (config) => config.database.url, 'postgresql://h/d'],
    ['DATABASE_URL', 'postgres://h/d', (config) => config.database.unpooledUrl, 'postgres://h/d'],
    [
      'DATABASE_URL_UNPOOLED',
      'postgres://h/u',
      (config) => config.database.unpooledUrl,
      'postgres://h/u',
    ],
    ['PGLITE_DIR', 'memory://', (config) => config.database.pgliteDir, 'memory://'],
    [
      'TELEGRAM_API_ROOT',
      'http://localhost:1/',
      (config) => config.telegram.apiRoot,
      'http://localhost:1',
    ],
    ['ACK_MODE', 'finished', (config) => config.ackMode, 'finished'],
    ['STT_BASE_URL', 'http://stt/v1/', (config) => config.stt.baseUrl, 'http://stt/v1'],
    ['STT_API_KEY', 'other', (config) => config.stt.apiKey, 'other'],
    ['STT_MODEL', 'whisper-1', (config) => config.stt.model, 'whisper-1'],
    ['CHAT_BASE_URL', 'http://chat/v1', (config) => config.chat.baseUrl, 'http://chat/v1'],
    ['CHAT_API_KEY', 'other', (config) => config.chat.apiKey, 'other'],
    ['CHAT_MODEL', 'qwen', (config) => config.chat.model, 'qwen'],
    ['TTS_BASE_URL', 'http://tts/v1', (config) => config.tts.baseUrl, 'http://tts/v1'],
    ['TTS_API_KEY', 'other', (config) => config.tts.apiKey, 'other'],
    ['TTS_MODEL', 'gpt-4o-mini-tts', (config) => config.tts.model, 'gpt-4o-mini-tts'],
    ['TTS_VOICE_HONZIK', 'ash', (config) => config.tts.voices.honzik, 'ash'],
    ['TTS_VOICE_NOVAKOVA', 'sage', (config) => config.tts.voices.novakova, 'sage'],
    ['CRON_SECRET', 'c'.repeat(16), (config) => config.cronSecret, 'c'.repeat(16)],
    ['ADMIN_TOKEN', 'a'.repeat(16), (config) => config.adminToken, 'a'.repeat(16)],
    ['FREE_TEXT_PER_DAY', '0', (config) => config.plan.text, 0],
    ['FREE_VOICE_PER_DAY', '50', (config) => config.plan.voice, 50],
    ['DAILY_BUDGET_USD', '2.5', (config) => config.dailyBudgetUsd, 2.5],
    ['ALERT_CHAT_ID', '-1001234567890', (config) => config.alerts.chatId, -1001234567890],
    [
      'ALERT_WEBHOOK_URL',
      'http://10.0.0.5/alerts',
      (config) => config.alerts.webhookUrl,
      'http://10.0.0.5/alerts',
    ],
    ['LEARNER_DAILY_BUDGET_USD', '0.25', (config) => config.learnerDailyBudgetUsd, 0.25],
    ['REDIS_URL', 'rediss://h/1', (config) => config.cache?.redisUrl, 'rediss://h/1'],
    ['CACHE_MAX_MB', '3', (config) => config.cache?.maxBytes, 3_000_000],
    ['CACHE_MAX_MB', '0', (config) => config.cache, undefined],
  ]
  test.each(settings)('reads %s=%s', (name, value, of, expectedValue) => {
    expect(of(parseConfig({ ...REQUIRED, [name]: value }))).toBe(expectedValue)
  })

  test('every stage asks the one server with the one key where only those are set', () => {
    const { stt, chat, tts } = parseConfig({ ...REQUIRED, OPENAI_BASE_URL: 'http://one/v1/' })
    for (const { baseUrl, apiKey } of [stt, chat, tts]) {
      expect({ baseUrl, apiKey }).toEqual({ baseUrl: 'http://one/v1', apiKey: 'key' })
    }
  })

  test('DATABASE_URL goes before POSTGRES_URL', () => {
    const bothUrls = { ...REQUIRED, DATABASE_URL: 'postgres://h/1', POSTGRES_URL: 'postgres://h/2' }
    expect(parseConfig(bothUrls).database.url).toBe('postgres://h/1')
  })

  test('a variable that is empty or blank counts as not set', () => {
    const names = [
      ...new Set(settings.map(([name]) => name)),
      'OPENAI_BASE_URL',
      'VERCEL',
      'VERCEL_ENV',
    ]
    for (const blank of ['', ' ', '\n']) {
      const env = Object.fromEntries(names.map((name) => [name, blank]))
      expect(parseConfig({ ...env, ...REQUIRED })).toEqual(parseConfig(REQUIRED))
    }
    expect(complainedAbout({ ...REQUIRED, OPENAI_API_KEY: '', TELEGRAM_BOT_TOKEN: ' ' })).toEqual([
      'OPENAI_API_KEY',
      'TELEGRAM_BOT_TOKEN',
    ])
  })

  test('a line’s end that was pasted with a value is no part of it', () => {
    const pastedEnv = Object.fromEntries(
      Object.entries(PRODUCTION).map(([name, value]) => [name, ` ${value}\r\n`]),
    )
    expect(parseConfig(pastedEnv)).toEqual(parseConfig(PRODUCTION))
    expect(secretsOf(pastedEnv)).toEqual(secretsOf(PRODUCTION))
  })

  test('the configuration has the version of the package', () => {
    expect(VERSION).toBe(packageJson.version)
  })
})

describe('a wrong configuration', () => {
  const wrongSettings: [string, string[]][] = [
    ['ENVIRONMENT', ['staging', 'Production']],
    ['LOG_LEVEL', ['loud', 'INFO']],
    ['PORT', ['-1', '65536', '80.5', 'http', 'NaN', 'Infinity']],
    ['DATABASE_URL', ['mysql://h/d', 'host/db', 'https://host/db', 'x']],
    ['POSTGRES_URL', ['prisma://h/d']],
    ['DATABASE_URL_UNPOOLED', ['x']],
    ['TELEGRAM_BOT_TOKEN', ['abc', '123', '123:', ':abc', '123:a b', 'bot123:abc']],
    ['TELEGRAM_WEBHOOK_SECRET', ['a b', 'čau', 'a:b', 'x'.repeat(257)]],
    [
      'TELEGRAM_API_ROOT',
      [
        'api.telegram.org',
        'ftp://x',
        'file:///etc/passwd',
        'https://x/bot1:abc',
        'https://x/bot<token>',
        'https://x/bot',
      ],
    ],
    [
      'WEBHOOK_URL',
      ['host.example', 'https://host.example/webhook', 'https://host.example/webhook/'],
    ],
    ['ACK_MODE', ['later']],
    ['OPENAI_BASE_URL', ['x']],
    ['STT_BASE_URL', ['x']],
    ['CHAT_BASE_URL', ['localhost:8080/v1']],
    ['TTS_BASE_URL', ['ws://x']],
    ['CRON_SECRET', ['x'.repeat(15)]],
    ['ADMIN_TOKEN', ['short']],
    ['FREE_TEXT_PER_DAY', ['-1', '1.5', 'many', '10001']],
    ['FREE_VOICE_PER_DAY', ['-1']],
    ['ALERT_CHAT_ID', ['@operators', '1.5']],
    ['ALERT_WEBHOOK_URL', ['ftp://alerts.example', 'alerts']],
    ['LEARNER_DAILY_BUDGET_USD', ['0', '-1', 'free', '0.02999']],
    ['DAILY_BUDGET_USD', ['0', '-1', 'free', 'Infinity', '0.01', '0.02999', '1e30']],
    ['CACHE_MAX_MB', ['-1', 'much', '0.5', '100001']],
    [
      'REDIS_URL',
      [
        'localhost:6379',
        'http://h',
        'redis://',
        'redis://h:port',
        'redis://h/one',
        'redis://:a%zz@h',
        'redis://h\u200b',
      ],
    ],
  ]
  test.each([
    ['OPENAI_API_KEY', `123456:${'t'.repeat(35)}`],
    ['TTS_API_KEY', `123456:${'t'.repeat(35)}`],
    ['TELEGRAM_WEBHOOK_SECRET', `sk-${'k'.repeat(20)}`],
    ['CHAT_MODEL', `sk-${'k'.repeat(20)}`],
    ['ADMIN_TOKEN', `123456:${'t'.repeat(35)}`],
  ])('a %s that has the form of another variable is refused', (name, value) => {
    expect(problemsOf({ ...REQUIRED, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} has the form of `)),
    ])
  })

  test.each([
    ['https://host.example/webhook', 1],
    ['https://host.example', 1],
    ['https://host.example/hooks/alerts', 0],
    ['https://alerts.example', 0],
  ])('with the bot at host.example, alerts posted to %s are %i problem', (url, count) => {
    const env = { ...REQUIRED, WEBHOOK_URL: 'https://host.example', ALERT_WEBHOOK_URL: url }
    expect(problemsOf(env)).toHaveLength(count)
  })

  const ONE_WORD = [
    ...['OPENAI_API_KEY', 'STT_API_KEY', 'CHAT_API_KEY', 'TTS_API_KEY', 'CRON_SECRET'],
    ...['ADMIN_TOKEN', 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET'],
    ...['STT_MODEL', 'CHAT_MODEL', 'TTS_MODEL', 'TTS_VOICE_HONZIK', 'TTS_VOICE_NOVAKOVA'],
  ]
  test.each(ONE_WORD)('a %s with anything but printable ASCII in it is refused', (name) => {
    const start = name === 'TELEGRAM_BOT_TOKEN' ? '123:' : ''
    const letters = 'abcdefghijklmnop'
    for (const odd of [
      ...'\u200b\u00a0\u2026\u0430é\ud83d\ude00\u202e\u0007\u007f\ufeff\u2011\u201d',
    ]) {
      const value = `${start}${letters}${odd}${letters}`
      expect(complainedAbout({ ...REQUIRED, [name]: value }), JSON.stringify(odd)).toEqual([name])
    }
  })

  test.each(['OPENAI_BASE_URL', 'STT_BASE_URL', 'TELEGRAM_API_ROOT'])(
    'a %s with an invisible character in it is refused',
    (name) => {
      for (const odd of [...'\u200b\u00a0\u202e']) {
        const env = { ...REQUIRED, [name]: `https://host.example/v${odd}1` }
        expect(complainedAbout(env), JSON.stringify(odd)).toEqual([name])
      }
    },
  )

  test('the report of an odd character names its place and its code', () => {
    expect(problemsOf({ ...REQUIRED, OPENAI_API_KEY: 'abc\u200bdef' })).toEqual([
      'OPENAI_API_KEY must be printable ASCII in one word: its character 4 is U+200B',
    ])
  })

  test.each(['OPENAI_API_KEY', 'TTS_API_KEY', 'CHAT_MODEL', 'TTS_VOICE_HONZIK'])(
    'a %s in quotation marks is refused: a key has none, and `docker --env-file` keeps those of a file',
    (name) => {
      for (const mark of ['"', "'", '`']) {
        expect(problemsOf({ ...REQUIRED, [name]: `${mark}sk-abc${mark}` })).toEqual([
          `${name} must be without quotation marks`,
        ])
      }
    },
  )

  test.each(['WEBHOOK_URL', 'OPENAI_BASE_URL', 'STT_BASE_URL', 'TELEGRAM_API_ROOT'])(
    'a %s with a query or a fragment is refused: paths are added to it',
    (name) => {
      for (const [end, words] of [
        ['?a=b', 'the question mark'],
        ['?', 'the question mark'],
        ['#a', 'the #'],
      ]) {
        expect(problemsOf({ ...REQUIRED, [name]: `https://host.example/v1${end}` })).toEqual([
          `${name} must end before ${words}`,
        ])
      }
    },
  )

  test('the address of the alerts is taken as it is: nothing is added to it', () => {
    const address = 'https://hooks.example/a/?token=b'
    const { alerts } = parseConfig({ ...REQUIRED, ALERT_WEBHOOK_URL: address })
    expect(alerts.webhookUrl).toBe(address)
  })

  const UNREADABLE = '/no/such/root.pem'
  test.each([
    ['postgres://u:p@/db', /has no host/],
    ['postgres://u:p#w@host/db', /unescaped #.*write %23/],
    ['postgres://u:p/w@host/db', /unescaped \/.*write %2F/],
    ['postgres://u:12/34@host/db', /unescaped \//],
    ['postgres://u:p?w@host/db', /unescaped \?.*write %3F/],
    ['postgres://u:p@w/x@host/db', /unescaped \//],
    ['postgres://u:p w@host/db', /space/],
    ['postgres://u:p\u200bw@host/db', /invisible/],
    ['postgres://u:%E4%B8@host/db', /%25/],
    ['postgres://u:p@one,two/db', /several hosts/],
    ['postgres://u:p@one:5432,two:5432/db', /several hosts/],
    ['postgres://u:p@host:port/db', /port/],
    ['postgres://u:p@host:99999/db', /port/],
    ['postgres://u:p@ho[st/db', /no URL/],
    [`postgres://u:p@host/db?sslrootcert=${UNREADABLE}`, /sslrootcert.*cannot be read/],
    [`postgres://u:p@host/db?sslmode=verify-full&sslkey=${UNREADABLE}`, /sslkey/],
    ['postgres://u:p@host/db?sslrootcert=system', /sslrootcert/],
    ['postgres://u:p@host/db?sslmode=required', /sslmode.*verify-full/],
    ['"postgres://u:p@host/db"', /without quotation marks/],
    ["psql 'postgres://u:p@host/db'", /without psql/],
    ['postgresql+asyncpg://u:p@host/db', /beginning with postgres/],
    ['jdbc:postgresql://host/db', /beginning with postgres/],
    ['postgres:/host/db', /beginning with postgres/],
    ['host=localhost dbname=x', /beginning with postgres/],
  ])('a connection string that is wrong is refused with the reason: %s', (url, reason) => {
    for (const name of ['DATABASE_URL', 'POSTGRES_URL', 'DATABASE_URL_UNPOOLED']) {
      const problems = problemsOf({ [name]: url }, parseDatabaseConfig)
      expect(problems).toEqual([expect.stringMatching(reason)])
      expect(problems[0]?.startsWith(`${name} `)).toBe(true)
    }
  })

  test.each([
    ['postgres://host/db', 'postgres://host/db'],
    ['postgres://u:p%40%2Fw@host:5432/db?sslmode=require', null],
    ['postgres://u:p@ss@host/db', null],
    ['postgresql://u@[::1]:5432/db', null],
    ['postgres://u:p@%2Fcloudsql%2Fx/db', null],
    ['postgres://host/db?user=a@b', null],
    ['postgres:///db', null],
    ['postgres://u:p%ss@host/db', null],
    ['postgres://u:p@/db?host=/cloudsql/x', 'postgres://u:p@localhost/db?host=/cloudsql/x'],
  ])('a connection string that drivers take is taken: %s', (url, acceptedUrl) => {
    expect(parseDatabaseConfig({ DATABASE_URL: url }).url).toBe(acceptedUrl ?? url)
  })

  test.each([
    ['data/pg', 'data/pg'],
    ['/srv/pg', '/srv/pg'],
    ['~', homedir()],
    ['~/pg', join(homedir(), 'pg')],
    ['file:///srv/my%20pg', '/srv/my pg'],
    ['memory://', 'memory://'],
  ])('PGLITE_DIR=%s is the folder %s', (text, dir) => {
    expect(parseDatabaseConfig({ PGLITE_DIR: text }).pgliteDir).toBe(dir)
  })

  test.each(['file://host/x', 'file:x', 'idb://x', 'postgres://host/db', 'https://x', '~anna/pg'])(
    'PGLITE_DIR=%s is refused',
    (text) => {
      expect(problemsOf({ PGLITE_DIR: text }, parseDatabaseConfig)).toEqual([
        'PGLITE_DIR must be a folder on this machine, or memory://',
      ])
    },
  )

  test.each(wrongSettings)('a wrong %s is reported once', (name, values) => {
    for (const value of values) {
      expect(complainedAbout({ ...REQUIRED, [name]: value }), value).toEqual([name])
    }
  })

  test('all problems of a configuration are reported at once, also those that no variable has alone', () => {
    const wrongEnv = Object.fromEntries(wrongSettings.map(([name, [value = '']]) => [name, value]))
    const names = wrongSettings.map(([name]) => name)
    expect(complainedAbout(wrongEnv)).toEqual([...names, 'OPENAI_API_KEY'].sort())
    const error = new ConfigError(problemsOf(wrongEnv))
    for (const name of names) expect(error.message).toContain(name)
  })

  test('an empty configuration reports token, secret and key', () => {
    const requiredNames = Object.keys(REQUIRED).sort()
    expect(complainedAbout({})).toEqual(requiredNames)
  })

  test('OPENAI_API_KEY is needed only where a stage has no key of its own', () => {
    const keys = { STT_API_KEY: '1', CHAT_API_KEY: '2', TTS_API_KEY: '3' }
    const without = { ...REQUIRED, ...keys, OPENAI_API_KEY: undefined }
    const { stt, chat, tts } = parseConfig(without)
    expect([stt.apiKey, chat.apiKey, tts.apiKey]).toEqual(['1', '2', '3'])
    for (const name of Object.keys(keys)) {
      expect(complainedAbout({ ...without, [name]: '' })).toEqual(['OPENAI_API_KEY'])
    }
  })

  test('the report of a wrong configuration never shows a value', () => {
    const names = [
      ...new Set([...wrongSettings.map(([name]) => name), ...Object.keys(REQUIRED), 'VERCEL_ENV']),
    ]
    const value = fc.string({ unit: 'binary' }).map((text) => `§${text}`)
    const environments = fc.record(
      Object.fromEntries(names.map((name) => [name, fc.option(value, { nil: undefined })])),
    )
    const parsers = fc.constantFrom<(env: Environment) => unknown>(
      parseConfig,
      parseDatabaseConfig,
      parseWebhookConfig,
    )
    fc.assert(
      fc.property(environments, parsers, (env, parse) => {
        const problems = problemsOf(env, parse)
        expect(new ConfigError(problems).message).not.toContain('§')
        for (const problem of problems) expect(problem).toMatch(/^[A-Z_]+ \S/)
      }),
    )
  })
})

describe('production', () => {
  const DEMANDED = ['ADMIN_TOKEN', 'CRON_SECRET', 'DATABASE_URL']

  test('production demands a database, a cron secret and an admin token', () => {
    expect(complainedAbout({ ...REQUIRED, ENVIRONMENT: 'production' })).toEqual(DEMANDED)
    expect(parseConfig(PRODUCTION).environment).toBe('production')
    for (const name of DEMANDED) {
      expect(complainedAbout({ ...PRODUCTION, [name]: '' })).toEqual([name])
    }
    const renamedEnv = { ...PRODUCTION, DATABASE_URL: undefined, POSTGRES_URL: 'postgres://h/d' }
    expect(complainedAbout(renamedEnv)).toEqual([])
  })

  test('a production deployment on Vercel is production, with any ENVIRONMENT', () => {
    const deployedEnv = { VERCEL: '1', VERCEL_ENV: 'production' }
    expect(complainedAbout({ ...REQUIRED, ...deployedEnv })).toEqual(DEMANDED)
    const config = parseConfig({ ...PRODUCTION, ...deployedEnv, ENVIRONMENT: 'development' })
    expect(config).toMatchObject({ environment: 'production', isVercel: true })
  })

  test('a preview on Vercel is not production, but needs a database, too', () => {
    const preview = { ...REQUIRED, VERCEL: '1', VERCEL_ENV: 'preview' }
    expect(complainedAbout(preview)).toEqual(['DATABASE_URL'])
    const config = parseConfig({ ...preview, POSTGRES_URL: 'postgres://h/d' })
    expect(config).toMatchObject({ environment: 'preview', isVercel: true })
  })
})

describe('parts of the configuration', () => {
  test('a script on the database needs nothing else', () => {
    expect(parseDatabaseConfig({})).toEqual({
      url: undefined,
      unpooledUrl: undefined,
      pgliteDir: '.data/pg',
    })
    expect(problemsOf({ DATABASE_URL: 'x', PORT: 'x' }, parseDatabaseConfig)).toHaveLength(1)
  })

  test('a script on the webhook needs the token', () => {
    expect(problemsOf({}, parseWebhookConfig)).toHaveLength(1)
    const env = { TELEGRAM_BOT_TOKEN: '1:a', WEBHOOK_URL: 'https://bot.example/' }
    expect(parseWebhookConfig(env)).toEqual({
      token: '1:a',
      botId: '1',
      apiRoot: 'https://api.telegram.org',
      webhookSecret: undefined,
      webhookUrl: 'https://bot.example',
    })
    expect(problemsOf({ ...env, WEBHOOK_URL: 'bot.example' }, parseWebhookConfig)).toHaveLength(1)
  })

  test('a script that only asks the tutor needs a key for it, and takes the stage’s own server and model first', () => {
    expect(problemsOf({}, parseChatConfig)).toEqual([
      'OPENAI_API_KEY is required, unless CHAT_API_KEY is set',
    ])
    expect(parseChatConfig({ OPENAI_API_KEY: 'key' })).toEqual({
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'key',
      model: 'gpt-6-luna',
    })
    const chatSettings = {
      CHAT_API_KEY: 'own',
      CHAT_BASE_URL: 'http://localhost:1/v1',
      CHAT_MODEL: 'm',
    }
    expect(parseChatConfig({ OPENAI_API_KEY: 'key', ...chatSettings })).toEqual({
      baseUrl: 'http://localhost:1/v1',
      apiKey: 'own',
      model: 'm',
    })
    expect(problemsOf({ ...chatSettings, CHAT_BASE_URL: 'x' }, parseChatConfig)).toHaveLength(1)
  })

  test('a file of prices is read whole, by model in lower case, and what is wrong in it is named', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'mluv-prices-')), 'prices.json')
    const problemWith = (content: string) => {
      writeFileSync(path, content)
      return problemsOf({ ...REQUIRED, PRICES_FILE: path })
    }
    expect(problemWith('{"Our-Own/Tutor":{"input":0.5,"output":2}}')).toEqual([])
    expect(parseConfig({ ...REQUIRED, PRICES_FILE: path }).prices).toEqual({
      'our-own/tutor': { input: 0.5, output: 2 },
    })
    expect(problemWith('{"a":{"input":-1}}')).toEqual([
      expect.stringMatching(/^PRICES_FILE has a\.input that is no price/),
    ])
    expect(problemWith('{"a":{"inptu":1}}')).toEqual([expect.stringMatching(/^PRICES_FILE has a /)])
    expect(problemWith('\uFEFF{"a":{"input":1}}')).toEqual([])
    expect(problemWith('{')).toEqual(['PRICES_FILE names a file that is no JSON'])
    const unreadable = ['PRICES_FILE must name a file that can be read here']
    expect(problemsOf({ ...REQUIRED, PRICES_FILE: '/nowhere' })).toEqual(unreadable)
  })

  test('the log knows every secret', () => {
    const names = [
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_WEBHOOK_SECRET',
      'TELEGRAM_WEBHOOK_SECRET_PREVIOUS',
      'OPENAI_API_KEY',
      'STT_API_KEY',
      'CHAT_API_KEY',
      'TTS_API_KEY',
      'CRON_SECRET',
      'ADMIN_TOKEN',
      'DATABASE_URL',
      'POSTGRES_URL',
      'DATABASE_URL_UNPOOLED',
      'REDIS_URL',
    ]
    const env = Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
    expect(secretsOf(env).sort()).toEqual(Object.values(env).sort())
    expect(secretsOf({ PORT: '8000', ADMIN_TOKEN: '' })).toEqual([])
  })
})
