import { Composer } from 'telegraf'
import { message } from 'telegraf/filters'
import type { Update } from 'telegraf/types'
import type { JobHandler } from '../app/jobs/handler.ts'
import type { JobRun } from '../app/jobs/job.ts'
import { runCommand } from './commands.ts'
import { BotContext, type BotDeps, languageOf } from './context.ts'
import { explainEdit } from './edits.ts'
import { COMMANDS, PRESSES, REPLIES } from './features.ts'
import { textLesson, voiceLesson } from './lesson/lesson.ts'
import { mediaLesson } from './lesson/media.ts'
import { takeAttempt } from './lesson/try-first.ts'
import { askStranger } from './onboarding/start.ts'
import { takePress } from './presses.ts'
import { takeReply } from './replies.ts'
import { isFromPerson } from './sender.ts'
import { textMessage } from './text-message.ts'
import { type TextKey, text } from './texts/texts.ts'
import { answerUnsupported } from './unsupported.ts'

/** Runs Telegram's jobs: an update in, its answers out. */
export function telegramJobs(deps: BotDeps): JobHandler {
  const routes = routesOfUpdates().middleware()
  return {
    async run(run) {
      const update = updateOf(run)
      if (!isFromPerson(update)) return deps.log.debug('no_person', { job_id: run.job.id })
      // Calls the router itself: telegraf's handleUpdate gives up on a slow handler that still runs,
      // asks getMe in every new process and prints updates that fail.
      await routes(new BotContext(deps, run, update), async () => {})
    },
    onParked: (run) => tellSender(deps, run, 'failure.parked'),
    onDelayed: (run) => tellSender(deps, run, 'failure.delayed'),
    async onDead(run) {
      // A recorded lesson has its stars and its place in the day: only showing it failed.
      const isRecorded = await deps.lessons.isRecorded(run.job.id)
      await tellSender(deps, run, isRecorded ? 'failure.unshown' : 'failure.dead')
    },
    onSurplus: (run) => tellSender(deps, run, 'failure.surplus'),
  }
}

function routesOfUpdates(): Composer<BotContext<BotDeps>> {
  const privateRoutes = new Composer<BotContext<BotDeps>>()
  privateRoutes.hears(/^\/(\w+)/, (ctx) => runCommand(COMMANDS, ctx, ctx.match[1] ?? ''))
  privateRoutes.use(async (ctx, next) => {
    await next()
    await askStranger(ctx)
  })
  privateRoutes.on('message', (ctx, next) => takeReply(REPLIES, ctx, next))
  privateRoutes.on('message', takeAttempt)
  privateRoutes.on(message('voice'), (ctx) => voiceLesson(ctx, ctx.message, ctx.message.voice))
  privateRoutes.on(message('text'), (ctx) => textLesson(ctx, ctx.message, ctx.message.text))
  privateRoutes.on('message', (ctx) => mediaLesson(ctx, answerUnsupported))

  const routes = new Composer<BotContext<BotDeps>>()
  routes.on('callback_query', (ctx) => takePress(PRESSES, ctx))
  routes.on('edited_message', explainEdit)
  // Not telegraf's `filter`: it drops the updates that do not match.
  routes.use(Composer.optional((ctx) => ctx.chat?.type === 'private', privateRoutes))
  routes.on('message', answerUnsupported)
  return routes
}

/** These texts share a step, as one word about waiting is enough for a job. */
const STEPS: Partial<Record<TextKey, string>> = {
  'failure.delayed': 'waiting',
  'failure.parked': 'waiting',
}

/** Says one thing to the sender of the update, once per job. */
async function tellSender(deps: BotDeps, run: JobRun, key: TextKey & `failure.${string}`) {
  const ctx = new BotContext(deps, run, updateOf(run))
  if (ctx.chat?.type !== 'private') return
  if (ctx.callbackQuery !== undefined) return endPress(ctx, ctx.callbackQuery.id, key)
  await ctx.ourChat.say(STEPS[key] ?? key, textMessage(await languageOf(ctx), key))
}

/** Ends the spinner of a press that has failed; a press is no message that could be sent again. */
async function endPress(ctx: BotContext<BotDeps>, queryId: string, key: TextKey): Promise<void> {
  if (key !== 'failure.dead') return
  await ctx.deps.telegram.answerPress(queryId, text(await languageOf(ctx), 'failure.press'))
}

// The webhook has checked the fields that decide the update's lane; each route checks those that it reads.
function updateOf({ job }: JobRun): Update {
  return JSON.parse(new TextDecoder().decode(job.payload)) as Update
}
