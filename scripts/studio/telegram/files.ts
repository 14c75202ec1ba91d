import { createHash } from 'node:crypto'
import type { FileObject } from './objects.ts'

export type FileKind = 'voice' | 'audio' | 'document' | 'photo' | 'sticker'

/** A file that Telegram holds. `object` describes it in messages, with its declared size. */
export type StoredFile = {
  kind: FileKind
  path: string
  bytes: Uint8Array
  object: FileObject
}

export type Files = ReturnType<typeof createFiles>

const FOLDERS: Record<FileKind, string> = {
  voice: 'voice',
  audio: 'music',
  document: 'documents',
  photo: 'photos',
  sticker: 'stickers',
}

/** The magic bytes by which Telegram recognises a format. */
const SIGNATURES: { mimeType: string; at: number; bytes: string; extension: string }[] = [
  { mimeType: 'audio/ogg', at: 0, bytes: 'OggS', extension: 'oga' },
  { mimeType: 'audio/mpeg', at: 0, bytes: 'ID3', extension: 'mp3' },
  { mimeType: 'audio/mpeg', at: 0, bytes: '\xff\xfb', extension: 'mp3' },
  { mimeType: 'audio/mpeg', at: 0, bytes: '\xff\xf3', extension: 'mp3' },
  { mimeType: 'audio/mpeg', at: 0, bytes: '\xff\xf2', extension: 'mp3' },
  { mimeType: 'audio/mp4', at: 4, bytes: 'ftyp', extension: 'm4a' },
  { mimeType: 'audio/wav', at: 0, bytes: 'RIFF', extension: 'wav' },
  { mimeType: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff', extension: 'jpg' },
  { mimeType: 'image/png', at: 0, bytes: '\x89PNG', extension: 'png' },
  { mimeType: 'image/gif', at: 0, bytes: 'GIF8', extension: 'gif' },
]

/** The format that the first bytes show; undefined for an unknown one. */
export function sniff(bytes: Uint8Array): { mimeType: string; extension: string } | undefined {
  return SIGNATURES.find(
    ({ at, bytes: magic }) =>
      Buffer.from(bytes.subarray(at, at + magic.length)).toString('latin1') === magic,
  )
}

/** Holds files in memory, equal bytes only once: ten thousand copies of one voice note cost as much as one. */
export function createFiles() {
  const byId = new Map<string, StoredFile>()
  const byPath = new Map<string, StoredFile>()
  const contents = new Map<string, Uint8Array>()

  function intern(bytes: Uint8Array): { bytes: Uint8Array; hash: string } {
    const hash = createHash('sha256').update(bytes).digest('hex')
    const firstCopy = contents.get(hash) ?? bytes
    contents.set(hash, firstCopy)
    return { bytes: firstCopy, hash }
  }

  return {
    /** The first copy of equal bytes, for the caller to hold in place of its own. */
    keep: (bytes: Uint8Array): Uint8Array => intern(bytes).bytes,

    /** Stores a file under a new id and path. */
    add(kind: FileKind, bytes: Uint8Array, details: Partial<FileObject> = {}): StoredFile {
      const content = intern(bytes)
      const number = byId.size + 1
      const extension = sniff(bytes)?.extension ?? 'bin'
      const file: StoredFile = {
        kind,
        path: `${FOLDERS[kind]}/file_${number}.${extension}`,
        bytes: content.bytes,
        object: {
          file_id: `stand-in-${kind}-${number}`,
          file_unique_id: content.hash.slice(0, 16),
          file_size: bytes.length,
          ...details,
        },
      }
      byId.set(file.object.file_id, file)
      byPath.set(file.path, file)
      return file
    },

    find: (fileId: string): StoredFile | undefined => byId.get(fileId),
    findByPath: (path: string): StoredFile | undefined => byPath.get(path),
  }
}
