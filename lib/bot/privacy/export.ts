import { type BotContext, languageOf } from '../context.ts'
import { textMessage } from '../text-message.ts'
import { text } from '../texts/texts.ts'
import type { PrivacyDeps } from './privacy-deps.ts'

/** Sends all that is kept of the sender as one file. */
export async function sendExport(ctx: BotContext<PrivacyDeps>): Promise<void> {
  const { chatId, deps, ourChat, senderId } = ctx
  const personalData = await deps.personalData()
  const data = await personalData.exportOf({ telegramId: senderId })
  const language = await languageOf(ctx)
  if (data.learner === null) {
    await ourChat.say('export', textMessage(language, 'export.nothing'))
    return
  }
  const file = {
    name: 'mluv-me.json',
    mimeType: 'application/json',
    bytes: new TextEncoder().encode(JSON.stringify(data, null, 2)),
    caption: text(language, 'export.caption'),
  }
  await ourChat.send('export', () => deps.telegram.sendFile(chatId, file))
}
