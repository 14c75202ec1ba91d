import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { telegramApi } from '../../../lib/adapters/telegram/api.ts'
import { AppError, type ErrorCode } from '../../../lib/app/error.ts'
import type { Sleep } from '../../../lib/app/ports.ts'
import type { Telegram } from '../../../lib/app/telegram.ts'
import {
  json,
  type Received,
  rememberingLog,
  type Script,
  scriptedProvider,
} from '../../support/scripted-provider.ts'

const TOKEN = '12345:token-of-a-test'
const SPOKEN = {
  ogg: new TextEncoder().encode('OggS spoken'),
  durationSeconds: 2.6,
}

/** Telegram as one run sees it, with what it logged and how long it wanted to wait. */
function telegramAt(url: string, sleep: Sleep = async () => {}) {
  const log = rememberingLog()
  const sleeps: number[] = []
  const telegram = telegramApi(
    { apiRoot: new URL(url).origin, token: TOKEN },
    {
      log,
      sleep(ms, signal) {
        sleeps.push(ms)
        return sleep(ms, signal)
      },
    },
  )
  return { telegram, log, sleeps }
}

async function errorOf(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${error}`)
  expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain('token-of-a-test')
  return error
}

function refusal(code: number, description: string, parameters?: object): Script {
  return json({ ok: false, error_code: code, description, ...(parameters && { parameters }) }, code)
}

function formOf(request: Received | undefined): Promise<FormData> {
  const type = String(request?.headers['content-type'])
  const body = new Uint8Array(request?.body ?? [])
  return new Response(body, { headers: { 'content-type': type } }).formData()
}

const messageAnswer = json({ ok: true, result: { message_id: 42, chat: { id: 1 } } })
const okAnswer = json({ ok: true, result: true })

afterEach(() => void vi.restoreAllMocks())

describe('a call that Telegram refuses', () => {
  test.each<[ErrorCode, Script]>([
    [
      'telegram-bad-entities',
      refusal(400, "Bad Request: can't parse entities: Unclosed start tag"),
    ],
    ['telegram-voice-forbidden', refusal(400, 'Bad Request: VOICE_MESSAGES_FORBIDDEN')],
    [
      'telegram-voice-forbidden',
      refusal(400, 'Bad Request: user restricted receiving of voice note messages'),
    ],
    ['telegram-unauthorized', refusal(400, 'Bad Request: Logged out')],
    // These have another status than Telegram's refusals, or are pages of a firewall or a proxy.
    ['telegram-failed', refusal(409, 'Conflict: terminated by other getUpdates request')],
    ['telegram-failed', refusal(420, 'FLOOD_WAIT_7')],
    ['telegram-failed', (response) => response.writeHead(403).end('<html>Blocked by WAF</html>')],
    ['telegram-failed', (response) => response.writeHead(400).end('<html>Bad Request</html>')],
    ['telegram-failed', (response) => response.writeHead(407).end()],
    ['telegram-rejected', (response) => response.writeHead(413).end('<html>Too Large</html>')],
    ['telegram-blocked', refusal(403, 'Forbidden: bot was blocked by the user')],
    ['telegram-blocked', refusal(403, 'Forbidden: user is deactivated')],
    ['telegram-rejected', refusal(400, 'Bad Request: message text is empty')],
    ['telegram-unauthorized', refusal(401, 'Unauthorized')],
    ['telegram-unauthorized', refusal(404, 'Not Found: method not found')],
    ['telegram-rejected', refusal(413, 'Request Entity Too Large')],
    ['telegram-rejected', json({ ok: false }, 400)],
    // Fields in another shape than the Bot API's keep none of the others from being read.
    [
      'telegram-blocked',
      json({ ok: false, error_code: '400', description: 'Bad Request: chat not found' }, 400),
    ],
    [
      'telegram-blocked',
      json({ ok: false, error_code: null, description: null, parameters: [] }, 403),
    ],
    ['telegram-unauthorized', (response) => response.writeHead(404).end('<html>Not Found</html>')],
    ['telegram-failed', refusal(500, 'Internal Server Error')],
    ['telegram-failed', (response) => response.writeHead(502).end('<html>Bad Gateway</html>')],
    ['telegram-failed', (response) => response.writeHead(504).end()],
    [
      'telegram-failed',
      (response) => response.writeHead(200).end('<html>Log in to the WLAN</html>'),
    ],
    ['telegram-failed', (response) => response.writeHead(302, { location: '/' }).end()],
    ['telegram-failed', (response) => response.destroy()],
    [
      'telegram-failed',
      (response) =>
        response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    ],
  ])('a refused call fails once, as %s', async (code, script) => {
    await using server = await scriptedProvider(script)
    const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl)
    const error = await errorOf(telegram.sendMessage(1, 'Ahoj'))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/^sendMessage: /)
    expect(server.received).toHaveLength(1)
    expect(sleeps).toEqual([])
  })

  test.each([
    [400, 'Bad Request: chat not found'],
    [400, 'Bad Request: user not found'],
    [400, 'Bad Request: message thread not found'],
    [400, 'Bad Request: not enough rights to send text messages to the chat'],
    [400, 'Bad Request: have no rights to send a message'],
    [400, 'Bad Request: need administrator rights in the channel chat'],
    [400, 'Bad Request: group chat was upgraded to a supergroup chat'],
    [400, 'Bad Request: group chat was deactivated'],
    [400, 'Bad Request: TOPIC_CLOSED'],
    [400, 'Bad Request: TOPIC_DELETED'],
    [400, 'Bad Request: CHAT_RESTRICTED'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN'],
    [400, 'Bad Request: CHAT_ADMIN_REQUIRED'],
    [400, 'Bad Request: CHAT_SEND_PLAIN_FORBIDDEN'],
    [400, 'Bad Request: CHAT_GUEST_SEND_FORBIDDEN'],
    [400, 'Bad Request: CHANNEL_PRIVATE'],
    [400, 'Bad Request: PEER_ID_INVALID'],
    [400, 'Bad Request: USER_IS_BLOCKED'],
    [400, 'Bad Request: USER_BANNED_IN_CHANNEL'],
    [400, 'Bad Request: INPUT_USER_DEACTIVATED'],
    [400, 'Bad Request: PAYMENT_REQUIRED'],
    [403, 'Forbidden: bot was kicked from the supergroup chat'],
    [403, 'Forbidden: bot is not a member of the channel chat'],
    [403, 'Forbidden: the group chat was deleted'],
    [403, "Forbidden: bot can't initiate conversation with a user"],
    [403, "Forbidden: bots can't send messages to bots"],
    [403, 'Forbidden: CHAT_WRITE_FORBIDDEN'],
    [403, 'Forbidden: words of tomorrow'],
  ])(
    'a chat that cannot be written to is told by any of its names: %i %s',
    async (status, description) => {
      await using server = await scriptedProvider(refusal(status, description))
      const { telegram } = telegramAt(server.endpoint.baseUrl)
      expect((await errorOf(telegram.sendMessage(1, 'Ahoj'))).code).toBe('telegram-blocked')
    },
  )

  test('the error of a refused call names the method, the status and the description', async () => {
    await using server = await scriptedProvider(refusal(400, 'Bad Request: chat not found'))
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    const { message } = await errorOf(telegram.showRecording(1))
    expect(message).toBe('sendChatAction: 400 Bad Request: chat not found')
  })
})

describe('a call that Telegram asks to wait with', () => {
  const busy = (seconds: number) =>
    refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

  test('a rate-limited call is made again after `retry_after`', async () => {
    await using server = await scriptedProvider(busy(3), busy(4), messageAnswer)
    const { telegram, sleeps, log } = telegramAt(server.endpoint.baseUrl)
    expect(await telegram.sendMessage(1, 'Ahoj')).toBe(42)
    expect(sleeps).toEqual([3_000, 4_000])
    const linesOf = (name: string) => log.lines.filter(({ event }) => event === name)
    expect(linesOf('telegram_retry').map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ attempt: 1, delay_ms: 3_000 }),
      expect.objectContaining({ attempt: 2, delay_ms: 4_000 }),
    ])
    expect(linesOf('telegram_called').map(({ fields }) => fields.outcome)).toEqual([
      'telegram-rate-limited',
      'telegram-rate-limited',
      'ok',
    ])
    expect(JSON.stringify(log.lines)).not.toContain('token-of-a-test')
  })

  test('a rate-limited call is given up at the third refusal, with the time to wait', async () => {
    await using server = await scriptedProvider(busy(1), busy(1), busy(2), messageAnswer)
    const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl)
    const error = await errorOf(telegram.sendMessage(1, 'Ahoj'))
    expect([error.code, error.retryAfterMs]).toEqual(['telegram-rate-limited', 2_000])
    expect(sleeps).toEqual([1_000, 1_000])
  })

  test('a rate-limited call is given up at once where `retry_after` exceeds the deadline', async () => {
    await using server = await scriptedProvider(busy(10), messageAnswer)
    const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl)
    const error = await errorOf(telegram.sendMessage(1, 'Ahoj'))
    expect([error.code, error.retryAfterMs]).toEqual(['telegram-rate-limited', 10_000])
    expect(sleeps).toEqual([])
    expect(server.received).toHaveLength(1)
  })

  test.each([-5, 0, 'soon', null])(
    'a rate-limited call waits a second where `retry_after` is %j',
    async (seconds) => {
      await using server = await scriptedProvider(
        refusal(429, 'Too Many Requests', { retry_after: seconds }),
        messageAnswer,
      )
      const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl, async () => {})
      expect(await telegram.sendMessage(1, 'Ahoj')).toBe(42)
      expect(sleeps).toEqual([1_000])
    },
  )

  test('a rate-limited call waits as long as its words say where `retry_after` is missing', async () => {
    const words = refusal(429, 'Too Many Requests: retry after 7')
    await using server = await scriptedProvider(words, messageAnswer)
    const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl)
    await telegram.sendMessage(1, 'Ahoj')
    expect(sleeps).toEqual([7_000])
  })

  test('a rate-limited call waits a second where nothing says how long', async () => {
    await using server = await scriptedProvider(refusal(429, 'Too Many Requests'), messageAnswer)
    const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl)
    await telegram.sendMessage(1, 'Ahoj')
    expect(sleeps).toEqual([1_000])
  })

  test('a rate-limited call stays refused where its deadline ends the wait', async () => {
    await using server = await scriptedProvider(busy(3), messageAnswer)
    const { telegram } = telegramAt(server.endpoint.baseUrl, async () => {
      throw new DOMException('The operation timed out.', 'TimeoutError')
    })
    const error = await errorOf(telegram.sendMessage(1, 'Ahoj'))
    expect(error.code).toBe('telegram-rate-limited')
    expect(server.received).toHaveLength(1)
  })
})

describe('a group that has become a supergroup', () => {
  const refusalOfMove = refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: -1_001,
  })

  test.each<[string, (telegram: Telegram) => Promise<unknown>, string]>([
    ['a text', (telegram) => telegram.sendMessage(-1, 'Ahoj'), '"chat_id":-1001'],
    ['a sound', (telegram) => telegram.sendVoice(-1, SPOKEN), 'name="chat_id"\r\n\r\n-1001'],
  ])('a group that has become a supergroup gets %s under its new number', async (_, send, part) => {
    await using server = await scriptedProvider(refusalOfMove, messageAnswer)
    const { telegram, log } = telegramAt(server.endpoint.baseUrl)
    await send(telegram)
    expect(server.received).toHaveLength(2)
    expect(String(server.received[1]?.body)).toContain(part)
    expect(log.lines.find(({ event }) => event === 'chat_moved')?.fields).toMatchObject({
      chat_id: -1_001,
    })
  })

  test('a group that moves on and on is asked twice, and then cannot be written to', async () => {
    await using server = await scriptedProvider(refusalOfMove, refusalOfMove, messageAnswer)
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    expect((await errorOf(telegram.sendMessage(-1, 'Ahoj'))).code).toBe('telegram-blocked')
    expect(server.received).toHaveLength(2)
  })
})

describe('a Telegram that cannot be reached', () => {
  test('a refused connection is tried three times, then Telegram is unreachable: nothing can have been sent', async () => {
    const { telegram, sleeps } = telegramAt('http://127.0.0.1:1')
    const error = await errorOf(telegram.sendMessage(1, 'Ahoj'))
    expect(error.code).toBe('telegram-unreachable')
    expect(error.message).toBe('sendMessage: could not connect (Error, ECONNREFUSED)')
    expect(sleeps).toEqual([200, 400])
  })

  test('a call gets through as soon as Telegram is back', async () => {
    const server = createServer((_, response) =>
      response.end(JSON.stringify({ ok: true, result: { message_id: 7 } })),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    server.close()
    await once(server, 'close')
    const { telegram } = telegramAt(`http://127.0.0.1:${port}`, async () => {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    })
    expect(await telegram.sendMessage(1, 'Ahoj')).toBe(7)
    server.closeAllConnections()
    server.close()
  })

  test('a host name that does not resolve makes Telegram unreachable', async () => {
    const { telegram } = telegramAt('http://telegram.invalid')
    expect((await errorOf(telegram.showRecording(1))).code).toBe('telegram-unreachable')
  })

  test('a call without an answer fails at the deadline, and may have been carried out', async () => {
    const deadline = new AbortController()
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
    await using server = await scriptedProvider(() =>
      deadline.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    )
    const { telegram, sleeps } = telegramAt(server.endpoint.baseUrl)
    const error = await errorOf(telegram.sendMessage(1, 'Ahoj'))
    expect(error.code).toBe('telegram-failed')
    expect(server.received).toHaveLength(1)
    expect(sleeps).toEqual([])
    expect(AbortSignal.timeout).toHaveBeenCalledWith(10_000)
  })
})

describe('what is sent', () => {
  function bodyOf(server: { received: { path: string; body: Buffer }[] }, at = 0) {
    return JSON.parse(server.received[at]?.body.toString() ?? '')
  }

  test('a message is HTML without previews, sent to the bot’s address', async () => {
    await using server = await scriptedProvider(messageAnswer)
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    await telegram.sendMessage(7, '<b>Ahoj</b>')
    expect(server.received[0]?.path).toBe(`/bot${TOKEN}/sendMessage`)
    expect(bodyOf(server)).toEqual({
      chat_id: 7,
      text: '<b>Ahoj</b>',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    })
  })

  test('a message may be plain text, with a keyboard and a replied-to message that may be gone', async () => {
    await using server = await scriptedProvider(messageAnswer)
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    const keyboard = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] }
    await telegram.sendMessage(7, '1 < 2', { plain: true, replyTo: 3, keyboard })
    expect(bodyOf(server)).toEqual({
      chat_id: 7,
      text: '1 < 2',
      link_preview_options: { is_disabled: true },
      reply_markup: keyboard,
      reply_parameters: { message_id: 3, allow_sending_without_reply: true },
    })
  })

  test.each([
    ['sendVoice', 'voice', '3'],
    ['sendSoundFile', 'document', null],
  ] as const)('a sound sent by %s is a file with its name', async (method, field, duration) => {
    await using server = await scriptedProvider(messageAnswer)
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    expect(await telegram[method](7, SPOKEN, { replyTo: 3 })).toEqual({
      messageId: 42,
      fileId: null,
    })
    const form = await formOf(server.received[0])
    const file = form.get(field)
    if (!(file instanceof File)) throw new Error('no file')
    expect([file.name, file.type, await file.text()]).toEqual([
      'honzik.ogg',
      'audio/ogg',
      'OggS spoken',
    ])
    expect(form.get('chat_id')).toBe('7')
    expect(form.get('duration')).toBe(duration)
    expect(JSON.parse(String(form.get('reply_parameters')))).toEqual({
      message_id: 3,
      allow_sending_without_reply: true,
    })
  })

  test('a voice sent with a keyboard carries it', async () => {
    await using server = await scriptedProvider(messageAnswer)
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    const keyboard = { inline_keyboard: [[{ text: 'Přeložit', callback_data: 'translate' }]] }
    await telegram.sendVoice(7, SPOKEN, { keyboard })
    const form = await formOf(server.received[0])
    expect(JSON.parse(String(form.get('reply_markup')))).toEqual(keyboard)
  })

  test('calls share connections that are kept alive', async () => {
    await using server = await scriptedProvider(...Array<Script>(6).fill(okAnswer))
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    for (let call = 0; call < 6; call += 1) await telegram.showRecording(1)
    // undici opens a second one where the next call comes before the first one is free again.
    expect(server.connections()).toBeLessThanOrEqual(2)
  })
})

describe('what repeats harmlessly', () => {
  const calls = {
    edit: (telegram: ReturnType<typeof telegramApi>) => telegram.editMessage(1, 2, 'Ahoj'),
    turn: (telegram: ReturnType<typeof telegramApi>) =>
      telegram.editKeyboard(1, 2, { inline_keyboard: [] }),
    answer: (telegram: ReturnType<typeof telegramApi>) => telegram.answerPress('q'),
  }

  test.each<[keyof typeof calls, string]>([
    [
      'edit',
      'Bad Request: message is not modified: specified new message content and reply markup',
    ],
    ['turn', 'Bad Request: message is not modified'],
    ['turn', 'Bad Request: message to edit not found'],
    ['edit', 'Bad Request: MESSAGE_NOT_MODIFIED'],
    ['answer', 'Bad Request: QUERY_ID_INVALID'],
    ['answer', 'Bad Request: query is too old and response timeout expired or query ID is invalid'],
  ])('repeating %s counts as done where Telegram says: %s', async (call, description) => {
    await using server = await scriptedProvider(refusal(400, description))
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    expect(await calls[call](telegram)).toBe(call === 'edit' ? 'edited' : undefined)
    expect(server.received).toHaveLength(1)
  })

  test.each([
    'Bad Request: message to edit not found',
    'Bad Request: MESSAGE_ID_INVALID',
    'Bad Request: message identifier is not specified',
  ])('editing a message that no longer exists says so: %s', async (description) => {
    await using server = await scriptedProvider(refusal(400, description))
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    expect(await calls.edit(telegram)).toBe('gone')
  })

  test.each<[keyof typeof calls, string]>([
    ['edit', "Bad Request: message can't be edited"],
    ['edit', 'Bad Request: query is too old'],
    ['turn', 'Bad Request: BUTTON_DATA_INVALID'],
    ['answer', 'Bad Request: message is not modified'],
  ])('repeating %s fails where Telegram says: %s', async (call, description) => {
    await using server = await scriptedProvider(refusal(400, description))
    const { telegram } = telegramAt(server.endpoint.baseUrl)
    expect((await errorOf(calls[call](telegram))).code).toBe('telegram-rejected')
  })
})
