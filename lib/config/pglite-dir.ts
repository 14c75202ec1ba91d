import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Reads PGLITE_DIR as people write it: a folder, one in the home folder (`~/x`), a `file:` URL; or `memory://`.
 * Undefined for anything else, such as an address of a server.
 */
export function readPgliteDir(text: string): string | undefined {
  if (text.includes('\0')) return undefined
  if (text.startsWith('memory://')) return text
  if (/^file:/i.test(text)) return fileFolder(text)
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return undefined
  if (text === '~' || text.startsWith('~/')) return join(homedir(), text.slice(1))
  // Another user's home is known to shells alone.
  return text.startsWith('~') ? undefined : text
}

function fileFolder(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url !== undefined && url.hostname === '' && !/%2f|%00/i.test(url.pathname)
  return isLocal && /^file:\/\/\//i.test(text) ? fileURLToPath(url) : undefined
}
