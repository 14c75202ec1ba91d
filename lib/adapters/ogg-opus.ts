/** Voice notes as Telegram plays them: one Opus stream in Ogg (RFC 6716, 3533, 7845). */

/** Sample rates that Opus takes as they are; it counts at 48 kHz inside. */
export type OpusRate = 8_000 | 12_000 | 16_000 | 24_000 | 48_000

export type VoiceNote = { ogg: Uint8Array; durationSeconds: number }

export type VoiceNoteWriter = {
  /** Encodes PCM16, mono, little-endian, in pieces of any length: a sample may be split between two. */
  write(pcm: Uint8Array): void
  finish(): Promise<VoiceNote>
  /** Gives the codec's memory back; must be called, finished or not. */
  free(): void
}

const BITS_PER_SECOND = 32_000
const FRAMES_PER_SECOND = 50
/** Opus' own clock, whatever the input: granule positions and pre-skip count in it. */
const OPUS_CLOCK = 48_000
const CLOCK_PER_FRAME = OPUS_CLOCK / FRAMES_PER_SECOND
/** Of 10: sounds the same for one voice at this rate, and takes half the time of 10 (290 ms for 10 s of speech). */
const COMPLEXITY = 5

/** Encodes PCM16 mono into one Ogg stream that plays exactly as long as the PCM. */
export async function encodeVoiceNote(
  pcm: Int16Array | Uint8Array,
  sampleRate: OpusRate = 24_000,
): Promise<VoiceNote> {
  const writer = await openVoiceNote(sampleRate)
  try {
    writer.write(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength))
    return await writer.finish()
  } finally {
    writer.free()
  }
}

/** Loads what encoding needs (some 200 ms cold), for a moment in which something else is waited for. */
export async function loadCodec(): Promise<void> {
  const [{ loadLibopus }] = await Promise.all([import('libopus-wasm'), import('mediabunny')])
  await loadLibopus()
}

/** Opens a voice note that encodes while its PCM still arrives. */
export async function openVoiceNote(sampleRate: OpusRate = 24_000): Promise<VoiceNoteWriter> {
  const { Application, createEncoder, Signal } = await import('libopus-wasm')
  const frameSize = sampleRate / FRAMES_PER_SECOND
  const encoder = await createEncoder({
    sampleRate,
    channels: 1,
    frameSize,
    bitrate: BITS_PER_SECOND,
    complexity: COMPLEXITY,
    application: Application.Voip,
    signal: Signal.Voice,
  })
  const lookahead = encoder.getLookahead()
  const frame = new Uint8Array(frameSize * 2)
  const packets: Uint8Array[] = []
  let bytesTaken = 0
  let filled = 0
  let freed = false

  function encodeFrame() {
    packets.push(encoder.encode(frame))
    filled = 0
  }

  return {
    write(pcm) {
      bytesTaken += pcm.length
      for (let at = 0; at < pcm.length; ) {
        const piece = pcm.subarray(at, at + frame.length - filled)
        frame.set(piece, filled)
        filled += piece.length
        at += piece.length
        if (filled === frame.length) encodeFrame()
      }
    },
    async finish() {
      const samples = bytesTaken >> 1
      // The decoder drops the lookahead at the start, so as much silence must follow the last sample.
      while (packets.length * frameSize < samples + lookahead) {
        frame.fill(0, filled - (filled % 2))
        encodeFrame()
      }
      const clockPerSample = OPUS_CLOCK / sampleRate
      const preSkip = lookahead * clockPerSample
      const endsAt = preSkip + samples * clockPerSample
      const ogg = await wrap(packets, { preSkip, endsAt, sampleRate })
      return { ogg, durationSeconds: samples / sampleRate }
    },
    free() {
      if (!freed) encoder.free()
      freed = true
    },
  }
}

/** Puts packets of 20 ms into Ogg pages; `endsAt` trims what the last one has too much. */
async function wrap(
  packets: Uint8Array[],
  stream: { preSkip: number; endsAt: number; sampleRate: number },
): Promise<Uint8Array> {
  const { BufferTarget, EncodedAudioPacketSource, EncodedPacket, OggOutputFormat, Output } =
    await import('mediabunny')
  const target = new BufferTarget()
  const output = new Output({ format: new OggOutputFormat(), target })
  const source = new EncodedAudioPacketSource('opus')
  output.addAudioTrack(source)
  await output.start()

  const decoderConfig = {
    codec: 'opus',
    numberOfChannels: 1,
    sampleRate: OPUS_CLOCK,
    description: opusHead(stream.preSkip, stream.sampleRate),
  }
  for (const [index, data] of packets.entries()) {
    const start = index * CLOCK_PER_FRAME
    const end = Math.min(start + CLOCK_PER_FRAME, stream.endsAt)
    const packet = new EncodedPacket(data, 'key', start / OPUS_CLOCK, (end - start) / OPUS_CLOCK)
    await source.add(packet, { decoderConfig })
  }
  await output.finalize()
  if (target.buffer === null) throw new Error('The Ogg container came out empty')
  return new Uint8Array(target.buffer)
}

/** The identification header of RFC 7845, 5.1: version 1, mono, no gain, channel mapping family 0. */
function opusHead(preSkip: number, inputSampleRate: number): Uint8Array {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(1, 9)
  head.writeUInt16LE(preSkip, 10)
  head.writeUInt32LE(inputSampleRate, 12)
  return head
}
