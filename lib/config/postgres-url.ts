import { accessSync, constants } from 'node:fs'

const SCHEME = /^postgres(ql)?:\/\//i
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']
const SSL_FILES = ['sslrootcert', 'sslcert', 'sslkey']
const MAX_PORT = 65_535

/** Where a connection string stands after its scheme; `authority` is what comes before the first of `/?#`. */
type Parts = { authority: string; path: string; query: string; hash: string }

/**
 * Says what is wrong with a PostgreSQL connection string, to follow the name of its variable; undefined where
 * nothing is. Shows none of it, except the character that is in the wrong place.
 */
export function postgresUrlProblem(text: string): string | undefined {
  if (/^psql\b|^["'`“”‘’]|["'`“”‘’]$/.test(text)) {
    return 'must be the connection string alone: without psql, without quotation marks'
  }
  if (!SCHEME.test(text)) {
    return 'must be a connection string beginning with postgres:// or postgresql://'
  }
  if (/[\p{C}\p{Z}]/u.test(text)) return 'has a space or an invisible character in it'

  const parts = partsOf(text.replace(SCHEME, ''))
  return unescapedProblem(parts) ?? hostProblem(parts) ?? queryProblem(parts) ?? restProblem(text)
}

/**
 * Gives a connection string a host where it leaves it out to name a socket in its query, as Cloud SQL's do: `URL`
 * takes none with a password and no host, and the query's `host` goes before it.
 */
export function withHost(text: string): string {
  const { authority } = partsOf(text.replace(SCHEME, ''))
  return authority.endsWith('@') ? text.replace(`${authority}`, `${authority}localhost`) : text
}

function partsOf(afterScheme: string): Parts {
  const [, authority = '', path = '', query = '', hash = ''] =
    /^([^/?#]*)([^?#]*)(\??[^#]*)(#?.*)$/s.exec(afterScheme) ?? []
  return { authority, path, query, hash }
}

/** A password's `/`, `?` or `#` ends the authority too early, and the `@` that should have ended it comes later. */
function unescapedProblem({ authority, path, query, hash }: Parts): string | undefined {
  const isQueryCut = !authority.includes('@') && /^\?[^=]*@/.test(query)
  if (!path.includes('@') && !hash.includes('@') && !isQueryCut) return undefined
  const sign = path[0] ?? query[0] ?? hash[0] ?? ''
  return `has an unescaped ${sign} in its user name or password: write ${encodeURIComponent(sign)} for it`
}

function hostProblem({ authority, query }: Parts): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (host.includes(',')) return 'names several hosts, and we connect to one: name one'
  const port = /:([^:\]]*)$/.exec(host)?.[1]
  const isPort = port === undefined || (/^\d*$/.test(port) && Number(port) <= MAX_PORT)
  if (!isPort) return `has a port that is no number up to ${MAX_PORT}`
  const hasSocket = new URLSearchParams(query).has('host')
  return authority.endsWith('@') && !hasSocket
    ? 'has no host after its user name and password'
    : undefined
}

function queryProblem({ query }: Parts): string | undefined {
  const parameters = new URLSearchParams(query)
  const mode = parameters.get('sslmode')
  if (mode !== null && !SSL_MODES.includes(mode)) {
    return `has an sslmode that is none of ${SSL_MODES.join(', ')}`
  }
  const unreadableFile = SSL_FILES.find((name) => {
    const path = parameters.get(name)
    return path !== null && path !== '' && !isReadable(path)
  })
  return unreadableFile && `names a file as its ${unreadableFile} that cannot be read here`
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    // A file that cannot be read, for any reason, keeps the connection from being made.
    return false
  }
}

function restProblem(text: string): string | undefined {
  const withHostText = withHost(text)
  if (!URL.canParse(withHostText)) return 'is no URL: look at its host and its port'
  const { username, password, pathname } = new URL(withHostText)
  // The driver escapes a sign that begins no escape; one that escapes half a letter it cannot read.
  const isHalfEscaped = [username, password, pathname].some(
    (part) => !/%(?![\da-f]{2})/i.test(part) && !isDecodable(part),
  )
  return isHalfEscaped ? 'has escapes (%XX) that are no text: write %25 for a % itself' : undefined
}

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    // That it throws is the answer.
    return false
  }
}
