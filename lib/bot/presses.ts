import { recover } from '../app/error.ts'
import type { Keyboard } from '../app/telegram.ts'
import { type ChatDeps, languageOf } from './context.ts'
import type { Press, PressContext } from './feature.ts'
import { text } from './texts/texts.ts'

type Button = Keyboard['inline_keyboard'][number][number]

/** A button of an inline keyboard; Telegram limits its callback data to 64 bytes. */
export function buttonOf<V extends string | number>(
  { name }: Pick<Press<never, V>, 'name' | 'read'>,
  value: V,
  label: string,
): Button {
  return { text: label, callback_data: `${name}:${value}` }
}

/**
 * Takes the press of any button. The presser is the learner: a button holds no learner's id, so a forged
 * press changes its sender alone, and writes only in their own private chat.
 */
export async function takePress<D extends ChatDeps>(
  presses: readonly Press<D>[],
  ctx: PressContext<D>,
): Promise<void> {
  const { id, message } = ctx.callbackQuery
  const button =
    'data' in ctx.callbackQuery ? readPress(presses, ctx.callbackQuery.data) : undefined
  const { log } = ctx.deps
  // A private chat has the id of its learner, a group has another.
  if (button === undefined || message === undefined || ctx.chatId !== ctx.senderId) {
    await answerPress(ctx, id, text(await languageOf(ctx), 'unsupported.button'))
    log.info('press_refused', { job_id: ctx.run.job.id })
    return
  }
  const { press, value } = button
  const outcome = await press.run(ctx, value, message.message_id)
  await answerPress(ctx, id, typeof outcome === 'string' ? outcome : undefined)
  if (typeof outcome === 'function') await outcome()
  log.info('press_answered', { job_id: ctx.run.job.id, press: press.name, value })
}

/** Runs that fail for nothing but the answer, before the press goes without. */
const ANSWERING_RUNS = 2

/** Ends a press's spinner, which ends by itself soon: the next press is not to wait for it as long as for a message. */
async function answerPress<D extends ChatDeps>(
  { deps: { telegram }, run }: PressContext<D>,
  queryId: string,
  notice: string | undefined,
): Promise<void> {
  const answer = telegram.answerPress(queryId, notice)
  if (run.job.postponements < ANSWERING_RUNS) return answer
  await recover(answer, ['telegram-failed', 'telegram-rate-limited'], () => {})
}

/** Reads callback data; undefined where it is none of today's buttons. */
export function readPress<D extends ChatDeps>(
  presses: readonly Press<D>[],
  data: string,
): { press: Press<D>; value: unknown } | undefined {
  const colon = data.indexOf(':')
  const press = presses.find(({ name }) => name === data.slice(0, Math.max(0, colon)))
  const value = press?.read(data.slice(colon + 1))
  return press === undefined || value === undefined ? undefined : { press, value }
}
