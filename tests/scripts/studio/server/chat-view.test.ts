import { expect, test } from 'vitest'
import { chatView } from '../../../../scripts/studio/server/chat-view.ts'
import type { TelegramStandIn } from '../../../../scripts/studio/telegram/stand-in.ts'
import type { MessageView } from '../../../../scripts/studio/view.ts'
import { ANNA, ask, start } from '../ask-telegram.ts'

const CHAT = { chat_id: ANNA.id }
const PNG = new Uint8Array([...Buffer.from('\x89PNG', 'latin1'), 1, 2, 3])

function messagesOf(telegram: TelegramStandIn): MessageView[] {
  const remarks = { updateId: null, imitations: [], costUsd: null }
  return chatView(telegram.chat(ANNA.id), () => remarks).messages
}

test('a reaction of the bot’s is shown at the message that it is to', async () => {
  const telegram = await start()
  const { message } = telegram.learner(ANNA).says('Ahoj')
  const reaction = [{ type: 'emoji', emoji: '👍' }]
  await ask(telegram, 'setMessageReaction', { ...CHAT, message_id: message.message_id, reaction })
  expect(messagesOf(telegram)).toMatchObject([{ text: 'Ahoj', reactions: ['👍'] }])
})

test('a photo of the bot’s is shown with its caption', async () => {
  const telegram = await start()
  const { message } = telegram.learner(ANNA).sendsFile('photo', PNG)
  const [photo] = [message.photo].flat()
  await ask(telegram, 'sendPhoto', { ...CHAT, photo: photo?.file_id, caption: 'Praha' })
  expect(messagesOf(telegram).at(-1)).toMatchObject({
    author: 'bot',
    text: 'Praha',
    media: { kind: 'photo', file: { bytes: PNG.length } },
  })
})

test('what quotes a file names it, and what quotes a deleted message keeps its words', async () => {
  const telegram = await start()
  const anna = telegram.learner(ANNA)
  const quoted = [
    anna.says('Ahoj'),
    anna.sendsFile('photo', PNG),
    anna.sendsFile('document', PNG, { fileName: 'a.pdf' }),
    anna.sendsVoice(PNG, { duration: 1 }),
  ]
  for (const { message } of quoted) {
    const reply_parameters = { message_id: message.message_id }
    await ask(telegram, 'sendMessage', { ...CHAT, text: 'x', reply_parameters })
  }
  anna.deletes(quoted[0]?.message.message_id ?? 0)
  const quotes = messagesOf(telegram).flatMap(({ replyTo }) => replyTo?.text ?? [])
  expect(quotes).toEqual(['Ahoj', 'Photo', 'a.pdf', 'Voice message'])
})
