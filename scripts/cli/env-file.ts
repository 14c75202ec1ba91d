import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment with what the `.env` of the working folder adds to it; a variable that is set wins.
 * `readLine` names the variables added, never their values; undefined where there is no such file.
 */
export function withEnvFile(env: Environment): { env: Environment; readLine?: string } {
  if (!existsSync('.env')) return { env }
  const file = parseEnv(readFileSync('.env', 'utf8'))
  const names = Object.keys(file).filter((name) => env[name] === undefined && file[name] !== '')
  return {
    env: { ...file, ...env },
    readLine: `.env: ${names.sort().join(', ') || 'nothing that was not set already'}`,
  }
}
