import { withEnvFile } from './env-file.ts'

/**
 * Reads `.env` into the environment of this process and says so, on stderr. The npm scripts load it before a
 * command of the operator: a command started without npm has just its own environment.
 */
try {
  const { env, readLine } = withEnvFile(process.env)
  if (readLine !== undefined) {
    Object.assign(process.env, env)
    process.stderr.write(`${readLine}\n`)
  }
} catch (error) {
  // A file that cannot be read would leave out what was meant: the command does not begin.
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
