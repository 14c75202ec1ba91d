/** Frame sizes in seconds of the codec's three modes, by which the first byte's configuration counts. */
const SILK = [0.01, 0.02, 0.04, 0.06]
const HYBRID = [0.01, 0.02]
const CELT = [0.0025, 0.005, 0.01, 0.02]

/** How long one Opus packet plays, by its table-of-contents byte (RFC 6716, 3.1 and 3.2). */
export function opusPacketSeconds(packet: Uint8Array): number {
  const [toc, frameCount = 0] = packet
  if (toc === undefined) return 0
  const configuration = toc >> 3
  const sizes = configuration < 12 ? SILK : configuration < 16 ? HYBRID : CELT
  const frames = [1, 2, 2, frameCount & 0x3f][toc & 3] ?? 0
  return frames * (sizes[configuration % sizes.length] ?? 0)
}
