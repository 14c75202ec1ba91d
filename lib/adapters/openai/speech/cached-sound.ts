import type { Cache, CachedRequest } from '../../../app/cache.ts'
import type { PaidWork } from '../../../app/usage.ts'
import type { OpusSound } from '../../audio/opus-encoder.ts'
import { bytesOfSound, soundOfBytes } from '../../audio/sound-bytes.ts'

/** The sound that has come of such a request before, where it is cached. */
export async function findSound(
  cache: Cache,
  request: CachedRequest,
  { measures }: Pick<PaidWork, 'measures'>,
): Promise<OpusSound | undefined> {
  const bytes = await cache.find('speech', request, measures)
  return bytes && soundOfBytes(bytes)
}

/** Caches a sound for the next request of its kind. */
export function storeSound(cache: Cache, request: CachedRequest, sound: OpusSound): void {
  cache.store('speech', request, bytesOfSound(sound))
}
