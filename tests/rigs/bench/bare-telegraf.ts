import { Telegraf } from 'telegraf'
import { BOT, listen, openBareInbox, WEBHOOK_SECRET } from './bare-inbox.ts'

/** A webhook of telegraf's, as its documentation has it, that stores each message and does nothing else. */

const store = await openBareInbox()
const bot = new Telegraf(BOT.token)
bot.botInfo = {
  ...BOT,
  is_bot: true,
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
}
bot.on('message', (ctx) => store(ctx.update))
const handle = bot.webhookCallback('/webhook', { secretToken: WEBHOOK_SECRET })
listen((request, response) => void handle(request, response))
