/** AAC's frame, at the rate of its core coder (ISO/IEC 14496-3). */
const FRAME_SAMPLES = 1_024

/** MPEG-4's sampling rates by index, in hertz. */
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
]
/** Object types of spectral band replication: the rate after it is the core's, the container's is twice that. */
const SBR_TYPES = new Set([5, 29])

/**
 * How long an AAC packet plays, in seconds: by the core's rate in the AudioSpecificConfig, where the container's
 * rate may be the doubled one of HE-AAC.
 */
export function aacPacketSeconds(config: Uint8Array | undefined, containerRate: number): number {
  return FRAME_SAMPLES / ((config && coreRateOf(config)) ?? containerRate)
}

function coreRateOf(config: Uint8Array): number | undefined {
  const [first = 0, second = 0] = config
  const isSbr = SBR_TYPES.has(first >> 3)
  return isSbr ? RATES[((first & 7) << 1) | (second >> 7)] : undefined
}
