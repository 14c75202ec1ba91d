import { asksForCzech } from '../../domain/lesson/asked-words.ts'
import { isOtherLanguage } from '../../domain/lesson/hearing.ts'
import { recover } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import { paidWork } from '../usage.ts'
import type { Audience, SpokenReply } from './lesson.ts'
import { type ReplySpeech, type SpeechDeps, speakReply } from './speak-reply.ts'
import type { Speech, Voice } from './speaker.ts'
import type { ReplySoFar, Tutor, TutorAnswer, TutorRequest } from './tutor.ts'

/** What the journal has of the step: null where the tutor declines to talk about what was said. */
export type TutorResult = { answer: TutorAnswer } | 'unusable' | null

export type Exchange = {
  /** The whole answer, corrections included; or why there is none. */
  result: Promise<TutorResult>
  /** The reply, as soon as it is spoken and known to belong to a lesson; null where there is no lesson. */
  reply: Promise<ReplyWithSpeech | null>
}

/** `speech` is null where it is not wanted or cannot be spoken. */
export type ReplyWithSpeech = { reply: SpokenReply; speech: Speech | null }

type ConverseDeps = SpeechDeps & { tutor: Tutor }

/** The journal's name for a reply that goes out before its corrections are there. */
const GIVEN = 'given'
/** Stored beside it where that reply belongs to no lesson. */
const GIVEN_TO_QUESTION = 'given-to-question'

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
  const streamedReply = Promise.withResolvers<SpokenReply | null>()

  function follow(reply: ReplySoFar): void {
    if (reply.saidLanguage !== undefined) {
      streamedReply.resolve(spokenReply(request, reply.text, reply.saidLanguage))
      return
    }
    audience.reply(reply)
    replySpeech?.follow(reply)
  }

  const givenReply = run.stored<string>(GIVEN)
  const result = run.once<TutorResult>('reply', async (charge) => {
    const answer = deps.tutor
      .answer(request, follow, paidWork(run, charge), givenReply)
      .then((answer) => ({ answer }))
    // Both are stored: a retry, whose place in the day is free by then, must not become a lesson.
    const usable = recover(answer, ['provider-unusable'], () => 'unusable' as const)
    return recover(usable, ['provider-refused'], () => null)
  })
  // The speech of a complete reply goes on: stopped, it would count as failed, and a retry would not speak.
  result.catch(() => replySpeech?.stopIncomplete())

  // The stream tells it before the whole answer does; an answer of an earlier run comes without a stream.
  const lessonReply =
    givenReply === undefined
      ? Promise.race([
          streamedReply.promise,
          result.then((result) => lessonReplyOf(request, result)),
        ])
      : Promise.resolve({ text: givenReply, isLesson: !run.stored<boolean>(GIVEN_TO_QUESTION) })
  return { result, reply: addSpeech(run, lessonReply, replySpeech) }
}

/** The reply to what was said in a language: to what is in another one, null unless it asks for Czech. */
function spokenReply(
  { said }: TutorRequest,
  text: string,
  saidLanguage: string,
): SpokenReply | null {
  const isLesson = !isOtherLanguage(saidLanguage)
  return isLesson || asksForCzech(said) ? { text, isLesson } : null
}

/** The reply of a whole answer; null where the learner spoke another language, or there is no answer. */
function lessonReplyOf(request: TutorRequest, result: TutorResult): SpokenReply | null {
  if (result === null || result === 'unusable') return null
  const { reply, saidLanguage } = result.answer
  return spokenReply(request, reply, saidLanguage)
}

/** Waits for the speech of a lesson's reply; stops it where there is no lesson. */
async function addSpeech(
  run: JobRun,
  lessonReply: Promise<SpokenReply | null>,
  replySpeech: ReplySpeech | null,
): Promise<ReplyWithSpeech | null> {
  const reply = await lessonReply
  if (reply === null) {
    replySpeech?.stop()
    return null
  }
  if (replySpeech === null) return { reply, speech: null }

  const speech = await replySpeech.of(reply.text)
  // A retry must correct what goes with the very reply that the learner has heard or read.
  run.store(GIVEN, reply.text)
  if (!reply.isLesson) run.store(GIVEN_TO_QUESTION, true)
  return { reply, speech }
}
