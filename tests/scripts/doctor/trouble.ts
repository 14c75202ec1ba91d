import type { CheckName } from '../../../scripts/doctor/check.ts'
import type { Served } from '../../security/served.ts'

export type Environment = Readonly<Record<string, string>>
/** A trouble of an operator's: how it comes about, what is read of it, and how it is mended again. */
export type Trouble = {
  name: string
  cause(scene: Scene): Promise<{ env?: Environment; mend?: () => unknown }>
  check: CheckName
  status: 'warn' | 'FAIL'
  found: RegExp
  fix: RegExp
}

export type Scene = { served: Served; env: Environment; databaseUrl: string }

/** A connection string that leads to another port. */
export function withPort(url: string, port: string): string {
  const other = new URL(url)
  other.port = port
  return other.href
}
