import { AppError } from '../../app/error.ts'
import type { JobKey, JobRun } from '../../app/jobs/job.ts'
import type { Audience } from '../../app/lesson/lesson.ts'

/** A request that waits for a job of the lesson API. */
export type Listener = {
  audience: Audience
  /** Whether the client has gone away. */
  hasLeft(): boolean
}

/** The step that stores what is answered: nothing is paid for it. */
export const ANSWER = 'answer'

export type LessonListeners = ReturnType<typeof lessonListeners>

/**
 * The requests that wait for a job in this process, so that they hear of the lesson while it happens. A job
 * that runs in another process is heard of when it is over.
 */
export function lessonListeners() {
  const waiting = new Map<string, Set<Listener>>()
  const nameOf = ({ source, key }: JobKey) => JSON.stringify([source, key])

  function of(job: JobKey): Listener[] {
    return [...(waiting.get(nameOf(job)) ?? [])]
  }

  return {
    /** Begins to listen, until the returned function is called. */
    add(job: JobKey, listener: Listener): () => void {
      const name = nameOf(job)
      const others = waiting.get(name) ?? new Set()
      waiting.set(name, others.add(listener))
      return () => {
        others.delete(listener)
        if (others.size === 0) waiting.delete(name)
      }
    },

    /** All who wait for a job, as one. */
    audienceOf(job: JobKey): Audience {
      // Who comes later gets it all in the end: of a file without its beginning nothing can be played.
      let hearers: Listener[] | undefined
      const each = (tell: (audience: Audience) => unknown) =>
        Promise.all(of(job).map(({ audience }) => tell(audience)))
      return {
        heard: async (said) => void (await each((audience) => audience.heard(said))),
        reply: (reply) => void each((audience) => audience.reply(reply)),
        sound(ogg) {
          hearers ??= of(job)
          for (const { audience } of hearers) audience.sound(ogg)
        },
        verdict: async (lesson) => void (await each((audience) => audience.verdict(lesson))),
        voice: async (spoken, text) =>
          void (await each((audience) => audience.voice(spoken, text))),
      }
    },

    /**
     * A run that begins nothing more that is paid for once all who have waited for the job have left. What is
     * done by then is remembered, so whoever asks again goes on from there.
     */
    leavable(run: JobRun): JobRun {
      function refuseIfLeft(): void {
        const listening = of(run.job)
        if (listening.length > 0 && listening.every((each) => each.hasLeft()))
          throw new AppError('client-left', 'Nobody is waiting for the lesson any more.')
      }
      return {
        ...run,
        once: (step, work) =>
          run.once(step, () => {
            if (step !== ANSWER) refuseIfLeft()
            return work()
          }),
        async confirm() {
          refuseIfLeft()
          await run.confirm()
        },
      }
    },
  }
}
