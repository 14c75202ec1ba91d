import { Bot, webhookCallback } from 'grammy'
import { BOT, listen, openBareInbox, WEBHOOK_SECRET } from './bare-inbox.ts'

/** A webhook of grammY's, as its documentation has it, that stores each message and does nothing else. */

const store = await openBareInbox()
const bot = new Bot(BOT.token, {
  botInfo: {
    ...BOT,
    is_bot: true,
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  },
})
bot.on('message', (ctx) => store(ctx.update))
listen(webhookCallback(bot, 'http', { secretToken: WEBHOOK_SECRET }))
