import { AppError } from '../../app/error.ts'
import type { JobKey, JobRun } from '../../app/jobs/job.ts'
import type { Audience } from '../../app/lesson/lesson.ts'

/** A request that waits for a job of the lesson API. */
export type Listener = {
  audience: Audience
  /** Whether the client has gone away. */
  hasLeft(): boolean
}

export type LessonListeners = ReturnType<typeof lessonListeners>

/**
 * The requests that wait for a job in this process, and are told of its lesson while it happens. A job that
 * runs in another process has an answer only when it is over.
 */
export function lessonListeners() {
  const listeners = new Map<string, Set<Listener>>()
  const nameOf = ({ source, key }: JobKey) => JSON.stringify([source, key])

  function listenersOf(job: JobKey): Listener[] {
    return [...(listeners.get(nameOf(job)) ?? [])]
  }

  return {
    /** Begins to listen, until the returned function is called. */
    add(job: JobKey, listener: Listener): () => void {
      const name = nameOf(job)
      const jobListeners = listeners.get(name) ?? new Set()
      listeners.set(name, jobListeners.add(listener))
      return () => {
        jobListeners.delete(listener)
        if (jobListeners.size === 0) listeners.delete(name)
      }
    },

    /** All listeners to a job as one audience. */
    audienceOf: (job: JobKey): Audience => audienceOf(() => listenersOf(job)),

    /**
     * A run that begins no further paid step once all clients that waited for the job have left. The journal
     * has the steps done by then, so a client that asks again goes on from there.
     */
    leavable: (run: JobRun): JobRun => leavable(run, () => listenersOf(run.job)),
  }
}

/** The listeners that there are at each moment, as one audience. */
function audienceOf(present: () => readonly Listener[]): Audience {
  // Fixed at the first chunk: a file without its beginning cannot be played. Later listeners get the whole
  // sound at the end.
  let soundListeners: readonly Listener[] | undefined
  const tellAll = (tell: (audience: Audience) => unknown) =>
    Promise.all(present().map(({ audience }) => tell(audience)))
  return {
    transcript: async (text) => void (await tellAll((audience) => audience.transcript(text))),
    reply: (reply) => void tellAll((audience) => audience.reply(reply)),
    speechChunk(ogg) {
      const listeners = present()
      soundListeners ??= listeners
      for (const listener of soundListeners) {
        // A request that has been answered no longer listens.
        if (listeners.includes(listener)) listener.audience.speechChunk(ogg)
      }
    },
    verdict: async (lesson) => void (await tellAll((audience) => audience.verdict(lesson))),
    answer: async (answer) => void (await tellAll((audience) => audience.answer(answer))),
    speech: async (speech, reply) =>
      void (await tellAll((audience) => audience.speech(speech, reply))),
  }
}

function leavable(run: JobRun, present: () => readonly Listener[]): JobRun {
  function refuseIfLeft(): void {
    const clients = present()
    if (clients.length > 0 && clients.every(({ hasLeft }) => hasLeft()))
      throw new AppError('client-left', 'Nobody is waiting for the lesson any more.')
  }
  return {
    ...run,
    once: (step, work) =>
      run.once(step, (charge) => {
        refuseIfLeft()
        return work(charge)
      }),
    async confirm() {
      refuseIfLeft()
      await run.confirm()
    },
  }
}
