/** AAC's frame, at the rate of its core coder (ISO/IEC 14496-3). */
const FRAME_SAMPLES = 1_024

/** MPEG-4's sampling rates by index, in hertz. */
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
]
/** The index of a rate that stands behind it in 24 bits. */
const OWN_RATE = 15
/** Object types up to here are coders of frames of 1,024 samples or fewer; behind it stands the number of a later one. */
const ESCAPE = 31

/**
 * How long an AAC packet plays, in seconds, at most: by the core's rate in the AudioSpecificConfig, where the container's
 * rate may be the doubled one of HE-AAC. Undefined for xHE-AAC and other late coders, whose frames are longer.
 */
export function aacPacketSeconds(
  config: Uint8Array | undefined,
  containerRate: number,
): number | undefined {
  const [first = 0] = config ?? []
  if (first >> 3 === ESCAPE) return undefined
  return FRAME_SAMPLES / ((config && coreRateOf(config)) ?? containerRate)
}

/** The rate behind the object type is the core's, with spectral band replication and without. */
function coreRateOf(config: Uint8Array): number | undefined {
  const [first = 0, second = 0] = config
  const index = ((first & 7) << 1) | (second >> 7)
  if (index !== OWN_RATE) return RATES[index]
  if (config.length < 5) return undefined
  const rate = (Buffer.from(config).readUInt32BE(1) >> 7) & 0xff_ffff
  return rate > 0 ? rate : undefined
}
