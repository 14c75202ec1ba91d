import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'

/** What a recording says, and in which languages (ISO 639-1). */
export type Heard = { text: string; languages: string[] }

/** A voice note of a learner, recorded for demo and tests. */
export type Recording = Heard & { file: string; durationSeconds: number }

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
  /** What these very bytes say from now on. */
  hears(bytes: Uint8Array, heard: Heard): void
  listen(bytes: Uint8Array): Heard
}

const UNKNOWN: Heard = { text: 'Dobrý den, jak se máte?', languages: ['cs'] }

/** Knows recordings by their SHA-256, the recorded voice notes among them, and hears a greeting in all others. */
export async function openEar(): Promise<Ear> {
  const known = new Map<string, Heard>()
  for (const { bytes, text, languages } of await recordings())
    known.set(sha256(bytes), { text, languages })
  return {
    hears: (bytes, heard) => known.set(sha256(bytes), heard),
    listen: (bytes) => known.get(sha256(bytes)) ?? UNKNOWN,
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The answer in the shape of the model and format that were asked for: JSON, or plain text. */
export async function transcriptionOf(
  heard: Heard,
  asked: { model: string; format: string },
  bytes: Uint8Array,
): Promise<object | string> {
  const { durationSeconds = 1 } = (await inspectAudio(bytes)) ?? {}
  if (asked.format === 'text') return `${heard.text}\n`
  if (asked.format === 'verbose_json') {
    const [language = 'cs'] = heard.languages
    return { task: 'transcribe', language, duration: durationSeconds, text: heard.text }
  }
  return {
    text: heard.text,
    // Only this model says which languages it heard; an empty list where it is not sure.
    ...(asked.model.startsWith('gpt-transcribe')
      ? { languages: heard.languages.map((code) => ({ code })) }
      : {}),
    usage: { type: 'duration', seconds: Math.ceil(durationSeconds) },
  }
}
