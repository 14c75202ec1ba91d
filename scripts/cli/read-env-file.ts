import { withEnvFile } from './env-file.ts'

/**
 * Reads `.env` into the environment of this process and says so, on stderr. The npm scripts load it before a
 * command of the operator: a command started without npm has just its own environment.
 */
const { env, readLine } = withEnvFile(process.env)
if (readLine !== undefined) {
  Object.assign(process.env, env)
  process.stderr.write(`${readLine}\n`)
}
