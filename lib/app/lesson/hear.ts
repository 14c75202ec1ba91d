import type { Learner } from '../../domain/learner/learner.ts'
import { asksForCzech } from '../../domain/lesson/asked-words.ts'
import { judgeHearing } from '../../domain/lesson/hearing.ts'
import { isVoiceTooLong } from '../../domain/lesson/limits.ts'
import { recover } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Download } from '../telegram.ts'
import { type PaidWork, paidWork } from '../usage.ts'
import type { InspectAudio } from './audio.ts'
import type { LessonRefusal } from './lesson.ts'
import { unplayedFormatOf } from './sound-format.ts'
import type { Transcriber, Transcript } from './transcriber.ts'

export type HearDeps = { transcriber: Transcriber; inspectAudio: InspectAudio }

export type Recording = {
  learner: Learner
  download(signal: AbortSignal): Promise<Download>
}

/** Czech, or a question for it in another language. */
export type HeardCzech = {
  kind: 'czech'
  text: string
  languages: string[]
  /** Words that the recogniser was not sure of. */
  unsureWords?: string[] | undefined
  durationSeconds: number
}

/** A recording without Czech to teach. */
export type NoCzech = { kind: 'no-czech'; refusal: LessonRefusal }

/** Downloads and transcribes a recording, once per job; then judges the transcript. */
export async function hear(
  deps: HearDeps,
  run: JobRun,
  recording: Recording,
): Promise<HeardCzech | NoCzech> {
  const recognition = await run.once('transcribe', (charge) =>
    recognise(deps, recording, paidWork(run, charge)),
  )
  if (recognition.kind !== 'transcribed') return { kind: 'no-czech', refusal: recognition }
  return judge(recognition)
}

type Transcription = { kind: 'transcribed'; transcript: Transcript; seconds: number }

async function recognise(
  { inspectAudio, transcriber }: HearDeps,
  { learner, download }: Recording,
  work: PaidWork,
): Promise<Transcription | LessonRefusal> {
  const file = await download(work.signal)
  if (file.kind !== 'downloaded') return file
  const audio = await inspectAudio(file.bytes)
  if (audio === undefined) return notAudio(file.bytes)
  const seconds = audio.durationSeconds
  if (isVoiceTooLong(seconds)) return { kind: 'voice-too-long', seconds: Math.round(seconds) }

  const transcription = transcriber.transcribe(audio, learner.nativeLanguage, work)
  // The recogniser may be unable to read audio that `inspectAudio` can.
  const transcript = await recover(transcription, ['audio-rejected'], () => null)
  return transcript === null ? { kind: 'not-audio' } : { kind: 'transcribed', transcript, seconds }
}

/** By its name, where it is known: recording it again gives the same. */
function notAudio(bytes: Uint8Array): LessonRefusal {
  const format = unplayedFormatOf(bytes)
  return { kind: 'not-audio', ...(format === undefined ? {} : { format }) }
}

function judge({ transcript, seconds }: Transcription): HeardCzech | NoCzech {
  const { text, languages, unsureWords } = transcript
  const czech = { kind: 'czech', languages, unsureWords, durationSeconds: seconds } as const
  const hearing = judgeHearing(text, languages)
  switch (hearing.kind) {
    case 'silence':
      return { kind: 'no-czech', refusal: hearing }
    case 'other-language':
      if (asksForCzech(text)) return { ...czech, text: text.trim() }
      return { kind: 'no-czech', refusal: { ...hearing, lessonKind: 'voice' } }
    case 'czech':
      return { ...czech, text: hearing.said }
  }
}
