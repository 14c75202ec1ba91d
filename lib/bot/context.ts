import { Context, Telegram as TelegrafClient } from 'telegraf'
import type { Update } from 'telegraf/types'
import type { Answering, Expectations } from '../app/expectations.ts'
import type { Inbox } from '../app/jobs/inbox.ts'
import type { JobRun } from '../app/jobs/job.ts'
import type { Journal } from '../app/jobs/journal.ts'
import type { Choices, Learners, Sender } from '../app/learner/learners.ts'
import type { Attempts } from '../app/lesson/attempts.ts'
import type { KeptLessons } from '../app/lesson/kept-lessons.ts'
import type { Retakes } from '../app/lesson/retakes.ts'
import type { VoiceDeps } from '../app/lesson/take-voice.ts'
import { memoise } from '../app/memoise.ts'
import type { Memory } from '../app/memory/memory.ts'
import type { Notices } from '../app/notices.ts'
import type { Log } from '../app/ports.ts'
import type { PersonalData } from '../app/privacy/personal-data.ts'
import type { Telegram } from '../app/telegram.ts'
import type { Learner } from '../domain/learner/learner.ts'
import { type Chat, openChat } from './chat.ts'
import { type InterfaceLanguage, interfaceLanguage, languageFor } from './texts/language.ts'

/** What answering in a chat needs; a feature adds to it what it needs besides. */
export type ChatDeps = { telegram: Telegram; learners: Learners; notices: Notices; log: Log }

/** What lessons and all features need together. */
export type BotDeps = ChatDeps &
  VoiceDeps & {
    inbox: Inbox
    journal: Journal
    attempts: Attempts
    keptLessons: KeptLessons
    retakes: Retakes
    expectations: Expectations
    memory: Memory
    personalData(): Promise<PersonalData>
  }

/** One update on its way through the routes, with the job that brought it. */
export class BotContext<D extends ChatDeps> extends Context {
  readonly deps: D
  readonly run: JobRun
  /** The sender, if a learner, and what their message answers: looked up once. */
  readonly findSender: () => Promise<Sender | undefined>

  constructor(deps: D, run: JobRun, update: Update) {
    super(update, silentClient, namelessBot)
    // What a run changes of a learner it changes only while it owns its job.
    this.deps = { ...deps, learners: deps.learners.under(run.job) }
    this.run = run
    this.findSender = memoise(() =>
      deps.learners.findSender(this.senderId, { jobId: run.job.id, ...placeOf(update) }),
    )
  }

  /** The Telegram user who wrote or pressed. */
  get senderId(): number {
    return this.from?.id ?? this.chatId
  }

  get chatId(): number {
    const id = this.chat?.id ?? this.from?.id
    if (id === undefined) throw new Error(`${this.updateType}: an update without a chat.`)
    return id
  }

  get ourChat(): Chat {
    return openChat(this.deps, this.run, this.chatId)
  }

  /** The language of the sender's Telegram app, for those who are no learners yet. */
  get appLanguage(): InterfaceLanguage {
    return interfaceLanguage(this.from?.language_code)
  }

  /** Stores what the sender has chosen; undefined where they are no learner. */
  choose(choices: Choices): Promise<Learner | undefined> {
    return this.deps.learners.choose(this.senderId, choices)
  }

  /** The language to address a learner in who is the sender. */
  languageFor(learner: Learner): InterfaceLanguage {
    return languageFor(learner, this.from?.language_code)
  }
}

/** Where an update's message stands in its chat, and the message that it replies to. */
function placeOf(update: Update): Pick<Answering, 'messageId' | 'replyTo'> {
  if (!('message' in update)) return { messageId: null, replyTo: null }
  const { message } = update
  const question = 'reply_to_message' in message ? message.reply_to_message : undefined
  return { messageId: message.message_id, replyTo: question?.message_id ?? null }
}

/** The language to address the sender in: the learner's own, else their Telegram app's. */
export async function languageOf(ctx: BotContext<ChatDeps>): Promise<InterfaceLanguage> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  return learner ? ctx.languageFor(learner) : ctx.appLanguage
}

// Telegraf only routes: what the bot sends goes through `deps.telegram`.
const silentClient = new TelegrafClient('')
// Only telegraf's own command matching reads the bot's name, and the bot does not use it.
const namelessBot = {
  id: 0,
  is_bot: true as const,
  first_name: '',
  username: '',
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
}
