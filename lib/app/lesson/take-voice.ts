import { localDay } from '../../domain/day.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { type Hearing, judgeHearing } from '../../domain/lesson/hearing.ts'
import { isVoiceTooLong, MAX_VOICE_BYTES } from '../../domain/lesson/limits.ts'
import { allSettledOrThrow } from '../all-settled.ts'
import { hasCode } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Download } from '../telegram.ts'
import type { InspectAudio } from './audio.ts'
import type { Audience, LessonDeps, LessonOutcome, LessonRefusal } from './lesson.ts'
import { HISTORY_TURNS } from './lesson.ts'
import { endProbe, reservePlace } from './reserve-place.ts'
import { teach } from './teach.ts'
import type { Transcriber } from './transcriber.ts'

export type VoiceDeps = LessonDeps & { transcriber: Transcriber; inspectAudio: InspectAudio }

export type VoiceNote = {
  learner: Learner
  saidAt: Date
  /** As its sender declares them. */
  declaredSeconds: number
  declaredBytes: number
  wantsVoice: boolean
  download(signal: AbortSignal): Promise<Download>
}

/** One spoken exchange: a voice note in, the tutor's answer out. Reads top to bottom. */
export async function takeVoice(
  deps: VoiceDeps,
  run: JobRun,
  note: VoiceNote,
  audience: Audience,
): Promise<LessonOutcome> {
  const { learner } = note
  if (isVoiceTooLong(note.declaredSeconds)) {
    return { kind: 'voice-too-long', seconds: note.declaredSeconds }
  }
  if (note.declaredBytes > MAX_VOICE_BYTES) return { kind: 'voice-too-big' }

  const day = localDay(note.saidAt, learner.timeZone)
  const place = await reservePlace(deps, run, learner, day, 'voice')
  if (place.kind !== 'reserved') return place

  // What was said before does not depend on what is said now, so both waits overlap.
  const [heard, history, stood] = await allSettledOrThrow([
    hear(deps, run, note),
    deps.lessons.recent(learner.id, HISTORY_TURNS),
    deps.lessons.standing(run.job, { learnerId: learner.id, day }),
  ])
  if (heard.kind === 'not-heard') return withoutLesson(deps, run, heard, place)

  const said = { ...heard, kind: 'voice', learner, day, wantsVoice: note.wantsVoice } as const
  const [, outcome] = await allSettledOrThrow([
    audience.transcript(heard.text),
    teach(deps, run, said, { history, stood, probe: place.probe }, audience),
  ])
  return outcome
}

type Heard = {
  kind: 'heard'
  text: string
  languages: string[]
  durationSeconds: number
  costMicroUsd: number
}
/** `costMicroUsd` is null where nothing was recognised, so nothing was paid. */
type NotHeard = { kind: 'not-heard'; refusal: LessonRefusal; costMicroUsd: number | null }

/** Downloads and transcribes, once; then judges what came out. */
async function hear(
  { inspectAudio, transcriber }: VoiceDeps,
  run: JobRun,
  note: VoiceNote,
): Promise<Heard | NotHeard> {
  const transcribed = await run.once('transcribe', async () => {
    const download = await note.download(run.signal)
    if (download.kind !== 'downloaded') return download
    const audio = await inspectAudio(download.bytes)
    if (audio === undefined) return { kind: 'not-audio' as const }
    if (isVoiceTooLong(audio.durationSeconds)) {
      return { kind: 'voice-too-long' as const, seconds: Math.round(audio.durationSeconds) }
    }
    const { nativeLanguage } = note.learner
    const transcript = await transcriber
      .transcribe(audio, nativeLanguage, run.signal)
      .catch((error: unknown) => {
        // The recogniser cannot read what we could.
        if (hasCode(error, 'audio-rejected')) return undefined
        throw error
      })
    if (transcript === undefined) return { kind: 'not-audio' as const }
    return { kind: 'transcribed' as const, transcript, seconds: audio.durationSeconds }
  })
  if (transcribed.kind !== 'transcribed') {
    return { kind: 'not-heard', refusal: transcribed, costMicroUsd: null }
  }
  const { transcript, seconds } = transcribed
  const { costMicroUsd } = transcript.usage
  const hearing: Hearing = judgeHearing(transcript.text, transcript.languages)
  switch (hearing.kind) {
    case 'silence':
      return { kind: 'not-heard', refusal: hearing, costMicroUsd }
    case 'other-language': {
      const refusal = { ...hearing, lessonKind: 'voice' as const }
      return { kind: 'not-heard', refusal, costMicroUsd }
    }
    case 'heard': {
      const { languages } = transcript
      return {
        kind: 'heard',
        text: hearing.said,
        languages,
        durationSeconds: seconds,
        costMicroUsd,
      }
    }
  }
}

/** Nothing was taught: the place is free again, though what was recognised for nothing has a cap. */
async function withoutLesson(
  deps: VoiceDeps,
  run: JobRun,
  { refusal, costMicroUsd }: NotHeard,
  place: { probe: boolean },
): Promise<LessonRefusal> {
  // A retry must hear the same: this one's place is given up.
  await run.settled()
  if (costMicroUsd === null) {
    await deps.quota.giveBack(run.job)
  } else {
    await deps.quota.countAsUnheard(run.job, costMicroUsd)
    await endProbe(deps, place)
  }
  return refusal
}
