import { expect, test } from 'vitest'
import { bytesOfSound, soundOfBytes } from '../../../lib/adapters/audio/sound-bytes.ts'

test('a sound is read from its bytes as it was written, also where a packet has a line’s end in it', () => {
  const packets = [Uint8Array.of(10, 0, 255), Uint8Array.of(), Uint8Array.of(123, 10)]
  const sound = { packets, preSkip: 312, endsAt: 4_200 }
  expect(soundOfBytes(bytesOfSound(sound))).toEqual(sound)
})
