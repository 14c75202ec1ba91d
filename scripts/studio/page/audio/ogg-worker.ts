import { oggOf } from './ogg.ts'

/** What a worker answers to a recording: the voice note, or why there is none. */
export type OggAnswer = { ogg: Blob } | { problem: string }

// A thread of its own: decoding and encoding a recording would hold up the page.
addEventListener('message', async ({ data }: MessageEvent<Blob>) => {
  const answer: OggAnswer = await oggOf(data).then(
    (ogg) => ({ ogg }),
    (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
  )
  postMessage(answer)
})
