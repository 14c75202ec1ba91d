export type Recorder = {
  /** Ends the recording; the voice note as Telegram takes it: Ogg with Opus, one channel. */
  stop(): Promise<Blob>
}

/** What browsers record, best first: what is Opus need not be encoded again. */
const TYPES = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4']

/** Begins to record the microphone. Rejects where there is none, or the person refuses it. */
export async function startRecorder(): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
  })
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
  const media = new MediaRecorder(stream, {
    ...(mimeType !== undefined && { mimeType }),
    audioBitsPerSecond: 32_000,
  })
  const chunks: Blob[] = []
  media.addEventListener('dataavailable', ({ data }) => chunks.push(data))
  media.start()

  return {
    async stop() {
      const isOver = Promise.withResolvers<void>()
      media.addEventListener('stop', () => isOver.resolve())
      media.stop()
      for (const track of stream.getTracks()) track.stop()
      await isOver.promise
      // Loaded with the first recording: it is the largest part of the page.
      const { oggOf } = await import('./ogg.ts')
      return oggOf(new Blob(chunks, { type: media.mimeType }))
    },
  }
}
