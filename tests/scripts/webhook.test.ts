import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { interfaceLanguage } from '../../lib/bot/texts/language.ts'
import { text } from '../../lib/bot/texts/texts.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { WEBHOOK } from '../../scripts/webhook.ts'
import { runNode } from '../rigs/processes.ts'
import { typeCommand } from '../support/terminal.ts'

const SECRET = 'the-secret-of-the-webhook'
/** An app's language, and the bot's for it. */
const OTHER_MENUS = [
  ['ru', 'ru'],
  ['be', 'ru'],
  ['kk', 'ru'],
  ['ky', 'ru'],
  ['uk', 'uk'],
  ['cs', 'cs'],
  ['sk', 'cs'],
] as const

const ANNA = { id: 501, first_name: 'Anna', language_code: 'ru' }

let telegram: TelegramStandIn
let env: NodeJS.ProcessEnv
beforeEach(async () => {
  telegram = await startTelegram()
  env = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    WEBHOOK_URL: 'https://honzik.example',
  }
})
afterEach(() => telegram.stop())

const payloadsOf = (method: string) => telegram.callsOf(method).map(({ payload }) => payload)

describe('Setting the webhook', () => {
  test('webhook set registers /webhook of WEBHOOK_URL with the secret, and shows Telegram’s record of it', async () => {
    expect(await typeCommand(WEBHOOK, 'set', env)).toEqual({
      code: 0,
      stderr: [],
      stdout: [
        'url              https://honzik.example/webhook',
        'pending updates  0',
        'max connections  40',
        'allowed updates  message, edited_message, callback_query',
        'last error       none',
      ],
    })
    expect(payloadsOf('setWebhook')).toEqual([
      {
        url: 'https://honzik.example/webhook',
        secret_token: SECRET,
        max_connections: 40,
        allowed_updates: ['message', 'edited_message', 'callback_query'],
        drop_pending_updates: false,
      },
    ])
  })

  test.each(['https://mluv-me.vercel.app', 'https://sk-prague-a1b2c3d4.example'])(
    'webhook set shows a host that begins as a key does: %s',
    async (url) => {
      const { stdout } = await typeCommand(WEBHOOK, 'set', { ...env, WEBHOOK_URL: url })
      expect(stdout[0]).toBe(`url              ${url}/webhook`)
    },
  )

  test('webhook set sends the command menu in every language of the bot, and in English for the rest', async () => {
    await typeCommand(WEBHOOK, 'set', env)
    const menus = payloadsOf('setMyCommands').map(({ language_code, commands }) => [
      language_code,
      Array.isArray(commands) && commands.find(({ command }) => command === 'help')?.description,
    ])
    expect(menus).toEqual([
      [undefined, text('en', 'command.help')],
      ...OTHER_MENUS.map(([code, language]) => [code, text(language, 'command.help')]),
    ])
  })

  test('each app whose language is another one for the bot than English has a menu of its own', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz']
    const codes = letters.flatMap((first) => letters.map((second) => `${first}${second}`))
    const appLanguages = codes.filter((code) => interfaceLanguage(code) !== 'en')
    expect(OTHER_MENUS.map(([code]) => code).toSorted()).toEqual(appLanguages)
  })

  test('webhook set tells what the bot is in every language, and what is there already no second time', async () => {
    await typeCommand(WEBHOOK, 'set', env)
    for (const [method, field, key] of [
      ['setMyDescription', 'description', 'profile.description'],
      ['setMyShortDescription', 'short_description', 'profile.about'],
    ] as const) {
      expect(payloadsOf(method)).toEqual([
        { [field]: text('en', key) },
        ...OTHER_MENUS.map(([code, language]) => ({
          [field]: text(language, key),
          language_code: code,
        })),
      ])
    }
    expect((await typeCommand(WEBHOOK, 'set', env)).code).toBe(0)
    expect(payloadsOf('setMyDescription')).toHaveLength(1 + OTHER_MENUS.length)
    expect(payloadsOf('setMyShortDescription')).toHaveLength(1 + OTHER_MENUS.length)
  })

  test('webhook set names a description that Telegram refuses, and sets the others', async () => {
    telegram.failNext('setMyShortDescription', {
      kind: 'error',
      status: 400,
      description: 'Bad Request: ABOUT_TOO_LONG',
    })
    const { code, stderr } = await typeCommand(WEBHOOK, 'set', env)
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/short_description in "en".*ABOUT_TOO_LONG/)])
    expect(payloadsOf('setMyShortDescription')).toHaveLength(1 + OTHER_MENUS.length)
    expect(payloadsOf('setMyDescription')).toHaveLength(1 + OTHER_MENUS.length)
  })

  test('webhook set takes --url and --max-connections before the environment and the default', async () => {
    const { code, stdout } = await typeCommand(
      WEBHOOK,
      'set --url https://new.example:8443/webhook/ --max-connections 7',
      env,
    )
    expect(code).toBe(0)
    expect(stdout[0]).toContain('https://new.example:8443/webhook')
    expect(stdout[2]).toBe('max connections  7')
  })

  test('webhook set takes plain HTTP for this machine alone', async () => {
    const local = await typeCommand(WEBHOOK, 'set --url http://127.0.0.1:8000', env)
    expect(local.code).toBe(0)
    const remote = await typeCommand(WEBHOOK, 'set', {
      ...env,
      WEBHOOK_URL: 'http://honzik.example',
    })
    expect(remote.code).toBe(1)
    expect(remote.stderr.join()).toMatch(/https:\/\/ only.*WEBHOOK_URL/)
    expect(payloadsOf('setWebhook')).toHaveLength(1)
  })

  test.each([
    ['https://honzik.example/bot'],
    ['https://honzik.example/webhook?key=1'],
    ['https://honzik.example/#here'],
    ['https://me:password@honzik.example'],
    ['ftp://honzik.example'],
    ['honzik.example'],
  ])('webhook set refuses %s before it calls Telegram', async (url) => {
    const { code, stderr } = await typeCommand(WEBHOOK, `set --url ${url}`, env)
    expect(code).toBe(1)
    expect(stderr.join()).toContain('WEBHOOK_URL')
    expect(telegram.calls).toEqual([])
  })

  test('webhook set names a missing URL and a missing secret at once', async () => {
    const { TELEGRAM_BOT_TOKEN, TELEGRAM_API_ROOT } = env
    const { code, stderr } = await typeCommand(WEBHOOK, 'set', {
      TELEGRAM_BOT_TOKEN,
      TELEGRAM_API_ROOT,
    })
    expect(code).toBe(1)
    expect(stderr).toHaveLength(2)
    expect(stderr[0]).toContain('WEBHOOK_URL')
    expect(stderr[1]).toContain('TELEGRAM_WEBHOOK_SECRET is required')
  })

  test('webhook set fails where Telegram’s record differs from the settings', async () => {
    // As a gateway that answers everything with success.
    const body = '{"ok":true,"result":true}'
    telegram.failNext('setWebhook', { kind: 'error', status: 200, body })
    const { code, stdout, stderr } = await typeCommand(WEBHOOK, 'set', env)
    expect(code).toBe(1)
    expect(stdout[0]).toBe('url              none: no webhook is set')
    expect(stderr[0]).toContain('something else than was asked for')
  })

  test('webhook set shows a wait that Telegram asks for, and does not wait in vain', async () => {
    telegram.failNext('setWebhook', { kind: 'error', status: 429, retryAfterSeconds: 3600 })
    const { code, stderr } = await typeCommand(WEBHOOK, 'set', env)
    expect([code, stderr]).toEqual([1, ['Telegram asks us to wait: try again in 3600 s.']])
  })
})

describe('What learners have sent', () => {
  const countWaiting = () => {
    telegram.learner(ANNA).says('Ahoj')
    return telegram.pendingCount()
  }

  test('webhook delete keeps the pending updates, and drops them only with --drop-pending', async () => {
    expect(countWaiting()).toBe(1)
    const deletion = await typeCommand(WEBHOOK, 'delete', env)
    expect([deletion.code, deletion.stdout[1]]).toEqual([0, 'pending updates  1'])
    const dropping = await typeCommand(WEBHOOK, 'delete --drop-pending', env)
    expect([dropping.code, dropping.stdout[1]]).toEqual([0, 'pending updates  0'])
  })

  test('webhook set --drop-pending drops the pending updates', async () => {
    expect(countWaiting()).toBe(1)
    const { stdout } = await typeCommand(WEBHOOK, 'set --drop-pending', env)
    expect(stdout[1]).toBe('pending updates  0')
  })
})

describe('Looking at the webhook', () => {
  test('webhook info shows the last error with its date, and changes nothing', async () => {
    const info = {
      url: 'https://old.example/bot123456789/12345:stand-in',
      pending_update_count: 3,
      last_error_date: Date.UTC(2026, 10, 23, 6) / 1000,
      last_error_message: 'Wrong response from the webhook: 503 Service Unavailable',
    }
    const body = JSON.stringify({ ok: true, result: info })
    telegram.failNext('getWebhookInfo', { kind: 'error', status: 200, body })
    const { code, stdout } = await typeCommand(WEBHOOK, 'info', env)
    expect(code).toBe(0)
    expect(stdout).toEqual([
      'url              https://old.example/bot123456789/[redacted]',
      'pending updates  3',
      'max connections  -',
      "allowed updates  Telegram's default",
      'last error       2026-11-23T06:00:00.000Z: Wrong response from the webhook: 503 Service Unavailable',
    ])
    expect(telegram.calls.map(({ method }) => method)).toEqual(['getWebhookInfo'])
  })
})

describe('A refusal of Telegram', () => {
  const wrongToken = '99999:not-the-token-of-any-bot'

  test('webhook names the variable of a wrong token and never shows the token', async () => {
    const { code, stderr } = await typeCommand(WEBHOOK, 'info', {
      ...env,
      TELEGRAM_BOT_TOKEN: wrongToken,
    })
    expect(code).toBe(1)
    expect(stderr).toEqual([
      'Telegram does not know this token: set TELEGRAM_BOT_TOKEN to the one that BotFather shows.',
    ])
  })

  test('webhook says that the address may be wrong where no Bot API answers', async () => {
    telegram.failNext('getWebhookInfo', {
      kind: 'error',
      status: 404,
      body: '<html>Not here</html>',
    })
    const { code, stderr } = await typeCommand(WEBHOOK, 'info', env)
    expect(code).toBe(1)
    expect(stderr.join()).toMatch(/No Bot API answers.*TELEGRAM_API_ROOT/)
  })

  test('webhook reports a bad request in Telegram’s words', async () => {
    const description = 'Bad Request: bad webhook: Failed to resolve host'
    telegram.failNext('setWebhook', { kind: 'error', status: 400, description })
    const { code, stderr } = await typeCommand(WEBHOOK, 'set', env)
    expect([code, stderr]).toEqual([1, [`Telegram refuses: ${description}`]])
  })

  test('webhook says to try again where Telegram breaks down', async () => {
    telegram.failNext('deleteWebhook', { kind: 'reset' })
    const { code, stderr } = await typeCommand(WEBHOOK, 'delete', env)
    expect(code).toBe(1)
    expect(stderr.join()).toMatch(/try again/)
  })

  test('webhook says to check the network and the address where Telegram is out of reach', async () => {
    await telegram.stop()
    const { code, stderr } = await typeCommand(WEBHOOK, 'info', env)
    expect(code).toBe(1)
    expect(stderr.join()).toMatch(/cannot be reached.*TELEGRAM_API_ROOT/)
  })
})

describe('Wrong usage', () => {
  test.each([
    'set --max-connections 0',
    'set --max-connections 101',
    'set --max-connections 1e1',
    'set --drop-pending=yes',
    'set --force',
    'delete all',
    'info --drop-pending',
  ])('webhook %s ends with 2, and does not call Telegram', async (args) => {
    const { code, stderr } = await typeCommand(WEBHOOK, args, env)
    expect(code).toBe(2)
    expect(stderr).toEqual([expect.stringMatching(/^[^\n]+\.$/), 'See npm run webhook -- --help.'])
    expect(telegram.calls).toEqual([])
  })
})

test('webhook as a process ends by itself, with its exit code and no secret in its output', async () => {
  const set = await runNode('scripts/webhook.ts', ['set'], env)
  expect([set.code, set.stderr]).toEqual([0, ''])
  expect(set.stdout).toMatch(/^url +https:\/\/honzik\.example\/webhook\n/)
  const wrongUsage = await runNode('scripts/webhook.ts', ['info', 'now'], env)
  expect([wrongUsage.code, wrongUsage.stdout]).toEqual([2, ''])
  for (const text of [set.stdout, set.stderr, wrongUsage.stderr]) {
    expect(text).not.toContain(telegram.token)
    expect(text).not.toContain(SECRET)
  }
})
