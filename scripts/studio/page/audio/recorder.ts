import type { OggAnswer } from './ogg-worker.ts'

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
  // Loads while the person speaks: it is the largest part of the page.
  const worker = new Worker(new URL('./ogg-worker.ts', import.meta.url), { type: 'module' })
  media.addEventListener('dataavailable', ({ data }) => chunks.push(data))
  media.start()

  return {
    async stop() {
      const isOver = Promise.withResolvers<void>()
      media.addEventListener('stop', () => isOver.resolve())
      media.stop()
      for (const track of stream.getTracks()) track.stop()
      await isOver.promise
      return oggFrom(worker, new Blob(chunks, { type: media.mimeType })).finally(() =>
        worker.terminate(),
      )
    },
  }
}

async function oggFrom(worker: Worker, recording: Blob): Promise<Blob> {
  const answered = Promise.withResolvers<OggAnswer>()
  worker.addEventListener('message', ({ data }: MessageEvent<OggAnswer>) => answered.resolve(data))
  worker.addEventListener('error', ({ message }) => answered.reject(new Error(message)))
  worker.postMessage(recording)
  const answer = await answered.promise
  if ('problem' in answer) throw new Error(answer.problem)
  return answer.ogg
}
