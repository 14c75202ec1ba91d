import { readFile, stat } from 'node:fs/promises'
import type { Download } from '../../app/telegram.ts'

/** The form of all paths that a Bot API server gives the files it has downloaded; the folder before it is its own. */
const LOCAL_PATH = /^(?!.*(?:\.\.|\/\/))\/[\w./:~-]+\/(?<below>[a-z_]+\/file_\d+(?:\.\w{1,8})?)$/

/**
 * Tells a path on the disk of a Bot API server that runs with `--local`, whose getFile names no other; returns the
 * part below the bot's folder, by which something beside it may serve the file. Undefined for every other path.
 */
export function pathBelowBot(path: string): string | undefined {
  return LOCAL_PATH.exec(path)?.groups?.below
}

/** Reads a file of such a path where this machine has it; undefined where it has not. */
export async function readLocalFile(path: string, maxBytes: number): Promise<Download | undefined> {
  try {
    const { size } = await stat(path)
    if (size > maxBytes) return { kind: 'voice-too-big' }
    return { kind: 'downloaded', bytes: new Uint8Array(await readFile(path)) }
  } catch (error) {
    // It lies on another machine, or in a folder that is not ours: it may be served all the same.
    if (!isAbsent(error)) throw error
    return undefined
  }
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^E(NOENT|ACCES|PERM|NOTDIR)$/.test(String(error.code))
  )
}
