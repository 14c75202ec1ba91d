import { gzipSync } from 'node:zlib'
import type { EndlessAnswer } from './endless-neighbour.ts'

type Row = {
  name: string
  /** The neighbour that answers, and so the request that has to be made of it. */
  from: 'openai' | 'rest-speech' | 'telegram'
  endless: EndlessAnswer
  /** What remains of the lesson or the message. */
  remains: 'everything' | 'no voice'
}

const json = { 'content-type': 'application/json' }
const events = { 'content-type': 'text/event-stream' }
const LETTERS = 'a'.repeat(64 * 1024)
const chunk = JSON.stringify({
  choices: [{ index: 0, delta: { content: 'a'.repeat(1_000) }, finish_reason: null }],
})
const sound = JSON.stringify({
  type: 'response.output_audio.delta',
  delta: Buffer.alloc(96_000).toString('base64'),
})

/** What a neighbour may answer without end, or in hundreds of megabytes. */
export const ENDLESS_ANSWERS: readonly Row[] = [
  {
    name: 'a transcription',
    from: 'openai',
    endless: { path: /transcriptions$/, headers: json, start: '{"text":"', piece: LETTERS },
    remains: 'everything',
  },
  {
    name: 'a transcription, compressed to a thousandth',
    from: 'openai',
    endless: {
      path: /transcriptions$/,
      headers: { ...json, 'content-encoding': 'gzip' },
      start: '',
      piece: gzipSync(Buffer.alloc(50_000_000, 0x20)),
    },
    remains: 'everything',
  },
  {
    name: 'a completion',
    from: 'openai',
    endless: { path: /completions$/, headers: events, start: '', piece: `data: ${chunk}\n\n` },
    remains: 'everything',
  },
  {
    name: 'one line of a completion',
    from: 'openai',
    endless: { path: /completions$/, headers: events, start: 'data: {"', piece: LETTERS },
    remains: 'everything',
  },
  {
    name: 'speech over the socket',
    from: 'openai',
    endless: { path: /realtime/, headers: {}, start: '', piece: sound, isSocket: true },
    remains: 'no voice',
  },
  {
    name: 'speech',
    from: 'rest-speech',
    endless: {
      path: /speech$/,
      headers: { 'content-type': 'audio/ogg' },
      start: 'OggS',
      piece: Buffer.alloc(64 * 1024),
    },
    remains: 'everything',
  },
  {
    name: 'a sent message',
    from: 'telegram',
    endless: {
      path: /sendMessage$/,
      headers: json,
      start: '{"ok":true,"result":"',
      piece: LETTERS,
    },
    remains: 'everything',
  },
]
