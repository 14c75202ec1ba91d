export type Audio = {
  bytes: Uint8Array
  /** A file name whose ending tells the format: `voice.ogg`. */
  fileName: string
  mimeType: string
  durationSeconds: number
}

/** Reads from its bytes what audio is; undefined where it is damaged or of a format that we refuse. Never throws. */
export type InspectAudio = (bytes: Uint8Array) => Promise<Audio | undefined>
