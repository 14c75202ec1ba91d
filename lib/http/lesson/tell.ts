import type { NewJob, Wake } from '../../app/jobs/inbox.ts'
import type { Answer, EventsAnswer } from '../answer.ts'
import type { Problem } from '../problem.ts'
import { listeningClient, patientClient } from './events.ts'
import type { LessonListeners, Listener } from './listeners.ts'
import { type WaitDeps, waitForAnswer } from './wait.ts'

export type TellDeps = WaitDeps & {
  listeners: LessonListeners
  wake: Wake
}

/** Answers with the lesson as a whole, when it is over. */
export async function answerAtTheEnd(deps: TellDeps, job: NewJob): Promise<Answer | Problem> {
  // Without events nothing says whether the client has left.
  return listenTo(deps, job, { audience: patientClient, hasLeft: () => false })
}

/** Answers with the lesson's events while it happens, even if the client leaves before its end. */
export function answerByEvents(deps: TellDeps, job: NewJob): EventsAnswer {
  return {
    kind: 'events',
    runBeside: (work) => deps.beside('streamed_lesson', work),
    send: ({ send, hasLeft, idle }) =>
      listenTo(deps, job, { audience: listeningClient(send), hasLeft }, idle),
  }
}

async function listenTo(
  deps: TellDeps,
  job: NewJob,
  listener: Listener,
  onPoll = () => {},
): Promise<Answer | Problem> {
  const stopListening = deps.listeners.add(job, listener)
  try {
    const answer = await waitForAnswer(deps, job, { onPoll, hasLeft: listener.hasLeft })
    deps.wake(job.lane, job.slots)
    return answer
  } finally {
    stopListening()
  }
}
