import type { JobHandler } from './jobs/handler.ts'
import type { Job, JobRun } from './jobs/job.ts'
import type { Learners } from './learner/learners.ts'
import type { LogScope } from './ports.ts'

/** Adds to the lines of each job its id, and whose it is as far as its lane tells. */
export function withJobInLog(handler: JobHandler, scope: LogScope): JobHandler {
  const noting = (call: (run: JobRun) => Promise<void>) => (run: JobRun) => {
    scope.add(idsOf(run.job))
    return call(run)
  }
  return {
    run: noting(handler.run),
    onParked: noting(handler.onParked),
    onDelayed: noting(handler.onDelayed),
    onDead: noting(handler.onDead),
    onSurplus: noting(handler.onSurplus),
  }
}

/** A private chat has the id of its user, a group has another one, below zero. */
function idsOf({ id, lane }: Job): Record<string, number> {
  const [, kind, number] = /^(chat|learner):(-?\d+)$/.exec(lane) ?? []
  const key =
    kind === 'learner' ? 'learner_id' : number?.startsWith('-') ? 'chat_id' : 'telegram_id'
  return { job_id: id, ...(number !== undefined && { [key]: Number(number) }) }
}

/** Adds to the lines of the present job each learner that is found or changed in it, by both ids. */
export function withLearnerInLog(learners: Learners, scope: LogScope): Learners {
  function note<Found extends Awaited<ReturnType<Learners['findByTelegramId']>>>(
    search: Promise<Found>,
  ): Promise<Found> {
    return search.then((learner) => {
      if (learner !== undefined) {
        const { id, telegramId } = learner
        scope.add({ learner_id: id, ...(telegramId !== null && { telegram_id: telegramId }) })
      }
      return learner
    })
  }
  return {
    under: (job) => withLearnerInLog(learners.under(job), scope),
    findByTelegramId: (...args) => note(learners.findByTelegramId(...args)),
    chooseNativeLanguage: (...args) => note(learners.chooseNativeLanguage(...args)),
    findOrCreate: (...args) => note(learners.findOrCreate(...args)),
    choose: (...args) => note(learners.choose(...args)),
    changeCalendar: (...args) => note(learners.changeCalendar(...args)),
    change: (...args) => note(learners.change(...args)),
    findOfApiKey: (...args) => note(learners.findOfApiKey(...args)),
    forApiKey: (...args) => note(learners.forApiKey(...args)),
    forLimitedApiKey: (...args) => note(learners.forLimitedApiKey(...args)),
  }
}
