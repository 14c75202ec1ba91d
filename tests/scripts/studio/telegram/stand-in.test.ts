import { fetch } from 'undici'
import { describe, expect, test } from 'vitest'
import type { TelegramStandIn } from '../../../../scripts/studio/telegram/stand-in.ts'
import { ANNA, ask, BORIS, clock, form, OGG, refusalOf, start, webhook } from '../ask-telegram.ts'

const PNG = new Uint8Array([0x89, ...Buffer.from('PNG'), 1])

describe('a method', () => {
  test('a method reads JSON, urlencoded, multipart and the query string alike', async () => {
    const telegram = await start()
    telegram.learner(ANNA)
    const markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    const fields = { chat_id: '501', text: 'Ahoj', reply_markup: JSON.stringify(markup) }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Ahoj', reply_markup: markup })
    await ask(telegram, 'sendMessage', new URLSearchParams(fields))
    await ask(telegram, 'sendMessage', form(fields))
    await ask(
      telegram,
      `sendmessage?${new URLSearchParams(fields)}`,
      {},
      { method: 'GET', body: null },
    )
    expect(telegram.callsOf('sendMessage').map(({ payload }) => payload.reply_markup)).toEqual(
      Array(4).fill(markup),
    )
    expect(telegram.chat(501).messages.map(({ text, buttons }) => [text, buttons])).toEqual(
      Array(4).fill(['Ahoj', markup.inline_keyboard[0]]),
    )
  })

  test('a method is refused to a wrong token, and an unknown method is not found', async () => {
    const telegram = await start()
    const response = await fetch(`${telegram.url}/bot1:wrong/getMe`)
    expect([response.status, await response.json()]).toEqual([
      401,
      { ok: false, error_code: 401, description: 'Unauthorized' },
    ])
    for (const method of ['sendFax', 'constructor']) {
      expect(await ask(telegram, method)).toMatchObject({ ok: false, error_code: 404, status: 404 })
    }
    expect(telegram.calls.map(({ method }) => method)).toEqual(['getMe', 'sendFax', 'constructor'])
  })

  const inline = (button: object) => ({ inline_keyboard: [[button]] })
  const REFUSALS: [string, Record<string, unknown>, string][] = [
    ['sendMessage', { chat_id: 501, text: ' \n' }, 'message text is empty'],
    ['sendMessage', { chat_id: 501, text: 'x'.repeat(4097) }, 'message is too long'],
    ['sendMessage', { chat_id: 501, text: 'a\ud800' }, 'strings must be encoded in UTF-8'],
    ['sendMessage', { text: 'x' }, 'chat_id is empty'],
    ['sendMessage', { chat_id: 999, text: 'x' }, 'chat not found'],
    [
      'sendMessage',
      { chat_id: 501, text: 'x', reply_markup: '{oops' },
      "can't parse reply keyboard markup JSON object",
    ],
    [
      'sendMessage',
      {
        chat_id: 501,
        text: 'x',
        reply_markup: inline({ text: 'a', callback_data: 'č'.repeat(33) }),
      },
      'BUTTON_DATA_INVALID',
    ],
    [
      'sendMessage',
      { chat_id: 501, text: 'x', reply_markup: inline({ text: 'a', callback_data: '' }) },
      'BUTTON_DATA_INVALID',
    ],
    [
      'sendMessage',
      { chat_id: 501, text: 'x', reply_markup: inline({ text: 'a' }) },
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'sendMessage',
      { chat_id: 501, text: 'x', reply_parameters: { message_id: 77 } },
      'message to be replied not found',
    ],
    ['editMessageText', { chat_id: 501, message_id: 77, text: 'x' }, 'message to edit not found'],
    ['editMessageText', { chat_id: 501, message_id: 1, text: 'x' }, "message can't be edited"],
    ['deleteMessage', { chat_id: 501, message_id: 77 }, 'message to delete not found'],
    ['sendChatAction', { chat_id: 501, action: 'sing' }, 'wrong parameter action in request'],
    [
      'setMessageReaction',
      { chat_id: 501, message_id: 1, reaction: [{ type: 'emoji', emoji: '✅' }] },
      'REACTION_INVALID',
    ],
    [
      'answerCallbackQuery',
      { callback_query_id: '404' },
      'query is too old and response timeout expired or query ID is invalid',
    ],
    ['sendVoice', { chat_id: 501 }, 'there is no voice in the request'],
    ['sendVoice', { chat_id: 501, voice: 'nope' }, 'wrong file identifier/HTTP URL specified'],
    ['getFile', { file_id: 'nope' }, 'wrong file_id or the file is temporarily unavailable'],
    [
      'setWebhook',
      { url: 'http://example.com/' },
      'bad webhook: An HTTPS URL must be provided for webhook',
    ],
    ['setWebhook', { url: 'nowhere' }, 'invalid webhook URL specified'],
    [
      'setWebhook',
      { url: 'https://example.com/', secret_token: 'a b' },
      'secret token contains unallowed characters',
    ],
    [
      'setWebhook',
      { url: 'https://example.com/', secret_token: 'a'.repeat(257) },
      'secret token is too long',
    ],
    ['setMyCommands', { commands: [{ command: 'Uč', description: 'x' }] }, 'BOT_COMMAND_INVALID'],
    [
      'setMyCommands',
      { commands: [{ command: 'a', description: '' }] },
      'command description must be non-empty',
    ],
    ['setMyCommands', { commands: [], language_code: 'czech' }, 'invalid language code specified'],
  ]

  test.each(REFUSALS)('%s %o is refused', async (method, payload, because) => {
    const telegram = await start()
    telegram.learner(ANNA).says('Ahoj')
    const answer = await ask(telegram, method, payload)
    expect(answer).toMatchObject({ status: 400, description: `Bad Request: ${because}` })
    expect(telegram.chat(501).messages).toHaveLength(1)
  })

  test('commands and descriptions are kept by audience and language', async () => {
    const telegram = await start()
    const commands = [{ command: 'start', description: 'Začít' }]
    await ask(telegram, 'setMyCommands', { commands, language_code: 'cs' })
    await ask(telegram, 'setMyDescription', { description: 'Honzík' })
    expect((await ask(telegram, 'getMyCommands', { language_code: 'cs' })).result).toEqual(commands)
    expect((await ask(telegram, 'getMyCommands')).result).toEqual([])
    await ask(telegram, 'deleteMyCommands', { language_code: 'cs' })
    expect((await ask(telegram, 'getMyCommands', { language_code: 'cs' })).result).toEqual([])
    expect((await ask(telegram, 'getMyDescription', { language_code: 'uk' })).result).toEqual({
      description: 'Honzík',
    })
  })
})

describe('a chat', () => {
  test('a chat shows edits in place, keeps the earlier versions, and loses deleted messages', async () => {
    const telegram = await start()
    const greeting = telegram.learner(ANNA).says('Ahoj')
    await ask(telegram, 'sendMessage', {
      chat_id: 501,
      text: 'Slyším…',
      reply_parameters: { message_id: greeting.message.message_id },
    })
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'pryč' })
    const edit = { chat_id: 501, message_id: 2, text: '<b>Výborně</b>', parse_mode: 'HTML' }
    await ask(telegram, 'editMessageText', edit)
    expect(await refusalOf(telegram, 'editMessageText', edit)).toBe(
      'Bad Request: message is not modified: specified new message content and reply markup are exactly ' +
        'the same as a current content and reply markup of the message',
    )
    await ask(telegram, 'deleteMessage', { chat_id: 501, message_id: 3 })
    await ask(telegram, 'sendChatAction', { chat_id: 501, action: 'record_voice' })
    await ask(telegram, 'setMessageReaction', {
      chat_id: 501,
      message_id: 1,
      reaction: [{ type: 'emoji', emoji: '❤️' }],
    })

    const chat = telegram.chat(501)
    expect(chat.messages.map(({ author, text, reactions }) => [author, text, reactions])).toEqual([
      ['learner', 'Ahoj', ['❤']],
      ['bot', 'Výborně', []],
    ])
    expect(chat.messages[1]?.revisions.map(({ text }) => text)).toEqual(['Slyším…'])
    expect(chat.messages[1]?.message.reply_to_message?.text).toBe('Ahoj')
    expect(chat.actions).toEqual(['record_voice'])
    expect(chat.history.map(({ kind, call }) => [kind, call])).toEqual([
      ['sent', null],
      ['sent', 0],
      ['sent', 1],
      ['edited', 2],
      ['deleted', 4],
      ['action', 5],
      ['reacted', 6],
    ])
  })

  test('an edit that names no keyboard removes it, and a message with a reply keyboard cannot be edited', async () => {
    const telegram = await start()
    telegram.learner(ANNA)
    const reply_markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'a', reply_markup })
    await ask(telegram, 'editMessageText', { chat_id: 501, message_id: 1, text: 'b' })
    expect(telegram.chat(501).messages[0]?.buttons).toEqual([])

    const messageWithReply = { chat_id: 501, text: 'Zkus to', reply_markup: { force_reply: true } }
    await ask(telegram, 'sendMessage', messageWithReply)
    expect(telegram.chat(501).messages[1]?.markup).toEqual({ force_reply: true })
    expect(
      await refusalOf(telegram, 'editMessageText', { chat_id: 501, message_id: 2, text: 'b' }),
    ).toBe("Bad Request: message can't be edited")
  })

  test('a voice note is sent as bytes or by its id, and other bytes become a document', async () => {
    const telegram = await start()
    telegram.learner(ANNA)
    await ask(
      telegram,
      'sendVoice',
      form({ chat_id: '501', voice: OGG, duration: '4', caption: 'Hm' }),
    )
    const voiceNote = telegram.chat(501).messages[0]
    expect(voiceNote?.message.voice).toMatchObject({
      duration: 4,
      file_size: 7,
      mime_type: 'audio/ogg',
    })
    expect(voiceNote?.file?.bytes).toEqual(OGG)
    expect(voiceNote?.text).toBe('Hm')

    const byId = { chat_id: 501, voice: voiceNote?.message.voice?.file_id }
    await ask(telegram, 'sendVoice', byId)
    await ask(telegram, 'sendVoice', form({ chat_id: '501', voice: new Uint8Array([1, 2]) }))
    const [, secondNote, oddFile] = telegram.chat(501).messages
    expect(secondNote?.message.voice).toEqual(voiceNote?.message.voice)
    expect(oddFile?.message).toMatchObject({ document: { file_name: 'voice.ogg' } })
    expect(oddFile?.message.voice).toBeUndefined()

    expect(telegram.calls[0]?.payload.voice).toMatchObject({ fileName: 'voice.ogg', bytes: OGG })
    expect(await refusalOf(telegram, 'sendPhoto', form({ chat_id: '501', photo: OGG }))).toBe(
      'Bad Request: IMAGE_PROCESS_FAILED',
    )
    expect((await ask(telegram, 'sendPhoto', form({ chat_id: '501', photo: PNG }))).ok).toBe(true)
  })

  test('a chat whose learner forbids voice, or blocked the bot, refuses in the words of Telegram', async () => {
    const telegram = await start()
    telegram.learner(ANNA)
    telegram.forbidVoice(501)
    expect(await refusalOf(telegram, 'sendVoice', form({ chat_id: '501', voice: OGG }))).toBe(
      'Bad Request: VOICE_MESSAGES_FORBIDDEN',
    )
    telegram.block(501)
    expect(await ask(telegram, 'sendMessage', { chat_id: 501, text: 'x' })).toMatchObject({
      status: 403,
      description: 'Forbidden: bot was blocked by the user',
    })
    telegram.block(501, false)
    expect((await ask(telegram, 'sendMessage', { chat_id: 501, text: 'x' })).ok).toBe(true)
  })

  test('a bot downloads the file that a learner sent, but none declared over 20 MB', async () => {
    const telegram = await start()
    const anna = telegram.learner(ANNA)
    const { message } = anna.sendsVoice(OGG, { duration: 3 })
    const { result } = await ask(telegram, 'getFile', { file_id: message.voice?.file_id })
    expect(result).toMatchObject({ file_size: 7, file_path: 'voice/file_1.oga' })
    const root = `${telegram.url}/file/bot${telegram.token}`
    const file = await fetch(`${root}/voice/file_1.oga`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(OGG)
    expect((await fetch(`${root}/voice/file_2.oga`)).status).toBe(404)
    expect(telegram.callsOf('downloadFile').map(({ payload }) => payload.file_path)).toEqual([
      'voice/file_1.oga',
      'voice/file_2.oga',
    ])

    const big = anna.sendsVoice(OGG, { duration: 3, fileSize: 20 * 1024 * 1024 + 1 }).message
    expect(await refusalOf(telegram, 'getFile', { file_id: big.voice?.file_id })).toBe(
      'Bad Request: file is too big',
    )
  })
})

describe('a learner', () => {
  test("a learner's messages reach the webhook with the secret, marked commands and rising ids", async () => {
    const telegram = await start({ firstUpdateId: 10 })
    const deliveries = await webhook(telegram)
    const anna = telegram.learner(ANNA)
    const first = anna.says('/start abc')
    anna.says('Ahoj')
    const inGroup = telegram.learner(ANNA, { id: -100, type: 'supergroup', title: 'Škola' })
    inGroup.says('/level@honzik_stand_in_bot')
    await telegram.settled()
    expect(first.message.entities).toEqual([{ type: 'bot_command', offset: 0, length: 6 }])
    expect(deliveries.map(({ id }) => id).toSorted()).toEqual([10, 11, 12])
    expect(deliveries.map(({ secret, path: at }) => [secret, at])).toEqual(
      Array(3).fill(['the-secret', '/webhook']),
    )
    expect(telegram.chat(-100).messages.map(({ text }) => text)).toEqual([
      '/level@honzik_stand_in_bot',
    ])
  })

  test('a learner taps a button that is or was there, and sees the notice', async () => {
    const telegram = await start()
    await webhook(telegram)
    const anna = telegram.learner(ANNA)
    const reply_markup = { inline_keyboard: [[{ text: 'Ano', callback_data: 'yes' }]] }
    await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Dál?', reply_markup })
    const { callback_query: query } = anna.taps(1, 'yes')
    expect(query.message?.text).toBe('Dál?')
    const answer = { callback_query_id: query.id, text: 'Jasně' }
    await ask(telegram, 'answerCallbackQuery', answer)
    expect(telegram.chat(501).history.at(-1)).toMatchObject({ kind: 'notice', text: 'Jasně' })
    const long = { ...answer, text: 'x'.repeat(201) }
    expect(await refusalOf(telegram, 'answerCallbackQuery', long)).toContain('MESSAGE_TOO_LONG')

    await ask(telegram, 'editMessageReplyMarkup', { chat_id: 501, message_id: 1 })
    expect(anna.taps(1, 'yes').callback_query.message?.reply_markup).toBeUndefined()
    expect(() => anna.taps(1, 'no')).toThrow('never had a button')
  })

  test("a learner's edit is an update about the same message", async () => {
    const telegram = await start()
    const anna = telegram.learner(ANNA)
    const { message } = anna.says('Ahj')
    const { edited_message: edit } = anna.edits(message.message_id, 'Ahoj')
    expect(edit).toMatchObject({ message_id: message.message_id, text: 'Ahoj' })
    expect(telegram.chat(501).messages.map(({ text }) => text)).toEqual(['Ahoj'])
  })
})

describe('a fault', () => {
  const say = { chat_id: 501, text: 'Ahoj' }

  async function withFault(fault: Parameters<TelegramStandIn['failNext']>[1]) {
    const { now, delay, waits } = clock()
    const telegram = await start({ now, delay })
    telegram.learner(ANNA)
    const arrangement = telegram.failNext('sendMessage', fault)
    return {
      telegram,
      arrangement,
      waits,
      texts: () => telegram.chat(501).messages.map(({ text }) => text),
    }
  }

  test('429 answers with retry_after, once, and leaves no message', async () => {
    const { telegram, arrangement, texts } = await withFault({
      kind: 'error',
      status: 429,
      retryAfterSeconds: 7,
    })
    await ask(telegram, 'getMe')
    expect(arrangement.remaining()).toBe(1)
    expect(await ask(telegram, 'sendMessage', say)).toEqual({
      status: 429,
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    })
    expect([arrangement.remaining(), texts()]).toEqual([0, []])
    expect((await ask(telegram, 'sendMessage', say)).ok).toBe(true)
    expect(telegram.callsOf('sendMessage').map(({ wasPerformed }) => wasPerformed)).toEqual([
      false,
      true,
    ])
  })

  test('an error after the effect leaves the message there', async () => {
    const { telegram, texts } = await withFault({
      kind: 'error',
      status: 502,
      body: '<html>Bad Gateway</html>',
      when: 'after',
    })
    await expect(ask(telegram, 'sendMessage', say)).rejects.toThrow()
    expect(texts()).toEqual(['Ahoj'])
    expect(telegram.calls[0]).toMatchObject({
      response: { status: 502, body: '<html>Bad Gateway</html>' },
      result: { ok: true },
    })
  })

  test.each([
    ['before', []],
    ['after', ['Ahoj']],
    ['midway', ['Ahoj']],
  ] as const)('a caller gets no answer from a reset %s the effect', async (when, visibleTexts) => {
    const { telegram, texts } = await withFault({ kind: 'reset', when })
    await expect(ask(telegram, 'sendMessage', say)).rejects.toThrow()
    expect(texts()).toEqual(visibleTexts)
    expect(telegram.calls[0]).toMatchObject({
      wasPerformed: visibleTexts.length > 0,
      response: null,
      end: 'reset',
    })
  })

  test.each([
    ['before', []],
    ['after', ['Ahoj']],
  ] as const)('a hang %s the effect lasts until the caller leaves', async (when, visibleTexts) => {
    const { telegram, texts } = await withFault({ kind: 'hang', when })
    const caller = new AbortController()
    const answer = ask(telegram, 'sendMessage', say, { signal: caller.signal })
    while (telegram.calls[0]?.fault == null) await new Promise((resolve) => setImmediate(resolve))
    expect(telegram.calls[0].end).toBe('under-way')
    caller.abort()
    await expect(answer).rejects.toThrow('aborted')
    while (telegram.calls[0].end === 'under-way') {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([telegram.calls[0].end, texts()]).toEqual(['caller-gone', visibleTexts])
  })

  test('slowness and latency delay the answer, not the effect', async () => {
    const { telegram, waits, texts } = await withFault({ kind: 'slow', ms: 800 })
    telegram.setLatency(50)
    expect((await ask(telegram, 'sendMessage', say)).ok).toBe(true)
    await ask(telegram, 'getMe')
    expect([waits, texts()]).toEqual([[850, 50], ['Ahoj']])
  })

  test('a fault meets the calls that match, as many as were set, downloads too', async () => {
    const telegram = await start()
    telegram.learner(ANNA).sendsVoice(OGG, { duration: 1 })
    const arrangement = telegram.failNext(
      ({ method, payload }) => method === 'sendMessage' && payload.chat_id === 501,
      { kind: 'error', status: 500 },
      2,
    )
    telegram.learner(BORIS)
    const statuses = []
    for (const chat_id of [501, 502, 501, 501]) {
      statuses.push((await ask(telegram, 'sendMessage', { chat_id, text: 'x' })).status)
    }
    expect([statuses, arrangement.remaining()]).toEqual([[500, 200, 500, 200], 0])

    telegram.failNext('downloadFile', { kind: 'reset', when: 'midway' })
    const response = fetch(`${telegram.url}/file/bot${telegram.token}/voice/file_1.oga`)
    await expect(response.then((response) => response.arrayBuffer())).rejects.toThrow()
  })
})

test('every call is on record with its order, time and answer', async () => {
  const telegram = await start({ now: () => 1_700_000_000_000 })
  telegram.learner(ANNA)
  await ask(telegram, 'sendMessage', { chat_id: 501, text: 'Ahoj', disable_notification: true })
  await ask(telegram, 'sendMessage', { chat_id: 501, text: '' })
  expect(telegram.calls).toMatchObject([
    {
      order: 0,
      at: 1_700_000_000_000,
      method: 'sendMessage',
      payload: { chat_id: 501, text: 'Ahoj', disable_notification: true },
      via: 'http',
      fault: null,
      response: { status: 200, body: { ok: true, result: { message_id: 1, text: 'Ahoj' } } },
      end: 'answered',
    },
    {
      order: 1,
      response: { status: 400, body: { description: 'Bad Request: message text is empty' } },
    },
  ])
})
