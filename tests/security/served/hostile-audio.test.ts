import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MAX_AUDIO_BYTES } from '../../../lib/http/lesson/request.ts'
import { bearer, silentWav } from '../../support/lesson-requests.ts'
import { recording } from '../../support/product.ts'
import { type Served, serveFunctions } from '../served.ts'

let server: Served
let apiKey: string
beforeAll(async () => {
  server = await serveFunctions({ FREE_VOICE_PER_DAY: '100' })
  apiKey = await server.newApiKey()
})
afterAll(() => server.close())

const ascii = (text: string) => new TextEncoder().encode(text)
const repeat = (text: string, length: number) => ascii(text.repeat(length)).slice(0, length)

/** A recording with other bytes at a place. */
function withBytesAt(at: number, ...bytes: number[]): Uint8Array<ArrayBuffer> {
  const audio = recording('1-shop')
  audio.set(bytes, at)
  return audio
}

/** Silence of some length whose header says that it is of another. */
function wavThatSays(bytes: number, seconds = 1): Uint8Array<ArrayBuffer> {
  const wav = silentWav(seconds)
  new DataView(wav.buffer).setUint32(40, bytes, true)
  return wav
}

/** A second of silence, and behind it more in a chunk of its own. */
function wavOfTwo(seconds: number): Uint8Array<ArrayBuffer> {
  const [firstWav, secondWav] = [silentWav(1), silentWav(seconds)]
  const bytes = new Uint8Array([...firstWav, ...secondWav.subarray(36)])
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true)
  return bytes
}

/** What may come in place of a recording, and how it is refused; fuzzing has more. */
const FILES: readonly [string, Uint8Array<ArrayBuffer>, number][] = [
  ['nothing', new Uint8Array(), 415],
  ['a text', ascii('Dobrý den'), 415],
  ['a web page', ascii('<!doctype html><script>fetch("/")</script>'), 415],
  ['a program', repeat('\x7fELF', 5_000), 415],
  ['an archive', repeat('PK\x03\x04', 5_000), 415],
  ['zeros', new Uint8Array(100_000), 415],
  ['Ogg in name only', repeat('OggS', 10_000), 415],
  ['an Ogg cut off in its header', recording('1-shop').slice(0, 60), 415],
  ['an Ogg that is no Opus', withBytesAt(28, ...ascii('Vorbis!!')), 415],
  ['an MP3 in name only', repeat('ID3\x04', 5_000), 415],
  ['frames of MP3 that are none', repeat('\xff\xfb\x90', 9_000), 415],
  ['a video', repeat('\x1a\x45\xdf\xa3webm', 5_000), 415],
  ['an M4A of boxes in boxes', repeat('\x00\x00\x00\x20ftypM4A ', 5_000), 415],
  ['a minute and more', silentWav(62), 400],
  ['minutes that say they are a second', wavThatSays(8_000, 400), 415],
  ['minutes behind a second', wavOfTwo(400), 415],
  ['a byte more than is taken', new Uint8Array(MAX_AUDIO_BYTES + 1), 413],
  ['twice as much as is taken', new Uint8Array(2 * MAX_AUDIO_BYTES), 413],
]

function send(file: File): Promise<Response> {
  const form = new FormData()
  form.set('user_id', 'olena')
  form.set('include_audio', 'false')
  form.set('audio', file)
  const url = 'https://bot.example/api/v1/lessons/process'
  return server.ask(new Request(url, { method: 'POST', headers: bearer(apiKey), body: form }))
}

describe('in place of a recording', () => {
  test.each(FILES)(
    '%s in place of a recording is refused; nothing is stored or paid for',
    async (_, bytes, status) => {
      const jobsBefore = await server.storedJobs()
      const response = await send(new File([bytes], 'voice.ogg', { type: 'audio/ogg' }))
      expect(response.status).toBe(status)
      expect(await server.storedJobs()).toBe(jobsBefore)
      expect(server.openai.requests).toEqual([])
    },
  )
})

test.each([
  ['../../etc/passwd', 'audio/ogg'],
  ['voice.html', 'text/html'],
  ['x"; filename="y\r\nX-Evil: 1', 'audio/ogg; charset="x'],
  ['💥'.repeat(50), 'nothing/at-all'],
])(
  'the provider gets our own name and type of a file, not the client’s: %j',
  async (name, type) => {
    const response = await send(new File([recording('1-shop')], name, { type }))
    expect(response.status).toBe(200)
    const transcription = server.openai.requests.findLast(({ stage }) => stage === 'transcribe')
    expect(transcription?.fields).toMatchObject({ fileName: 'voice.ogg', mimeType: 'audio/ogg' })
  },
)
