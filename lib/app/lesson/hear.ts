import type { Learner } from '../../domain/learner/learner.ts'
import { judgeHearing } from '../../domain/lesson/hearing.ts'
import { isVoiceTooLong } from '../../domain/lesson/limits.ts'
import { recover } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Download } from '../telegram.ts'
import type { InspectAudio } from './audio.ts'
import type { LessonRefusal } from './lesson.ts'
import type { Transcriber, Transcript } from './transcriber.ts'

export type HearDeps = { transcriber: Transcriber; inspectAudio: InspectAudio }

export type Recording = {
  learner: Learner
  download(signal: AbortSignal): Promise<Download>
}

export type HeardCzech = {
  kind: 'czech'
  text: string
  languages: string[]
  durationSeconds: number
  costMicroUsd: number
}

/** A recording without Czech to teach. `costMicroUsd` is null where it was not transcribed, so nothing was paid. */
export type NoCzech = { kind: 'no-czech'; refusal: LessonRefusal; costMicroUsd: number | null }

/** Downloads and transcribes a recording, once per job; then judges the transcript. */
export async function hear(
  deps: HearDeps,
  run: JobRun,
  recording: Recording,
): Promise<HeardCzech | NoCzech> {
  const recognition = await run.once('transcribe', () => recognise(deps, recording, run.signal))
  if (recognition.kind !== 'transcribed') {
    return { kind: 'no-czech', refusal: recognition, costMicroUsd: null }
  }
  return judge(recognition)
}

type Transcription = { kind: 'transcribed'; transcript: Transcript; seconds: number }

async function recognise(
  { inspectAudio, transcriber }: HearDeps,
  { learner, download }: Recording,
  signal: AbortSignal,
): Promise<Transcription | LessonRefusal> {
  const file = await download(signal)
  if (file.kind !== 'downloaded') return file
  const audio = await inspectAudio(file.bytes)
  if (audio === undefined) return { kind: 'not-audio' }
  const seconds = audio.durationSeconds
  if (isVoiceTooLong(seconds)) return { kind: 'voice-too-long', seconds: Math.round(seconds) }

  const transcription = transcriber.transcribe(audio, learner.nativeLanguage, signal)
  // The recogniser may be unable to read audio that `inspectAudio` can.
  const transcript = await recover(transcription, ['audio-rejected'], () => null)
  return transcript === null ? { kind: 'not-audio' } : { kind: 'transcribed', transcript, seconds }
}

function judge({ transcript, seconds }: Transcription): HeardCzech | NoCzech {
  const { text, languages, usage } = transcript
  const { costMicroUsd } = usage
  const hearing = judgeHearing(text, languages)
  switch (hearing.kind) {
    case 'silence':
      return { kind: 'no-czech', refusal: hearing, costMicroUsd }
    case 'other-language':
      return { kind: 'no-czech', refusal: { ...hearing, lessonKind: 'voice' }, costMicroUsd }
    case 'czech':
      return {
        kind: 'czech',
        text: hearing.said,
        languages,
        durationSeconds: seconds,
        costMicroUsd,
      }
  }
}
