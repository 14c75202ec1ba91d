import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import type { CachedRequest } from './cache.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const NAME_DIGITS = 32
/** Another form of what is stored is another version: no entry is ever read as something that it is not. */
const VERSION = 1

/** Under which name an entry is stored, and the key that opens it. */
export type EntryKeys = { name: string; secret: Uint8Array }

/**
 * Derives both from the request itself: the entry of a sentence names no sentence, and is opened only by one who has it.
 * So it is as good as gone with the last copy of the sentence.
 */
export function entryKeys(kind: string, request: CachedRequest): EntryKeys {
  const origin = createHash('sha256')
    .update(JSON.stringify([VERSION, kind, ...request]))
    .digest()
  const deriveKey = (use: string) => createHmac('sha256', origin).update(use).digest()
  return {
    name: deriveKey('name').toString('hex').slice(0, NAME_DIGITS),
    secret: deriveKey('secret'),
  }
}

/** Encrypts an entry, so that any change to it is noticed (AES-256-GCM). */
export function seal(bytes: Uint8Array, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, secret, nonce)
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext])
}

/** Decrypts an entry. Throws where it is not, byte for byte, what was sealed with this secret. */
export function unseal(entry: Uint8Array, secret: Uint8Array): Uint8Array {
  const tagAt = NONCE_BYTES + TAG_BYTES
  const decipher = createDecipheriv(CIPHER, secret, entry.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAuthTag(entry.subarray(NONCE_BYTES, tagAt))
  return Buffer.concat([decipher.update(entry.subarray(tagAt)), decipher.final()])
}
