import type { NarrowedContext } from 'telegraf'
import type { Message, Update } from 'telegraf/types'
import type { BotContext } from '../context.ts'
import { albumOf, isFirstOf } from '../notices.ts'
import { type LessonBotDeps, type RecordingFile, textLesson, voiceLesson } from './lesson.ts'

type MediaContext = NarrowedContext<BotContext<LessonBotDeps>, Update.MessageUpdate>

/** A sound file that the lesson can hear becomes a lesson, and so does a caption; `answerOther` gets the rest. */
export async function mediaLesson(
  ctx: MediaContext,
  answerOther: (ctx: MediaContext) => Promise<void>,
): Promise<void> {
  const { message } = ctx
  const file = soundFileOf(message)
  if (file !== undefined) return void (await voiceLesson(ctx, message, file))
  const caption = captionOf(message)
  if (caption === undefined) return answerOther(ctx)
  const album = albumOf(message)
  // The album's other pictures get no line of their own: its caption has an answer.
  if (album !== undefined) await isFirstOf(ctx, `album:${album}`)
  await textLesson(ctx, message, caption)
}

/** What the learner has written under a picture or a film; a command there is none of ours. */
function captionOf(message: Message): string | undefined {
  const caption = 'caption' in message ? message.caption?.trim() : undefined
  return caption === undefined || /^(\/|$)/.test(caption) ? undefined : caption
}

/** The containers of the lesson API's audio, by the types and the endings that apps give them. */
const SOUND_TYPE =
  /^(audio\/(x-)?(ogg|opus|mpeg|mp3|mp4|m4a|wav|wave|vnd\.wave|webm)|application\/ogg)$/
const SOUND_ENDING = /\.(ogg|oga|opus|mp3|m4a|wav|weba)$/

function soundFileOf(message: Message): RecordingFile | undefined {
  if ('audio' in message && isSound(message.audio)) return message.audio
  return 'document' in message && isSound(message.document) ? message.document : undefined
}

function isSound({
  mime_type = '',
  file_name = '',
}: {
  mime_type?: string | undefined
  file_name?: string | undefined
}): boolean {
  const type = mime_type.toLowerCase().split(';', 1).join()
  return SOUND_TYPE.test(type) || SOUND_ENDING.test(file_name.toLowerCase())
}
