/**
 * Records the learner's voice notes for demo and tests into recordings/, with their transcripts.
 *
 * Run it again only to change them: tests identify them by their bytes, and each run writes other bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { encodeVoiceNote } from '../../lib/adapters/audio/voice-note.ts'
import { type EspeakVoice, SPEECH_RATE, synthesise } from './espeak.ts'
import { RECORDINGS_FOLDER, type Recording } from './openai/transcription.ts'

const LEARNER: EspeakVoice = { name: 'cs+m7', pitch: 65 }
const LEARNER_IN_RUSSIAN: EspeakVoice = { name: 'ru+m7', pitch: 65 }

/** Sentences with mistakes that Russian and Ukrainian speakers make: a case after a preposition, a gender. */
const SENTENCES = [
  { file: '1-shop.ogg', text: 'Včera jsem šel do obchod a koupil jsem chleba.', language: 'cs' },
  { file: '2-prague.ogg', text: 'Já bydlím v Praha už dva roky.', language: 'cs' },
  { file: '3-food.ogg', text: 'Mám rád česká jídlo, nejvíc svíčkovou.', language: 'cs' },
  { file: 'russian.ogg', text: 'Привет! Сегодня хорошая погода, пойдём гулять?', language: 'ru' },
]

const list: Recording[] = []

async function record(file: string, text: string, languages: string[], samples: Int16Array) {
  const { ogg, durationSeconds } = await encodeVoiceNote(samples)
  await writeFile(new URL(file, RECORDINGS_FOLDER), ogg)
  list.push({ file, text, languages, durationSeconds: Math.round(durationSeconds * 1000) / 1000 })
  console.log(`${file}: ${durationSeconds.toFixed(1)} s, ${ogg.length} bytes`)
}

await mkdir(RECORDINGS_FOLDER, { recursive: true })
for (const { file, text, language } of SENTENCES) {
  const voice = language === 'cs' ? LEARNER : LEARNER_IN_RUSSIAN
  const { samples } = await synthesise(text, voice, 0.9)
  await record(file, text, [language], samples)
}
await record('silence.ogg', '', [], new Int16Array(SPEECH_RATE * 1.5))
const json = JSON.stringify(list, null, 2)
await writeFile(new URL('recordings.json', RECORDINGS_FOLDER), `${json}\n`)
