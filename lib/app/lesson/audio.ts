export type Audio = {
  bytes: Uint8Array
  /** A file name whose ending tells the format: `voice.ogg`. */
  fileName: string
  mimeType: string
  durationSeconds: number
}

/** Tells what audio really is; undefined where it is none that we take, or damaged. Never throws. */
export type InspectAudio = (bytes: Uint8Array) => Promise<Audio | undefined>
