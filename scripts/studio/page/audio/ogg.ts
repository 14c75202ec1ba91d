import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  Conversion,
  Input,
  OggOutputFormat,
  Output,
} from 'mediabunny'

/**
 * Any recording of a browser as Ogg with Opus: Opus packets are taken over as they are, anything else is decoded and
 * encoded. Throws where the browser has no encoder.
 */
export async function oggOf(recording: Blob): Promise<Blob> {
  const input = new Input({ source: new BlobSource(recording), formats: ALL_FORMATS })
  const target = new BufferTarget()
  const output = new Output({ format: new OggOutputFormat(), target })
  const conversion = await Conversion.init({
    input,
    output,
    audio: { codec: 'opus', numberOfChannels: 1 },
  })
  if (!conversion.isValid) {
    throw new Error(`This browser cannot make Ogg with Opus of its ${recording.type}.`)
  }
  await conversion.execute()
  return new Blob([target.buffer ?? new ArrayBuffer(0)], { type: 'audio/ogg' })
}
