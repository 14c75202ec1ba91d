import { isOtherLanguage } from '../../domain/lesson/hearing.ts'
import { recover } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Audience } from './lesson.ts'
import { type ReplySpeech, type SpeechDeps, speakReply } from './speak-reply.ts'
import type { Speech, Voice } from './speaker.ts'
import type { ReplySoFar, Tutor, TutorAnswer, TutorRequest } from './tutor.ts'
import type { Usage } from './usage.ts'

export type PaidAnswer = { answer: TutorAnswer; usage: Usage[] }

export type Exchange = {
  /** The whole answer, corrections included; null where the tutor declines to talk about what was said. */
  answer: Promise<PaidAnswer | null>
  /** The reply, as soon as it is spoken and known to belong to a lesson; null where there is no lesson. */
  reply: Promise<ReplyWithSpeech | null>
}

/** `speech` is null where it is not wanted or cannot be spoken. */
export type ReplyWithSpeech = { reply: string; speech: Speech | null }

type ConverseDeps = SpeechDeps & { tutor: Tutor }

/** The journal's name for a reply that goes out before its corrections are there. */
const GIVEN = 'given'

/**
 * Lets the tutor answer and the speaker speak at once. All of the lesson's overlap with the providers is here:
 *
 * - each sentence of the reply is spoken as soon as it is written, while the rest still streams;
 * - the reply goes out as soon as it is spoken and the stream says that the learner spoke Czech, before the
 *   corrections are complete; a retry then asks only for the corrections that go with this very reply.
 */
export function converse(
  deps: ConverseDeps,
  run: JobRun,
  request: TutorRequest,
  voice: Voice | null,
  audience: Pick<Audience, 'reply' | 'speechChunk'>,
): Exchange {
  const replySpeech = voice && speakReply(deps, run, voice, audience.speechChunk)
  const streamedReply = Promise.withResolvers<string | null>()

  function follow(reply: ReplySoFar): void {
    if (reply.saidLanguage !== undefined) {
      streamedReply.resolve(isOtherLanguage(reply.saidLanguage) ? null : reply.text)
      return
    }
    audience.reply(reply)
    replySpeech?.follow(reply)
  }

  const givenReply = run.stored<string>(GIVEN)
  const answer = run.once('reply', () => {
    const tutorAnswer = deps.tutor.answer(request, follow, run.signal, givenReply)
    // The null is stored: a retry, whose place in the day is free by then, must not become a lesson.
    return recover(tutorAnswer, ['provider-refused'], () => null)
  })
  // The speech of a complete reply goes on: stopped, it would count as failed, and a retry would not speak.
  answer.catch(() => replySpeech?.stopIncomplete())

  // The stream tells it before the whole answer does; an answer of an earlier run comes without a stream.
  const lessonReply =
    givenReply === undefined
      ? Promise.race([streamedReply.promise, answer.then(lessonReplyOf)])
      : Promise.resolve(givenReply)
  return { answer, reply: addSpeech(run, lessonReply, replySpeech) }
}

/** The reply of a whole answer; null where the learner spoke another language, or the tutor declined. */
function lessonReplyOf(paidAnswer: PaidAnswer | null): string | null {
  if (paidAnswer === null) return null
  const { reply, saidLanguage } = paidAnswer.answer
  return isOtherLanguage(saidLanguage) ? null : reply
}

/** Waits for the speech of a lesson's reply; stops it where there is no lesson. */
async function addSpeech(
  run: JobRun,
  lessonReply: Promise<string | null>,
  replySpeech: ReplySpeech | null,
): Promise<ReplyWithSpeech | null> {
  const reply = await lessonReply
  if (reply === null) {
    replySpeech?.stop()
    return null
  }
  if (replySpeech === null) return { reply, speech: null }

  const speech = await replySpeech.of(reply)
  // A retry must correct what goes with the very reply that the learner has heard or read.
  run.store(GIVEN, reply)
  return { reply, speech }
}
