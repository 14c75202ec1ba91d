import { z } from 'zod'
import { hasCode } from '../../lib/app/error.ts'
import { commandMenu } from '../../lib/bot/commands.ts'
import { COMMANDS } from '../../lib/bot/features.ts'
import { interfaceLanguage } from '../../lib/bot/texts/language.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { MENU_LANGUAGES } from '../cli/webhook-words.ts'
import { type Check, type Finding, fail, ok, unseen, warn } from './check.ts'
import type { Facts, TelegramFacts } from './facts.ts'

export const SET_WEBHOOK = 'npm run webhook -- set'

const Bot = z.object({ id: z.number(), username: z.string().default('') })

/** Looks with Telegram's help; where it does not answer, `telegram-token` has found why. */
export async function askTelegram(
  { telegram }: Facts,
  look: (telegram: TelegramFacts) => Promise<Finding>,
): Promise<Finding> {
  if (telegram instanceof ConfigError) return unseen('config')
  // Whatever Telegram refuses here, it refuses `getMe`, too.
  return look(telegram).catch((error: unknown) =>
    fail(telegram.problemOf(error), 'npm run doctor -- --only telegram-token', 'telegram-token'),
  )
}

export const telegramToken: Check = {
  async look({ telegram }) {
    if (telegram instanceof ConfigError) return unseen('config')
    try {
      const { id, username } = Bot.parse(await telegram.call('getMe', {}))
      return ok(`@${username}, bot ${id}`)
    } catch (error) {
      // The check's finding, with what to do in the same sentence.
      return fail(
        telegram.problemOf(error),
        isAway(error)
          ? 'open https to api.telegram.org from here, or set TELEGRAM_API_ROOT to a server that answers'
          : 'TELEGRAM_BOT_TOKEN: in Telegram, @BotFather > /mybots > the bot > API Token',
      )
    }
  },
}

/** Telegram has said nothing of the token. */
function isAway(error: unknown): boolean {
  return hasCode(error, 'telegram-unreachable', 'telegram-failed', 'telegram-rate-limited')
}

export const commands: Check = {
  needs: ['telegram-token'],
  look: (facts) =>
    askTelegram(facts, async ({ call }) => {
      const menus = await Promise.all(
        MENU_LANGUAGES.map(async (language) => {
          const payload = language === 'en' ? {} : { language_code: language }
          const menu = JSON.stringify(await call('getMyCommands', payload).then(menuOf))
          return {
            language,
            isRight: menu === JSON.stringify(commandMenu(COMMANDS, interfaceLanguage(language))),
          }
        }),
      )
      const wrongLanguages = menus.filter(({ isRight }) => !isRight).map(({ language }) => language)
      return wrongLanguages.length === 0
        ? ok(`${COMMANDS.length} in ${MENU_LANGUAGES.join(', ')}`)
        : warn(`the menu is missing or an older one in ${wrongLanguages.join(', ')}`, SET_WEBHOOK)
    }),
}

const Menu = z.array(z.object({ command: z.string(), description: z.string() }))

function menuOf(answer: unknown): z.output<typeof Menu> {
  return Menu.parse(answer)
}

/**
 * Another program that polls. Where no webhook is set, updates are asked for once, for two seconds, and none is
 * confirmed by that; Telegram then says whether it was interrupted.
 */
export const polling: Check = {
  needs: ['telegram-token'],
  look: (facts) =>
    askTelegram(facts, async ({ call, webhookInfo }) => {
      const { url } = await webhookInfo()
      if (url !== '') return ok('a webhook is set, beside which none can poll')
      const answer = await call('getUpdates', { limit: 1, timeout: 2 }).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (answer === undefined) return ok('no other program polls')
      if (!/\b409\b/.test(String(answer))) throw answer
      return fail(
        'another program polls with this token, and so takes the updates: that is why there is no webhook',
        `stop that program (an earlier version, a local bot), then ${SET_WEBHOOK}`,
      )
    }),
}
