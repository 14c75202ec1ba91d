import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'

/** The text of a recording, and its languages (ISO 639-1). */
export type Transcript = { text: string; languages: string[] }

/** A voice note of a learner, recorded for demo and tests. */
export type Recording = Transcript & { file: string; durationSeconds: number }

export const RECORDINGS_FOLDER = new URL('../recordings/', import.meta.url)

/** The recorded learner voice notes, in the order of the conversation. */
export async function recordings(): Promise<(Recording & { bytes: Uint8Array })[]> {
  const list: Recording[] = JSON.parse(
    await readFile(new URL('recordings.json', RECORDINGS_FOLDER), 'utf8'),
  )
  return Promise.all(
    list.map(async (recording) => ({
      ...recording,
      bytes: new Uint8Array(await readFile(new URL(recording.file, RECORDINGS_FOLDER))),
    })),
  )
}

export type Ear = {
  /** Sets the transcript of exactly these bytes. */
  hears(bytes: Uint8Array, transcript: Transcript): void
  listen(bytes: Uint8Array): Transcript
}

/** What every recording is heard as that the stand-in does not know. */
export const UNKNOWN: Transcript = { text: 'Dobrý den, jak se máte?', languages: ['cs'] }

/** Finds transcripts by the SHA-256 of the audio, those of the recorded voice notes among them; any other audio is a greeting. */
export async function openEar(): Promise<Ear> {
  const transcripts = new Map<string, Transcript>()
  for (const { bytes, text, languages } of await recordings())
    transcripts.set(sha256(bytes), { text, languages })
  return {
    hears: (bytes, transcript) => transcripts.set(sha256(bytes), transcript),
    listen: (bytes) => transcripts.get(sha256(bytes)) ?? UNKNOWN,
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The answer in the shape of the requested model and format: JSON, or plain text. */
export async function transcriptionOf(
  transcript: Transcript,
  request: { model: string; format: string },
  bytes: Uint8Array,
): Promise<object | string> {
  const { durationSeconds = 1 } = (await inspectAudio(bytes)) ?? {}
  if (request.format === 'text') return `${transcript.text}\n`
  if (request.format === 'verbose_json') {
    const [language = 'cs'] = transcript.languages
    return { task: 'transcribe', language, duration: durationSeconds, text: transcript.text }
  }
  return {
    text: transcript.text,
    // Only this model lists the languages; the list is empty where it is not sure.
    ...(request.model.startsWith('gpt-transcribe')
      ? { languages: transcript.languages.map((code) => ({ code })) }
      : {}),
    usage: { type: 'duration', seconds: Math.ceil(durationSeconds) },
  }
}
