import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Compares in constant time; of hashes, whose lengths are equal and so tell nothing either. False where either
 * is missing.
 */
export function isSecret(
  candidate: string | null | undefined,
  secret: string | undefined,
): boolean {
  if (!candidate || !secret) return false
  return timingSafeEqual(sha256(candidate), sha256(secret))
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
