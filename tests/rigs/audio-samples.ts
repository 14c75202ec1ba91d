import {
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  Mp4OutputFormat,
  OGG,
  Output,
  type OutputFormat,
  WebMOutputFormat,
} from 'mediabunny'

/** Where each page of an Ogg begins. */
export function oggPages(ogg: Uint8Array): { at: number }[] {
  const view = Buffer.from(ogg)
  const pages = []
  for (let at = view.indexOf('OggS'); at !== -1; at = view.indexOf('OggS', at + 1))
    pages.push({ at })
  return pages
}

/** The packets of an Ogg/Opus as MediaRecorder would put them into webm; `pace` squeezes their time stamps. */
export async function webmOf(ogg: Uint8Array, pace = 1): Promise<Uint8Array> {
  const input = new Input({ source: new BufferSource(ogg), formats: [OGG] })
  const track = await input.getPrimaryAudioTrack()
  const decoderConfig = await track?.getDecoderConfig()
  if (!track || !decoderConfig) throw new Error('no Ogg')
  const packets: EncodedPacket[] = []
  for await (const { data, timestamp } of new EncodedPacketSink(track).packets())
    packets.push(new EncodedPacket(data, 'key', timestamp * pace, 0))
  return mux(new WebMOutputFormat({ appendOnly: true }), 'opus', packets, decoderConfig)
}

/** An M4A of AAC packets that no decoder takes, but any reader can count; by default AAC-LC, 48 kHz, mono. */
export async function m4aOf(
  seconds: number,
  { config: audioSpecificConfig = [0x11, 0x88], packet = 1024 / 48_000, rate = 48_000 } = {},
): Promise<Uint8Array> {
  const packets = Array.from(
    { length: Math.round(seconds / packet) },
    (_, at) => new EncodedPacket(new Uint8Array(100).fill(at), 'key', at * packet, packet),
  )
  const description = new Uint8Array(audioSpecificConfig)
  const config = { codec: 'mp4a.40.2', numberOfChannels: 1, sampleRate: rate, description }
  return mux(new Mp4OutputFormat(), 'aac', packets, config)
}

/** The same packets without a container, each behind an ADTS header, as Signal records. */
export function adtsOf(seconds: number): Uint8Array {
  const frame = Buffer.alloc(7 + 100)
  // MPEG-4, no checksum; AAC-LC, 48 kHz, mono; the length of the frame, then one block of any fullness.
  frame.set([0xff, 0xf1, 0x4c, 0x40 | (frame.length >> 11), (frame.length >> 3) & 0xff])
  frame.set([((frame.length & 7) << 5) | 0x1f, 0xfc], 5)
  return Buffer.concat(Array<Buffer>(Math.round((seconds * 48_000) / 1024)).fill(frame))
}

async function mux(
  format: OutputFormat,
  codec: 'opus' | 'aac',
  packets: EncodedPacket[],
  decoderConfig: object & { codec: string; numberOfChannels: number; sampleRate: number },
): Promise<Uint8Array> {
  const target = new BufferTarget()
  const output = new Output({ format, target })
  const source = new EncodedAudioPacketSource(codec)
  output.addAudioTrack(source)
  await output.start()
  for (const packet of packets) await source.add(packet, { decoderConfig })
  await output.finalize()
  return new Uint8Array(target.buffer ?? [])
}
