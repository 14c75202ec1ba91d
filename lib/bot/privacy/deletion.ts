import type { Update } from 'telegraf/types'
import { CACHE_SECONDS } from '../../app/cache.ts'
import { recover } from '../../app/error.ts'
import type { Keyboard } from '../../app/telegram.ts'
import { type BotContext, type ChatDeps, languageOf } from '../context.ts'
import type { Press, PressContext } from '../feature.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import type { PrivacyDeps } from './privacy-deps.ts'

const ANSWERS = ['yes', 'no'] as const
type Answer = (typeof ANSWERS)[number]

const SECONDS_A_DAY = 86_400

/** Says what would go, and asks. */
export async function askBeforeDeleting(ctx: BotContext<ChatDeps>): Promise<void> {
  const language = await languageOf(ctx)
  const keyboard = answersKeyboard(language)
  const days = Math.max(...Object.values(CACHE_SECONDS)) / SECONDS_A_DAY
  const question = textMessage(language, 'delete.ask', { days })
  await ctx.ourChat.say('ask-delete', question, { keyboard })
}

function answersKeyboard(language: InterfaceLanguage): Keyboard {
  const rows = ANSWERS.map((answer) => [
    buttonOf(deletePress, answer, text(language, `delete.${answer}`)),
  ])
  return { inline_keyboard: rows }
}

export const deletePress: Press<PrivacyDeps, Answer> = {
  name: 'delete-me',
  read: (value) => ANSWERS.find((answer) => answer === value),
  async run(ctx, answer, messageId) {
    if (answer === 'yes') return deleteSender(ctx, messageId)
    const message = textMessage(await languageOf(ctx), 'delete.kept')
    await ctx.ourChat.edit(messageId, message)
  },
}

/** The journal's name of the language in which the deletion is told: afterwards it is not known any more. */
const LANGUAGE = 'language'

async function deleteSender(ctx: PressContext<PrivacyDeps>, messageId: number): Promise<void> {
  const { deps, run, senderId } = ctx
  const language = run.stored<InterfaceLanguage>(LANGUAGE) ?? (await languageOf(ctx))
  run.store(LANGUAGE, language)
  await run.settled()
  const personalData = await deps.personalData()
  const waitingPresses = await personalData.delete({ telegramId: senderId }, run.job)
  // Their jobs are ended: nothing else ends the spinner of a second press.
  for (const payload of waitingPresses)
    await unlessUnreachable(deps.telegram.answerPress(queryIdOf(payload)))
  await unlessUnreachable(tellOfDeletion(ctx, messageId, language))
}

function queryIdOf(payload: Uint8Array): string {
  const update = JSON.parse(new TextDecoder().decode(payload)) as Update.CallbackQueryUpdate
  return update.callback_query.id
}

async function tellOfDeletion(
  { ourChat }: PressContext<PrivacyDeps>,
  messageId: number,
  language: InterfaceLanguage,
): Promise<void> {
  const message = textMessage(language, 'delete.done')
  if ((await ourChat.edit(messageId, message)) === 'gone') await ourChat.say('deleted', message)
}

/** Who has blocked the bot is deleted all the same; a job that failed here would be kept, with their name. */
async function unlessUnreachable(work: Promise<void>): Promise<void> {
  await recover(work, ['telegram-blocked', 'telegram-rejected'], () => {})
}
