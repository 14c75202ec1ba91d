import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { EncodedPacket, Input, InputAudioTrack } from 'mediabunny'
import { aacPacketSeconds } from './aac.ts'

export type Container = 'mp3' | 'm4a' | 'wav' | 'webm' | 'flac' | 'aac'

export type Content = {
  codec: string
  durationSeconds: number
  /** The same packets in an M4A, where recognisers do not take the container. */
  m4a?: Uint8Array
}

/** Nothing we take plays this long, so a file that does need not be counted to its end. */
export const COUNTED_SECONDS = 600
/** 600 s of the shortest packets there are, Opus' 2.5 ms: more are there to keep us busy. */
const MAX_PACKETS = 240_000
/** What a WAV may hold besides its sound: names, a cue list, a tag. */
const MAX_OTHER_BYTES = 65_536
/** Processor time: a minute's file takes 30 ms of it, and the library's import 200. */
const CPU_LIMIT_MS = 3_000
const CPU_CHECK_MS = 100
const MEMORY_LIMIT_MB = 128

/** What is spoken into each container by the devices we know. */
const CODECS: Readonly<Record<Container, RegExp>> = {
  mp3: /^mp3$/,
  m4a: /^(aac|opus)$/,
  wav: /^(pcm-.*|ulaw|alaw)$/,
  webm: /^opus$/,
  flac: /^flac$/,
  aac: /^aac$/,
}

/**
 * Reads what an audio container holds and how long that plays; undefined where it is damaged.
 *
 * In a worker thread with limits: mediabunny 1.61 loops for ever, without giving the event loop
 * back, on some damaged webm and m4a files (found by changing a few bytes of good ones). The limit is one of
 * processor time: where many files are read at once, a good one takes seconds by the clock.
 */
export async function readContainer(
  bytes: Uint8Array,
  container: Container,
): Promise<Content | undefined> {
  const task: Task = { task: 'read-container', bytes, container }
  const worker = new Worker(new URL(import.meta.url), {
    workerData: task,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
  })
  const watch = setInterval(() => void endIfOverdue(worker), CPU_CHECK_MS)
  try {
    const [content]: (Content | undefined)[] = await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => []),
    ])
    return content
  } catch {
    // Out of memory, or a reader that threw: both say that the file is damaged.
    return undefined
  } finally {
    clearInterval(watch)
    await worker.terminate()
  }
}

/** Ends a worker that has had more processor time than any good file takes. */
async function endIfOverdue(worker: Worker): Promise<void> {
  // A worker that has not begun yet, or has ended, has no usage to tell.
  const usage = await worker.cpuUsage().catch(() => undefined)
  if (usage !== undefined && (usage.user + usage.system) / 1_000 > CPU_LIMIT_MS)
    await worker.terminate()
}

type Task = { task: 'read-container'; bytes: Uint8Array; container: Container }

// This file is also what the worker runs.
if (workerData?.task === 'read-container') {
  const { bytes, container }: Task = workerData
  parentPort?.postMessage(await contentOf(bytes, container))
}

async function contentOf(bytes: Uint8Array, container: Container): Promise<Content | undefined> {
  const sound = await openSound(bytes, container)
  if (sound === undefined) return undefined
  const { codec, decoderConfig } = sound
  const count = await countPackets(sound, container === 'aac')
  if (count === undefined) return undefined
  const { durationSeconds, soundBytes, packets } = count
  if (durationSeconds >= COUNTED_SECONDS) return { codec, durationSeconds: COUNTED_SECONDS }
  // Other readers go on with a second chunk of sound, or past the length that the first one declares.
  if (container === 'wav' && bytes.length - soundBytes > MAX_OTHER_BYTES) return undefined
  if (durationSeconds === 0) return undefined
  const needsContainer = container === 'aac' && decoderConfig !== null
  return {
    codec,
    durationSeconds,
    ...(needsContainer ? { m4a: await m4aOf(packets, decoderConfig) } : {}),
  }
}

/** The one track of a file, with what is needed to count what it plays. */
type Sound = {
  track: InputAudioTrack
  codec: string
  decoderConfig: AudioDecoderConfig | null
  /** What one packet plays, where the codec is AAC. */
  aacSeconds: number | undefined
}

/** Opens the sound of a file; undefined where it is not one track of a known codec at a rate of speech. */
async function openSound(bytes: Uint8Array, container: Container): Promise<Sound | undefined> {
  const input = await openInput(bytes, container)
  const tracks = await input.getTracks()
  const [track] = await input.getAudioTracks()
  const codec = await track?.getCodec()
  if (tracks.length !== 1 || !track || !codec || !CODECS[container].test(codec)) return undefined
  const sampleRate = await track.getSampleRate()
  // What speech is recorded in; a header outside this makes any length out of any file.
  if (!(sampleRate >= 8_000 && sampleRate <= 192_000)) return undefined

  const decoderConfig = await track.getDecoderConfig()
  const description = decoderConfig?.description
  const aacSeconds = aacPacketSeconds(description && bytesOf(description), sampleRate)
  if (codec === 'aac' && aacSeconds === undefined) return undefined
  return { track, codec, decoderConfig, aacSeconds }
}

async function openInput(bytes: Uint8Array, container: Container): Promise<Input> {
  // Imported only where a file is read: the bundled thread begins with this file alone.
  const mediabunny = await import('mediabunny')
  const { BufferSource, Input, Logging, LogLevel } = mediabunny
  // It would print pieces of the file.
  Logging.level = LogLevel.Silent
  const { MP3, MP4, QTFF, WAVE, WEBM, FLAC, ADTS } = mediabunny
  const formats = {
    mp3: [MP3],
    // What QuickTime and iPhones write differs from MP4 in its brand.
    m4a: [MP4, QTFF],
    wav: [WAVE],
    webm: [WEBM],
    flac: [FLAC],
    aac: [ADTS],
  }
  return new Input({ source: new BufferSource(bytes), formats: formats[container] })
}

/** Counts the packets of a sound until COUNTED_SECONDS; undefined where there are too many of them. */
async function countPackets({ track, codec, aacSeconds }: Sound, keepsPackets: boolean) {
  const [{ EncodedPacketSink }, { opusPacketSeconds }] = await Promise.all([
    import('mediabunny'),
    import('./opus-packet.ts'),
  ])
  const packets: EncodedPacket[] = []
  let durationSeconds = 0
  let soundBytes = 0
  let count = 0
  for await (const packet of new EncodedPacketSink(track).packets()) {
    durationSeconds +=
      codec === 'opus' ? opusPacketSeconds(packet.data) : packetSeconds(packet, codec, aacSeconds)
    if (keepsPackets) packets.push(packet)
    soundBytes += packet.byteLength
    count += 1
    if (durationSeconds >= COUNTED_SECONDS) break
    if (count >= MAX_PACKETS) return undefined
  }
  return { durationSeconds, soundBytes, packets }
}

/** AAC that stands alone, as Signal records it, in an M4A: nothing is coded anew. */
async function m4aOf(
  packets: readonly EncodedPacket[],
  decoderConfig: AudioDecoderConfig,
): Promise<Uint8Array> {
  const { BufferTarget, EncodedAudioPacketSource, Mp4OutputFormat, Output } = await import(
    'mediabunny'
  )
  const target = new BufferTarget()
  const output = new Output({ format: new Mp4OutputFormat(), target })
  const source = new EncodedAudioPacketSource('aac')
  output.addAudioTrack(source)
  await output.start()
  for (const packet of packets) await source.add(packet, { decoderConfig })
  await output.finalize()
  return new Uint8Array(target.buffer ?? [])
}

function bytesOf(source: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}

/** What one packet of another codec plays; AAC's by the codec, since the container's time stamps could say anything. */
function packetSeconds(packet: EncodedPacket, codec: string, aacSeconds = 0): number {
  return codec === 'aac' ? aacSeconds : packet.duration
}
