import type { Inbox } from './jobs/inbox.ts'
import type { Job } from './jobs/job.ts'
import type { Learners } from './learner/learners.ts'
import type { Fields, LogScope } from './ports.ts'

/**
 * Adds to all lines of a job, from its claim on, which job it is and whose it is as far as its lane tells: no part that
 * writes one can forget it.
 */
export function withJobInLog<Claims extends Pick<Inbox, 'claim'>>(
  inbox: Claims,
  scope: LogScope,
): Claims {
  return {
    ...inbox,
    async claim(lane, slots) {
      const claim = await inbox.claim(lane, slots)
      if (claim.kind === 'claimed') {
        // No request has begun what a timer runs: the run itself names its lines.
        const requestId = scope.fields().request_id ?? claim.job.leaseToken
        scope.add({ request_id: requestId, ...fieldsOf(claim.job) })
      }
      return claim
    },
  }
}

/** A private chat has the id of its user, a group has another one, below zero. */
function fieldsOf({ id, source, key, lane, attempts }: Job): Fields {
  const [, kind, number] = /^(chat|learner|aside|memory):(-?\d+)$/.exec(lane) ?? []
  const owner = kind !== 'chat' ? 'learner_id' : number?.startsWith('-') ? 'chat_id' : 'telegram_id'
  return {
    job_id: id,
    source,
    lane,
    attempt: attempts,
    ...(source.startsWith('tg:') && /^\d+$/.test(key) && { update_id: Number(key) }),
    ...(number !== undefined && { [owner]: Number(number) }),
  }
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
    findSender: (...args) => note(learners.findSender(...args)),
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
