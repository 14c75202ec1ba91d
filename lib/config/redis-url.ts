const SCHEME = /^rediss?:\/\//i
const DATABASE_PATH = /^\/?(\d+)?\/?$/

/** Says what is wrong with a Redis URL, to follow the name of its variable; undefined where nothing is. Shows none of it. */
export function redisUrlProblem(text: string): string | undefined {
  if (!SCHEME.test(text)) return 'must be a URL beginning with redis:// or rediss://'
  if (/[\p{C}\p{Z}]/u.test(text)) return 'has a space or an invisible character in it'
  if (!URL.canParse(text))
    return 'is no URL: look at its host, its port and the signs of its password'
  const { hostname, pathname, username, password } = new URL(text)
  if (hostname === '') return 'has no host'
  if (!DATABASE_PATH.test(pathname)) return 'names a database that is no number'
  // The client decodes both.
  if (![username, password].every((part) => /^([^%]|%[\da-f]{2})*$/i.test(part)))
    return 'has a % in its user name or password: write %25 for it'
  return undefined
}
