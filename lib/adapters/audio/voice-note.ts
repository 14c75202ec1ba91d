import { encodeSound, OPUS_CLOCK, type OpusRate, type OpusSound } from './opus-encoder.ts'
import { opusPacketSeconds } from './opus-packet.ts'

/** Voice notes as Telegram plays them: one Opus stream in Ogg (RFC 6716, 3533, 7845). */

export type VoiceNote = { ogg: Uint8Array; durationSeconds: number }

export type VoiceNoteWriter = {
  /** Puts sound behind what is there already. */
  add(sound: OpusSound): Promise<void>
  finish(): Promise<VoiceNote>
}

/** Encodes PCM16 mono into one Ogg stream that plays exactly as long as the PCM. */
export async function encodeVoiceNote(
  pcm: Int16Array | Uint8Array,
  sampleRate: OpusRate = 24_000,
): Promise<VoiceNote> {
  const writer = await openVoiceNote()
  await writer.add(await encodeSound(pcm, sampleRate))
  return writer.finish()
}

/**
 * Opens a voice note that is put together of one or more sounds, as one stream; `onPages` gets its bytes as
 * they are written, in order.
 *
 * Between two sounds, the filling of one and the run-up of the next stay: some 20 ms of silence, in which the
 * codec adapts to the new sound.
 */
export async function openVoiceNote(
  onPages: (ogg: Uint8Array) => void = () => {},
): Promise<VoiceNoteWriter> {
  const stream = await openStream(onPages)
  let position = 0
  let preSkip: number | undefined
  /** Written only when its successor is known, because the very last packet is cut where the sound ends. */
  let last: PlacedPacket | undefined

  return {
    async add(sound) {
      // Only the first run-up is skipped by players: of the others there is as little as can be.
      const begin = preSkip === undefined ? 0 : sound.preSkip
      preSkip ??= sound.preSkip
      let at = 0
      for (const packet of sound.packets) {
        const length = Math.round(opusPacketSeconds(packet) * OPUS_CLOCK)
        const isHeard = at + length > begin && at < sound.endsAt
        if (isHeard) {
          if (last !== undefined) await stream.write({ ...last, end: last.uncutEnd }, preSkip)
          const end = position + Math.min(length, sound.endsAt - at)
          last = { packet, begin: position, end, uncutEnd: position + length }
          position += length
        }
        at += length
      }
    },
    async finish() {
      if (last === undefined) throw new Error('A voice note needs sound.')
      await stream.write(last, preSkip)
      const ogg = await stream.finish()
      return { ogg, durationSeconds: (last.end - (preSkip ?? 0)) / OPUS_CLOCK }
    },
  }
}

/** Opens an Ogg stream of packets whose places are known. */
async function openStream(onPages: (ogg: Uint8Array) => void) {
  const { EncodedAudioPacketSource, EncodedPacket, NullTarget, OggOutputFormat, Output } =
    await import('mediabunny')
  const pages: Uint8Array[] = []
  const format = new OggOutputFormat({
    onPage(bytes) {
      // The muxer uses its memory again.
      const page = bytes.slice()
      pages.push(page)
      onPages(page)
    },
  })
  const output = new Output({ format, target: new NullTarget() })
  const source = new EncodedAudioPacketSource('opus')
  output.addAudioTrack(source)
  await output.start()

  return {
    async write({ packet, begin, end }: PlacedPacket, preSkip = 0): Promise<void> {
      const seconds = [begin / OPUS_CLOCK, (end - begin) / OPUS_CLOCK] as const
      const decoderConfig = decoderConfigOf(preSkip)
      await source.add(new EncodedPacket(packet, 'key', ...seconds), { decoderConfig })
    },
    async finish(): Promise<Uint8Array> {
      await output.finalize()
      return new Uint8Array(Buffer.concat(pages))
    },
  }
}

/** A packet at its place in the note, in ticks of the Opus clock. */
type PlacedPacket = { packet: Uint8Array; begin: number; end: number; uncutEnd: number }

function decoderConfigOf(preSkip: number) {
  return {
    codec: 'opus',
    numberOfChannels: 1,
    sampleRate: OPUS_CLOCK,
    description: opusHead(preSkip),
  }
}

/** The identification header of RFC 7845, 5.1: version 1, mono, no gain, channel mapping family 0. */
function opusHead(preSkip: number): Uint8Array {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(1, 9)
  head.writeUInt16LE(preSkip, 10)
  head.writeUInt32LE(OPUS_CLOCK, 12)
  return head
}
