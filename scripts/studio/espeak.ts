import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import espeakNg from 'espeak-ng'
import { type Pcm, readWav, resample } from '../../lib/adapters/audio/pcm.ts'

/** A voice of espeak-ng: a language and, after a plus sign, a variant; pitch 0 to 99. */
export type EspeakVoice = { name: string; pitch: number }

/** At 24 kHz, which is what OpenAI's speech has and Opus takes. */
export const SPEECH_RATE = 24_000

export const WORDS_PER_MINUTE = 150
/** Enough for a demo and for a test file; more would only hold memory. */
const CACHED_TEXTS = 100

const cache = new Map<string, Promise<Pcm>>()

/** Speaks a text aloud by espeak-ng; the same text is synthesised once. */
export function synthesise(text: string, voice: EspeakVoice, speed = 1): Promise<Pcm> {
  const key = JSON.stringify([text, voice, speed])
  const speech = cache.get(key) ?? synthesiseAnew(text, voice, speed)
  cache.delete(key)
  cache.set(key, speech)
  const [oldestKey] = cache.keys()
  if (cache.size > CACHED_TEXTS && oldestKey !== undefined) cache.delete(oldestKey)
  return speech
}

let program: Promise<WebAssembly.Module> | undefined

/** espeak-ng and its voices, compiled once a process; by itself it reads and compiles its 18 MB for each text. */
function compiledProgram(): Promise<WebAssembly.Module> {
  program ??= readFile(
    createRequire(import.meta.url).resolve('espeak-ng/dist/espeak-ng.wasm'),
  ).then((bytes) => WebAssembly.compile(bytes))
  return program
}

async function synthesiseAnew(text: string, voice: EspeakVoice, speed: number): Promise<Pcm> {
  const complaints: string[] = []
  const compiled = await compiledProgram()
  const espeak = await espeakNg({
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(compiled, imports)
      receive(instance)
      return instance.exports
    },
    // The space in front keeps a text that begins with a dash from being read as an option.
    arguments: [
      ...['-w', 'speech.wav', '-v', voice.name, '-p', String(voice.pitch)],
      ...['-s', String(Math.round(WORDS_PER_MINUTE * speed)), ` ${text}`],
    ],
    print: () => {},
    printErr: (line) => complaints.push(line),
    // By default it sets our process' exit code to its own.
    quit: (_status, unwind) => {
      throw unwind
    },
  })
  const wav = await readWav(espeak.FS.readFile('speech.wav'))
  if (wav === undefined) throw new Error(`espeak-ng wrote no speech: ${complaints.join(' ')}`)
  return resample(wav, SPEECH_RATE)
}
