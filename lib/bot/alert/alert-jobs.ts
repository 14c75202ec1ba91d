import { z } from 'zod'
import { ALERT_TARGETS, type PostAlert } from '../../app/alert/delivery.ts'
import { AppError, recover } from '../../app/error.ts'
import type { JobHandler } from '../../app/jobs/handler.ts'
import type { JobRun } from '../../app/jobs/job.ts'
import type { Log } from '../../app/ports.ts'
import type { Telegram } from '../../app/telegram.ts'
import { openChat } from '../chat.ts'
import { alertMessage } from './message.ts'

export type AlertJobDeps = {
  telegram: Telegram
  log: Log
  alertChatId: number | undefined
  /** Undefined where there is no such target any more. */
  postAlert: PostAlert | undefined
}

/** The payload of a job that delivers an alert. */
const AlertJob = z.object({
  target: z.enum(ALERT_TARGETS),
  alert: z.object({
    kind: z.string(),
    summary: z.string(),
    fix: z.string(),
    since: z.string(),
    link: z.string().nullable(),
  }),
})

/** Delivers alerts to the operator; an alert that cannot be delivered is told to no other person. */
export function alertJobs(deps: AlertJobDeps): JobHandler {
  return {
    run: (run) => deliver(deps, run),
    onParked: async () => {},
    onDelayed: async () => {},
    onDead: async () => {},
    onSurplus: async () => {},
  }
}

async function deliver({ postAlert, ...deps }: AlertJobDeps, run: JobRun): Promise<void> {
  const { target, alert } = AlertJob.parse(JSON.parse(new TextDecoder().decode(run.job.payload)))
  const { alertChatId } = deps
  if (target === 'chat') {
    if (alertChatId === undefined) return
    const sending = openChat(deps, run, alertChatId).say('alert', alertMessage(alert))
    // A learner who has closed their chat is left alone; an operator who cannot be told has set the wrong one.
    await recover(sending, ['telegram-blocked'], ({ message }) => {
      throw new AppError('misconfigured', `ALERT_CHAT_ID cannot be written to: ${message}`)
    })
  } else if (postAlert !== undefined) {
    // Nothing harmless can be asked of an address that is not ours.
    await run.send(
      'alert',
      () => postAlert(alert, run.signal).then(() => true),
      async () => {},
    )
  }
  deps.log.info('alert_sent', { job_id: run.job.id, target, kind: alert.kind })
}
